"""`hearthbot imagine`: pictures to words, judged as everywhere."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.app import App, open_app
from bot.config_models import SpeechModelConfig, TranscriptModelConfig
from bot.drawing import SEED_BITS, Drawer, Drawn, Undrawn, Wanted
from bot.errors import MissingError, UserError
from bot.generation.requests import ImageParams, ModelSpec, Owner
from bot.generation.ticket import Ticket
from bot.models.choose_image import settled
from bot.setup import Setup, aside
from bot.terminal.run import fetch_painter
from bot.words import T, Text

__all__ = ["Imagined", "imagine_pictures"]

OWNER = Owner("terminal", "owner")


@dataclass(frozen=True, slots=True)
class Imagined:
    """What is wanted: `count` pictures, the first of them from `seed`."""

    prompt: str = field(repr=False)
    out: Path
    negative: str = field(default="", repr=False)
    seed: int | None = None
    count: int = 1


async def imagine_pictures(setup: Setup, wanted: Imagined, *, as_json: bool) -> None:
    """Draw and write the files; several are numbered: fox-1.png, fox-2.png.

    The bot's own store is left alone, so that this works while the bot runs.

    Raises:
        MissingError: nothing draws, or its model is not here.
        GenerationError: it could not be drawn; the text says why.
        UserError: a filter refused the words or a picture.
        OSError: a file cannot be written.
    """
    folder = wanted.out.parent  # said before the work, not after it
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    if await asyncio.to_thread(wanted.out.is_dir):
        raise UserError(T("{path} is a folder. Name a file.", path=wanted.out))
    config = settled(setup.config.models.image)
    if not config.model:
        raise MissingError(
            T("Nothing draws yet. Name a model in [models.image] in the settings.")
        )
    if wanted.count > config.max_count:
        raise UserError(
            T("At most {max} pictures at once, please.", max=config.max_count)
        )
    await asyncio.to_thread(fetch_painter, setup)
    first = secrets.randbits(SEED_BITS) if wanted.seed is None else wanted.seed
    async with _opened(setup) as app:
        if app.drawer is None:
            raise TypeError("a model that draws is named, and nothing draws")
        with setup.terminal.steps(T("Drawing")) as show:
            drawn = await _drawn(app.drawer, wanted, first, show)
    found = []
    for number, one in enumerate(drawn, 1):
        path = _path(wanted, number)
        await asyncio.to_thread(path.write_bytes, one.attachment.content)
        setup.terminal.note(T("The picture is in {path}.", path=path))
        found.append(
            {
                "file": str(path),
                "seed": one.provenance.seed,
                "model": one.provenance.model,
                "width": one.drawing.width_px,
                "height": one.drawing.height_px,
            }
        )
    if as_json:
        setup.terminal.json(found)


@asynccontextmanager
async def _opened(setup: Setup) -> AsyncIterator[App]:
    """Open a bot that only draws: what talks, listens and speaks is not needed."""
    models = setup.config.models.model_copy(
        update={
            "transcript": TranscriptModelConfig(),
            "speech": SpeechModelConfig(),
        }
    )
    name = models.chat.model
    talking = {name: ModelSpec(name, "fake", name)}
    config = setup.config.model_copy(update={"models": models})
    with aside(replace(setup, config=config)) as passing:
        async with open_app(passing, (), models=talking) as app:
            yield app


async def _drawn(
    drawer: Drawer, wanted: Imagined, seed: int, show: Callable[[int, int], None]
) -> list[Drawn]:
    """Draw all of them at once, and show how far they are together."""
    done = [(0, 0)] * wanted.count

    async def watch(number: int, ticket: Ticket) -> None:
        async for one in ticket.progress():
            done[number] = (one.step, one.num_steps)
            total = max(num_steps for _, num_steps in done) * wanted.count
            show(sum(step for step, _ in done), total)

    async def draw(number: int) -> Drawn:
        watching: list[asyncio.Task[None]] = []
        asked = Wanted(
            wanted.prompt,
            wanted.negative,
            params=ImageParams(seed=seed + number),
            description=wanted.prompt,
        )
        try:
            made = await drawer.draw(
                asked,
                owner=OWNER,
                follow=lambda ticket: watching.append(
                    asyncio.create_task(watch(number, ticket))
                ),
            )
        finally:  # it ends with its ticket
            await asyncio.gather(*watching)
        if isinstance(made, Drawn):
            return made
        raise UserError(_why(made))

    ended = await asyncio.gather(
        *map(draw, range(wanted.count)), return_exceptions=True
    )
    drawn = [one for one in ended if isinstance(one, Drawn)]
    for one in ended:
        if isinstance(one, BaseException):
            raise one
    return drawn


def _why(undrawn: Undrawn) -> Text:
    if undrawn.subject.attachments:
        return T("What was drawn may not be shown. Try other words, or another seed.")
    return T("This may not be drawn: the filters refuse the words.")


def _path(wanted: Imagined, number: int) -> Path:
    path = wanted.out if wanted.out.suffix else wanted.out.with_suffix(".png")
    if wanted.count == 1:
        return path
    return path.with_stem(f"{path.stem}-{number}")
