"""`hearthbot draft`: a post on paper, without publishing it."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.app import App, open_app
from bot.errors import UserError
from bot.messages import Attachment
from bot.setup import Setup, aside
from bot.store.materials import Material
from bot.store.posts import StoredPost
from bot.terminal.run import fetch_meaning, fetch_missing
from bot.words import T
from content.drafting import Draft, DraftFailedError
from content.kinds import KINDS
from content.past import PastPosts
from content.posts import PostStatus

__all__ = ["draft_post"]

UNSAFE = re.compile(r"[^\w-]+")
BRACKETS = str.maketrans("[]\n", "() ")


async def draft_post(
    setup: Setup,
    kind: str,
    topic: str,
    material: Sequence[str] = (),
    *,
    out: Path | None,
    as_json: bool,
) -> None:
    """Write a draft and print it, or put it into a folder with its picture.

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
    await asyncio.to_thread(fetch_meaning, setup)
    with aside(setup) as passing:
        async with open_app(passing, ()) as app:
            if feeds:
                found = await app.content.sources.try_out(feeds, kind)
                topic, items = topic or found.text, (*items, *found.items)
            topic = topic or ", ".join(item.source for item in items)
            draft = await _draft(app, kind, topic, items)
            picture = None if out is None else await _picture(app, draft)
    if out is not None:
        try:
            path = await asyncio.to_thread(_write, out, draft, picture)
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


async def _picture(app: App, draft: Draft) -> Attachment | None:
    """Return the picture that a post with this draft would have."""
    now_utc = app.clock.now_utc()
    post = StoredPost(
        id=f"draft {draft.kind} {draft.topic}",
        kind=draft.kind,
        topic=draft.topic,
        status=PostStatus.PLANNED,
        language=draft.language,
        persona="",
        created_utc=now_utc,
        updated_utc=now_utc,
        title=draft.title,
        body=draft.body,
        extras=draft.extras,
    )
    return await app.content.illustrating.picture_of(post)


def _write(folder: Path, draft: Draft, picture: Attachment | None) -> Path:
    name = UNSAFE.sub("-", draft.topic).strip("-").lower()[:60] or "draft"
    path, text = folder / f"{name}.md", draft.text
    if picture is not None:
        beside = path.with_suffix(Path(picture.name).suffix)
        beside.write_bytes(picture.content)
        alt = picture.description.translate(BRACKETS)
        text = f"{text}\n\n![{alt}]({beside.name})"
    path.write_text(text + "\n", encoding="utf-8")
    return path
