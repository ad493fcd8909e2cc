"""/imagine: nothing is shown that was not judged, and one thing at a time is drawn."""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from bot.answers import RunningAnswers
from bot.clock import Clock, FakeClock, SystemClock
from bot.commands.command import Answer, Command, CommandContext, Show
from bot.commands.easel import Easel
from bot.commands.imagine import imagine_command
from bot.commands.registry import Registry
from bot.commands.upscale import upscale_command
from bot.config_models import ImageModelConfig
from bot.config_safety import CareConfig
from bot.drawing import Drawer
from bot.errors import BackendError, UserError
from bot.generation.engine import Engine
from bot.generation.requests import ModelSpec
from bot.messages import Attachment, Author, Button, Channel, Role
from bot.pause import Output
from bot.provenance import Provenance
from bot.safety.fake import FakeFilter
from bot.safety.filter import FilterChain, Subject
from bot.safety.refuser import Refuser
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.store.drawn import DrawnRepository
from bot.store.drawn_messages import DrawnMessages
from bot.store.judgements import JudgementRepository
from bot.store.store import Store
from bot.words import Text, Words
from tests.stores import new_store

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
WAIT_S = 30.0
GENERAL = Channel("fake", "general", "town")
ADA, BO = Author("ada", "Ada"), Author("bo", "Bo")
BLOCK = Verdict(Action.BLOCK, category="violence", score=1.0, filter="fake")


def verdict(subject: Subject) -> Verdict:
    """Block wolves, and pictures of seed 13; call hares rabbits."""
    seeds = [one.provenance.seed for one in subject.attachments if one.provenance]
    if "wolf" in subject.text or 13 in seeds:
        return BLOCK
    if "hare" in subject.text:
        text = subject.text.replace("hare", "rabbit")
        return Verdict(Action.REDACT, filter="fake", text=text)
    return ALLOW


class HangsOnPreviews(FakeFilter):
    """Never has done with what only passes."""

    @override
    async def judge(self, subject: Subject) -> Verdict:
        if subject.is_passing:
            self.asked.append(subject)
            await asyncio.Event().wait()
        return verdict(subject)


