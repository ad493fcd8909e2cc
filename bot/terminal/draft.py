"""`hearthbot draft`: a post on paper, without publishing it."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.app import App, open_app
from bot.errors import UserError
from bot.setup import Setup, aside
from bot.store.materials import Material
from bot.terminal.run import fetch_missing
from bot.words import T
from content.drafting import Draft, DraftFailedError
from content.kinds import KINDS
from content.past import PastPosts

__all__ = ["draft_post"]

UNSAFE = re.compile(r"[^\w-]+")


async def draft_post(
    setup: Setup,
    kind: str,
    topic: str,
    material: Sequence[str] = (),
    *,
    out: Path | None,
    as_json: bool,
) -> None:
    """Write a draft and print it, or put it into a folder as markdown.

    `material` are paths of texts, the first line of each its headline, and addresses of
    feeds, of which the latest entries are taken. The bot's own store is left alone, so
    that this works while the bot runs.

    Raises:
        UserError: there is no such kind, or no draft could be finished.
        SourceError: the feeds have nothing.
        OSError: the folder cannot be written to, or a file not be read.
    """
    if kind not in KINDS:
        kinds = ", ".join(KINDS)
        raise UserError(
            T("There is no kind “{kind}”. There are: {kinds}.", kind=kind, kinds=kinds)
        )
    feeds = [one for one in material if one.startswith(("http://", "https://"))]
    paths = [Path(one) for one in material if one not in feeds]
    items = tuple([await asyncio.to_thread(_read, path) for path in paths])
    if out is not None:  # said before the work, not after it
        await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(fetch_missing, setup)
    with aside(setup) as passing:
        async with open_app(passing, ()) as app:
            if feeds:
                found = await app.content.sources.try_out(feeds, kind)
                topic, items = topic or found.text, (*items, *found.items)
            topic = topic or ", ".join(item.source for item in items)
            draft = await _draft(app, kind, topic, items)
    if out is not None:
        try:
            path = await asyncio.to_thread(_write, out, topic, draft.text)
        except OSError:
            setup.terminal.result(draft.text)  # what was written is not lost
            raise
        setup.terminal.note(T("The draft is in {path}.", path=path))
    if as_json:
        setup.terminal.json(_to_json(draft))
    elif out is None:
        setup.terminal.result(draft.text)


async def _draft(app: App, kind: str, topic: str, items: tuple[Material, ...]) -> Draft:
    bot = app.setup.config.bot
    try:
        return await app.content.writer.draft(
            kind,
            topic=topic,
            language=bot.language,
            persona=bot.persona,
            past=PastPosts(material=items),
        )
    except DraftFailedError as error:
        raise UserError(
            T("No draft was good enough: {reasons}", reasons=error.text)
        ) from error


def _read(path: Path) -> Material:
    """Return a text as material; its first line is the headline."""
    first, _, rest = path.read_text("utf-8", "replace").strip().partition("\n")
    return Material(first.lstrip("# ").strip(), text=rest.strip(), source=path.stem)


def _to_json(draft: Draft) -> dict[str, object]:
    """Return the draft with the texts for people in English."""
    score = [
        {"name": part.name, "value": part.value, "reason": str(part.reason or "")}
        for part in draft.score.parts
    ]
    attempts = [
        {"step": str(one.step), "fault": str(one.fault or "")} for one in draft.attempts
    ]
    return {**asdict(draft), "score": {"parts": score}, "attempts": attempts}


def _write(folder: Path, topic: str, text: str) -> Path:
    name = UNSAFE.sub("-", topic).strip("-").lower()[:60] or "draft"
    path = folder / f"{name}.md"
    path.write_text(text + "\n", encoding="utf-8")
    return path
