import asyncio
import io
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from bot.clock import SystemClock
from bot.config_models import ImageModelConfig
from bot.drawing import Drawer, Drawn, Undrawn, Wanted
from bot.errors import BackendError
from bot.generation.engine import Engine
from bot.generation.requests import ImageParams, ModelSpec, Owner
from bot.generation.ticket import Ticket
from bot.messages import Attachment, Author, Channel
from bot.outgoing import cleaned
from bot.safety.fake import FakeFilter
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

WAIT_S = 30.0
OWNER = Owner("town", "ada")
ADA = Author("ada", "Ada")
GENERAL = Channel("fake", "general", "town")
NURSERY = Channel("fake", "nursery", "town")


def verdict(subject: Subject) -> Verdict:
    """Block wolves everywhere and any picture in the nursery; call hares rabbits."""
    if "wolf" in subject.text or (subject.attachments and subject.channel == NURSERY):
        return Verdict(Action.BLOCK, category="violence", score=1.0, filter="fake")
    if "hare" in subject.text:
        return Verdict(Action.REDACT, filter="fake", text="a rabbit")
    return ALLOW


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    options = (("fail_on", "dragon"),)
    spec = ModelSpec("image", "fake-image", "", max_parallel=1, options=options)
    async with (
        asyncio.timeout(WAIT_S),
        Engine(
            {"image": spec},
            max_parallel=2,
            max_waiting=9,
            memory_bytes=None,
            clock=SystemClock(),
        ) as engine,
    ):
        yield engine


@pytest.fixture
def judge() -> FakeFilter:
    return FakeFilter(verdict)


@pytest.fixture
def drawer(engine: Engine, judge: FakeFilter) -> Drawer:
    config = ImageModelConfig(
        model="painter", steps=2, width=40, guidance=3, negative="text"
    )
    return Drawer(engine=engine, chain=FilterChain([judge]), config=config)


def notes(png: bytes) -> dict[str, str]:
    picture = Image.open(io.BytesIO(png))
    picture.load()
    return {str(key): str(value) for key, value in picture.info.items()}


async def test_blocked_words_are_not_drawn(drawer: Drawer, judge: FakeFilter) -> None:
    outcome = await drawer.draw(Wanted("a wolf", author=ADA), owner=OWNER)

    assert isinstance(outcome, Undrawn)
    assert outcome.judgement.is_blocked
    assert outcome.subject.text == "a wolf"
    assert len(judge.asked) == 1


async def test_picture_is_judged_by_the_strictest_of_its_places(
    drawer: Drawer, judge: FakeFilter
) -> None:
    wanted = Wanted("a fox", places=(GENERAL, NURSERY))
    outcome = await drawer.draw(wanted, owner=OWNER)

    assert isinstance(outcome, Undrawn)
    assert outcome.subject.attachments[0].content.startswith(b"\x89PNG")
    assert {subject.stage for subject in judge.asked} == {Stage.OUTPUT}
    assert [s.channel for s in judge.asked] == [GENERAL, NURSERY, GENERAL, NURSERY]


async def test_failure_of_the_model_is_said(drawer: Drawer) -> None:
    with pytest.raises(BackendError):
        await drawer.draw(Wanted("a dragon"), owner=OWNER)


async def test_what_filters_left_is_drawn_as_the_settings_say(drawer: Drawer) -> None:
    asked: list[Ticket] = []
    wanted = Wanted("a hare", negative="snow", params=ImageParams(seed=5))

    outcome = await drawer.draw(wanted, owner=OWNER, follow=asked.append)

    assert isinstance(outcome, Drawn)
    request = asked[0].request
    assert request.payload.prompt == "a rabbit"  # type: ignore[union-attr]
    assert request.payload.negative == "text, snow"  # type: ignore[union-attr]
    assert request.params == ImageParams(width=40, steps=2, guidance=3, seed=5)
    assert (outcome.drawing.width_px, outcome.drawing.height_px) == (40, 64)


async def test_picture_says_that_ai_made_it_and_from_which_seed(
    drawer: Drawer,
) -> None:
    outcome = await drawer.draw(Wanted("a fox", description="A fox."), owner=OWNER)

    assert isinstance(outcome, Drawn)
    found = notes(outcome.attachment.content)
    assert found["Comment"] == "Made by AI"
    assert found["Model"] == "painter"
    assert int(found["Seed"]) == outcome.provenance.seed
    assert outcome.attachment.description == "A fox."
    again = Wanted("a fox", params=ImageParams(seed=outcome.provenance.seed))
    assert (await drawer.draw(again, owner=OWNER)).drawing == outcome.drawing  # type: ignore[union-attr]


async def test_notes_of_ours_survive_what_cleans_files_and_others_do_not(
    drawer: Drawer,
) -> None:
    outcome = await drawer.draw(Wanted("a fox", description="A fox."), owner=OWNER)
    assert isinstance(outcome, Drawn)
    ours = outcome.attachment
    theirs = Attachment("x.png", "image/png", ours.content)

    kept, stripped = await cleaned((ours, theirs))

    assert notes(kept.content)["Comment"] == "Made by AI"
    assert (kept.description, kept.provenance) == ("A fox.", ours.provenance)
    assert "Comment" not in notes(stripped.content)


async def test_preview_is_judged_by_every_place_and_says_that_ai_made_it(
    drawer: Drawer, judge: FakeFilter
) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    png = file.getvalue()

    blocked = await drawer.preview(
        Wanted("a fox", places=(GENERAL, NURSERY)), png, seed=5, description="So far."
    )
    shown = await drawer.preview(
        Wanted("a fox", places=(GENERAL,), author=ADA),
        png,
        seed=5,
        description="So far.",
    )

    assert blocked is None
    assert shown is not None
    assert (shown.name, shown.description) == ("preview.png", "So far.")
    assert notes(shown.content)["Comment"] == "Made by AI"
    assert [s.channel for s in judge.asked] == [GENERAL, NURSERY, GENERAL]
    assert all(s.is_passing and s.stage is Stage.OUTPUT for s in judge.asked)
    assert judge.asked[-1].attachments == (shown,)
    assert judge.asked[-1].author == ADA