class Rig:
    """The command, and what it is made of."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self.engine = engine
        self.judge = FakeFilter(verdict)
        self.running = RunningAnswers()
        self.judgements = JudgementRepository(store)
        self.drawn = DrawnRepository(store)
        self.messages = DrawnMessages(store)
        self.clock: Clock = store.clock

    def command(self, **config: Any) -> Command:
        config = {"model": "painter", "width": 192, "height": 192, **config}
        drawer = Drawer(
            engine=self.engine,
            chain=FilterChain([self.judge]),
            config=ImageModelConfig(**config),
        )
        easel = Easel(
            drawer,
            self.running,
            self.judgements,
            Refuser(CareConfig(), Words({})),
            Words({}),
            self.clock,
        )
        return imagine_command(
            easel, drawn=self.drawn, messages=self.messages, adapters={}
        )

    async def run(
        self,
        line: str,
        author: Author = ADA,
        command: Command | None = None,
        show: Show | None = None,
        channel: Channel = GENERAL,
    ) -> Answer:
        upscale = upscale_command(self.drawn, self.messages)
        commands = (command or self.command(), upscale)
        context = CommandContext(author, channel, "en", "m1", show=show)
        return await Registry(commands, Words({})).run(line, context)


@asynccontextmanager
async def opened(spec: ModelSpec, folder: Path) -> AsyncIterator[Rig]:
    """Open the command with this model."""
    clock = SystemClock()
    async with (
        asyncio.timeout(WAIT_S),
        new_store(folder / "bot.sqlite3", clock=clock) as store,
        Engine(
            {"image": spec}, max_parallel=2, max_waiting=20, memory_bytes=None,
            clock=clock,
        ) as engine,
    ):  # fmt: skip
        yield Rig(engine, store)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    options = (("fail_on", "dragon"),)
    async with opened(
        ModelSpec("image", "fake-image", "", options=options), tmp_path
    ) as rig:
        yield rig


def size_of(png: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(png)).size


async def until_asked(rig: Rig, times: int) -> None:
    while len(rig.judge.asked) < times:  # noqa: ASYNC110 - a filter has no event
        await asyncio.sleep(0)


async def test_blocked_words_are_not_drawn_and_may_be_appealed(rig: Rig) -> None:
    answer = await rig.run("/imagine count=2 a wolf")

    assert answer.attachments == ()
    assert answer.is_private
    assert "wolf" not in str(answer.text)
    assert "say it in another way" in str(answer.text)
    assert [button.label for button in answer.buttons] == ["Ask the moderators"]
    assert all(not subject.attachments for subject in rig.judge.asked)
    (kept,) = await rig.judgements.of_message("m1", GENERAL)
    assert answer.buttons[0].command == f"/appeal {kept.id}"


async def test_blocked_picture_is_not_sent(rig: Rig) -> None:
    answer = await rig.run("/imagine seed=13 a fox")

    assert answer.attachments == ()
    assert answer.is_private
    assert "I stop here" in str(answer.text)
    assert answer.buttons == ()
    (kept,) = await rig.judgements.of_message("m1", GENERAL)
    assert kept.stage is Stage.OUTPUT


async def test_blocked_picture_among_others_is_left_out_and_said(rig: Rig) -> None:
    answer = await rig.run("/imagine count=3 seed=12 a fox")

    seeds = [one.provenance.seed for one in answer.attachments if one.provenance]
    assert seeds == [12, 14]
    assert str(answer.text).splitlines() == [
        "Seeds: 12, 14",
        "1 picture did not turn out so that I could show it.",
    ]


async def test_failure_of_the_model_is_said_and_the_next_one_is_drawn(
    rig: Rig,
) -> None:
    command = rig.command()
    with pytest.raises(BackendError, match="could not draw"):
        await rig.run("/imagine a dragon", command=command)
    assert len((await rig.run("/imagine a fox", command=command)).attachments) == 1
    assert len(rig.running) == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/imagine", r"Use it like this: /imagine .* <prompt>"),
        ("/imagine count=2", "Use it like this"),
        ("/imagine count=5 a fox", "1 to 4 pictures"),
        ("/imagine count=0 a fox", "1 to 4 pictures"),
        ("/imagine count=some a fox", "not a whole number"),
        ("/imagine size=round a fox", "square, wide, tall"),
        ("/imagine style=baroque a fox", "none, sticker"),
    ],
)
async def test_what_cannot_be_drawn_is_said_before_anything_is(
    rig: Rig, line: str, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        await rig.run(line)
    assert rig.judge.asked == []


async def test_a_person_has_one_request_at_a_time_and_can_stop_it(rig: Rig) -> None:
    rig.judge = FakeFilter()  # hangs for ever
    command = rig.command()
    first = asyncio.create_task(rig.run("/imagine a fox", command=command))
    await until_asked(rig, 1)
    with pytest.raises(UserError, match="still drawing for you"):
        await rig.run("/imagine a cat", command=command)

    other = asyncio.create_task(rig.run("/imagine a cat", BO, command))
    await until_asked(rig, 2)
    assert rig.running.stop(GENERAL, ADA) == 1
    with pytest.raises(UserError, match="stopped drawing"):
        await first
    assert not other.done()
    other.cancel()
    await asyncio.wait((other,))
    assert other.cancelled()
    assert len(rig.running) == 0


async def test_pictures_say_what_they_show_and_where_they_come_from(rig: Rig) -> None:
    answer = await rig.run("/imagine count=2 style=pixel size=wide seed=5 a hare")

    assert not answer.is_private
    assert [one.name for one in answer.attachments] == [
        "picture-1.png",
        "picture-2.png",
    ]
    for number, one in enumerate(answer.attachments):
        assert one.description.startswith("a rabbit, pixel art")
        assert one.provenance == Provenance("painter", 5 + number)
        assert size_of(one.content) == (192, 128)
    shown = [one.attachments for one in rig.judge.asked if one.attachments]
    assert len(shown) == 2
    assert len(rig.judge.asked) == 3  # the words once, and each picture


async def test_buttons_draw_the_same_words_from_other_seeds(rig: Rig) -> None:
    command = rig.command()
    first = await rig.run("/imagine style=ink size=tall seed=5 a hare", command=command)
    again, variations, *others = first.buttons

    assert (again.label, variations.label) == ("Again", "Variations")
    assert [one.label for one in others] == ["Upscale", "Use as post"]
    other = await rig.run(again.command, BO, command)
    assert len(other.attachments) == 1
    assert other.attachments[0].provenance != first.attachments[0].provenance
    assert other.attachments[0].description == first.attachments[0].description
    assert size_of(other.attachments[0].content) == (128, 192)
    more = await rig.run(variations.command, command=command)
    seeds = [one.provenance.seed for one in more.attachments if one.provenance]
    assert seeds == [6, 7, 8, 9]


def test_pictures_rest_when_paused_and_the_starter_has_one_size(rig: Rig) -> None:
    assert rig.command().makes is Output.PICTURES
    named = [one.name for one in rig.command().parameters]
    assert named == ["prompt", "count", "size", "style", "seed", "like"]
    starter = rig.command(model="starter", width=0, height=0)
    assert [one.name for one in starter.parameters] == [
        "prompt",
        "count",
        "style",
        "seed",
        "like",
    ]


async def test_variations_begin_from_the_picture_and_what_is_gone_is_said(
    rig: Rig,
) -> None:
    command = rig.command()
    first = await rig.run("/imagine seed=5 a fox", command=command)
    line = first.buttons[1].command.replace("count=4", "count=1")
    plain = await rig.run("/imagine seed=6 a fox", command=command)
    like = await rig.run(line, BO, command)

    assert (str(like.text), str(plain.text)) == ("Seed: 6", "Seed: 6")
    assert like.attachments[0].content != plain.attachments[0].content
    with pytest.raises(UserError, match="no longer have those pictures"):
        await rig.run("/imagine like=abc-1 a fox", command=command)
    with pytest.raises(UserError, match="the pictures 1 to 1"):
        await rig.run(line.replace("-1 a fox", "-2 a fox"), command=command)


async def test_model_that_draws_from_words_alone_varies_by_its_seed(
    tmp_path: Path,
) -> None:
    spec = ModelSpec("image", "fake-image", "", options=(("from_words", True),))
    async with opened(spec, tmp_path) as rig:
        command = rig.command()
        first = await rig.run("/imagine seed=5 a fox", command=command)
        line = first.buttons[1].command.replace("count=4", "count=1")
        plain = await rig.run("/imagine seed=6 a fox", command=command)
        like = await rig.run(line, command=command)
    assert like.attachments[0].content == plain.attachments[0].content


async def test_upscaled_picture_is_the_same_one_twice_as_large(rig: Rig) -> None:
    first = await rig.run("/imagine count=2 seed=5 a fox")
    upscale = first.buttons[2]
    assert "1 to 2" in upscale.asks
    elsewhere = Channel("fake", "other", "town")
    with pytest.raises(UserError, match="no longer have"):
        await rig.run(upscale.command, channel=elsewhere)
    with pytest.raises(UserError, match="the pictures 1 to 2"):
        await rig.run(f"{upscale.command} 3")

    larger = await rig.run(f"{upscale.command} 2", BO)

    (one,) = larger.attachments
    assert size_of(one.content) == (384, 384)
    assert one.provenance == Provenance("painter", 6)
    assert one.description == "a fox"
    assert b"Made by AI" in one.content


async def test_who_waits_is_told_how_far_it_is_and_can_stop_it(tmp_path: Path) -> None:
    options = (("delay_s", 0.02), ("steps", 1000))
    told: list[tuple[str, tuple[Button, ...]]] = []
    has_step = asyncio.Event()

    async def show(
        text: Text, buttons: tuple[Button, ...], _: Attachment | None
    ) -> None:
        told.append((str(text), buttons))
        if "step" in str(text):
            has_step.set()

    spec = ModelSpec("image", "fake-image", "", max_parallel=1, options=options)
    async with opened(spec, tmp_path) as rig:
        rig.clock = clock = FakeClock()
        drawing = asyncio.create_task(rig.run("/imagine count=2 a fox", show=show))
        while not has_step.is_set():
            await clock.advance(1)
            await asyncio.sleep(0.001)
        (stop,) = told[-1][1]
        assert stop.label == "Stop"
        _, request_id = stop.command.split()
        assert rig.running.stop(GENERAL, ADA, request_id=request_id) == 1
        with pytest.raises(UserError, match="stopped drawing"):
            await drawing
    assert re.search(r"step \d+ of 2000", told[-1][0])


class Onlooker:
    """Sees what is told who waits for a picture."""

    def __init__(self, is_enough: Callable[[list[Attachment | None]], bool]) -> None:
        self.pictures: list[Attachment | None] = []
        self.has_enough = asyncio.Event()
        self._is_enough = is_enough

    async def show(
        self, text: Text, buttons: tuple[Button, ...], picture: Attachment | None
    ) -> None:
        self.pictures.append(picture)
        if self._is_enough(self.pictures):
            self.has_enough.set()


SLOW = (("delay_s", 0.02), ("steps", 1000))


async def watched(rig: Rig, line: str, onlooker: Onlooker) -> None:
    """Draw until the onlooker has seen enough; then somebody presses stop."""
    rig.clock = clock = FakeClock()
    drawing = asyncio.create_task(rig.run(line, show=onlooker.show))
    while not onlooker.has_enough.is_set():
        await clock.advance(1)
        await asyncio.sleep(0.005)
    num_told = len(onlooker.pictures)
    assert rig.running.stop_all() == 1
    with pytest.raises(UserError, match="stopped drawing"):
        await drawing
    await clock.advance(60)
    assert len(onlooker.pictures) == num_told
    assert clock.num_sleepers == 0


async def test_who_waits_sees_how_it_looks_so_far(tmp_path: Path) -> None:
    onlooker = Onlooker(lambda seen: sum(one is not None for one in seen) >= 3)
    spec = ModelSpec("image", "fake-image", "", max_parallel=1, options=SLOW)
    async with opened(spec, tmp_path) as rig:
        await watched(rig, "/imagine seed=5 a fox", onlooker)

    shown = [one for one in onlooker.pictures if one is not None]
    assert shown[0] is shown[2]
    assert shown[0].name == "preview.png"
    assert "fox" not in shown[0].description
    assert shown[0].provenance == Provenance("painter", 5)
    judged = [one for one in rig.judge.asked if one.attachments]
    assert [one.attachments for one in judged] == [(shown[0],)]
    assert judged[0].channel == GENERAL


async def test_preview_that_is_blocked_is_never_shown_and_no_case_of_it_made(
    tmp_path: Path,
) -> None:
    spec = ModelSpec("image", "fake-image", "", max_parallel=1, options=SLOW)
    async with opened(spec, tmp_path) as rig:
        onlooker = Onlooker(lambda _: any(one.attachments for one in rig.judge.asked))
        await watched(rig, "/imagine seed=13 a fox", onlooker)
        assert await rig.judgements.of_message("m1", GENERAL) == ()

    assert set(onlooker.pictures) == {None}
    assert len([one for one in rig.judge.asked if one.attachments]) == 1


async def test_judging_that_hangs_holds_up_neither_words_nor_the_answer(
    tmp_path: Path,
) -> None:
    onlooker = Onlooker(lambda seen: len(seen) >= 4)
    options = (("delay_s", 0.02), ("steps", 50))
    spec = ModelSpec("image", "fake-image", "", max_parallel=1, options=options)
    async with opened(spec, tmp_path) as rig:
        rig.judge = HangsOnPreviews()
        rig.clock = clock = FakeClock()
        drawing = asyncio.create_task(rig.run("/imagine a fox", show=onlooker.show))
        while not drawing.done():
            await clock.advance(1)
            await asyncio.sleep(0.005)
        assert len(drawing.result().attachments) == 1
        assert clock.num_sleepers == 0
        assert [one.is_passing for one in rig.judge.asked] == [True]
    assert onlooker.has_enough.is_set()
    assert set(onlooker.pictures) == {None}


async def test_place_in_the_queue_is_told(tmp_path: Path) -> None:
    options = (("delay_s", 0.02), ("steps", 1000))
    told: list[str] = []
    is_told = asyncio.Event()

    async def show(
        text: Text, buttons: tuple[Button, ...], _: Attachment | None
    ) -> None:
        told.append(str(text))
        if "number" in str(text):
            is_told.set()

    spec = ModelSpec("image", "fake-image", "", max_parallel=1, options=options)
    async with opened(spec, tmp_path) as rig:
        rig.clock = clock = FakeClock()
        command = rig.command()
        first = asyncio.create_task(rig.run("/imagine a cat", BO, command))
        while not rig.engine.is_loaded("image"):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        second = asyncio.create_task(rig.run("/imagine a fox", ADA, command, show))
        while not is_told.is_set():
            await clock.advance(1)
            await asyncio.sleep(0.001)
        rig.running.stop_all()
        await asyncio.gather(first, second, return_exceptions=True)
    assert "number 1 in the queue" in told[-1]


async def test_command_is_not_offered_where_nothing_draws(open_bot: OpenBot) -> None:
    async with open_bot() as bot:
        assert "There is no such command" in await bot.ask("/imagine a fox")


async def test_command_is_offered_where_something_draws(open_bot: OpenBot) -> None:
    chat = {"model": "fake", "backend": "fake"}
    image = {"model": "painter", "backend": "fake"}
    # On a busy machine the first look at a picture takes long.
    safety = {"pictures": {"time_limit_s": 4, "read_time_s": 4}}
    async with open_bot(models={"chat": chat, "image": image}, safety=safety) as bot:
        assert isinstance(bot.platform, FakeAdapter)
        message = bot.platform.say("Ada", "/imagine seed=5 a fox")
        reply = await bot.platform.answered(message)
        assert reply.text == "Seed: 5"
        assert reply.only_for is None
        assert reply.attachments[0].description == "a fox"
        assert b"Made by AI" in reply.attachments[0].content
        bot.platform.press("Bo", "Again", channel="general")
        async with asyncio.timeout(WAIT_S):
            await bot.app.responder.idle()
        shown = bot.platform.platform.visible(bot.platform.channel("general"))
        drawn = [one.message for one in shown if one.message.attachments]
        assert len(drawn) == 2
        await bot.ask("/pause pictures", who=Author("mo", "Mo", Role.MODERATOR))
        assert "taking a break" in await bot.ask("/imagine a fox")
