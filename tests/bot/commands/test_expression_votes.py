"""/sticker and /emoji with words: members choose, a moderator adds one, once."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest
from PIL import Image
from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from bot.answers import RunningAnswers
from bot.clock import SystemClock
from bot.commands.command import Answer, CommandContext
from bot.commands.easel import Easel
from bot.commands.expression_votes import Votes, adopt_command, choose_command
from bot.commands.expressions import emoji_command, sticker_command
from bot.commands.registry import Registry
from bot.config_models import ImageModelConfig
from bot.config_safety import CareConfig
from bot.drawing import Drawer
from bot.errors import ForbiddenError, UserError
from bot.expressions import Expressions
from bot.generation.engine import Engine
from bot.generation.requests import ModelSpec
from bot.messages import Attachment, Author, Channel, Role
from bot.safety.fake import FakeFilter
from bot.safety.filter import FilterChain, Subject
from bot.safety.refuser import Refuser
from bot.safety.verdict import ALLOW, Action, Verdict
from bot.store.drawn import DrawnRepository
from bot.store.drawn_messages import DrawnMessages
from bot.store.judgements import JudgementRepository
from bot.store.store import Store
from bot.words import T, Words
from tests.stores import new_store

WAIT_S = 30.0
HERE = Channel("fake", "here", "village")
ADA, BO, CY = (Author(name, name) for name in ("ada", "bo", "cy"))
MO, NO = (Author(name, name, Role.MODERATOR) for name in ("mo", "no"))
BLOCK = Verdict(Action.BLOCK, category="violence", score=1.0, filter="fake")


def verdict(subject: Subject) -> Verdict:
    return BLOCK if "wolf" in subject.text else ALLOW


class Takes(FakeAdapter):
    """A platform that takes a while to add what a community has of its own."""

    can_emoji: ClassVar[bool] = True
    can_sticker: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__(RecordingInbox())
        self.added: list[tuple[str, str, Author, Attachment]] = []
        self.lacks_right = False

    async def _add(self, name: str, emoji: str, by: Author, file: Attachment) -> str:
        await asyncio.sleep(0)
        if self.lacks_right:
            raise ForbiddenError(T("I lack the right to do that."))
        self.added.append((name, emoji, by, file))
        return "1"

    @override
    async def add_emoji(
        self, channel: Channel, name: str, picture: Attachment, *, by: Author
    ) -> str:
        return await self._add(name, "", by, picture)

    @override
    async def add_sticker(
        self,
        channel: Channel,
        name: str,
        picture: Attachment,
        *,
        emoji: str,
        by: Author,
    ) -> str:
        await self._add(name, emoji, by, picture)
        return ""


class OnlyStickers(Takes):
    """A platform without emoji of a community's own."""

    can_emoji: ClassVar[bool] = False


class Neither(OnlyStickers):
    """A platform where a community has nothing of its own."""

    can_sticker: ClassVar[bool] = False


class Rig:
    """The commands, and the platform that they add to."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self.adapter, self.engine = Takes(), engine
        chain, words = FilterChain([FakeFilter(verdict)]), Words({})
        easel = Easel(
            Drawer(engine=engine, chain=chain, config=ImageModelConfig(model="disc")),
            RunningAnswers(),
            JudgementRepository(store),
            Refuser(CareConfig(), words),
            words,
            store.clock,
        )
        self.adapters = adapters = {"fake": self.adapter}
        votes = Votes(
            easel,
            DrawnRepository(store),
            DrawnMessages(store),
            Expressions(adapters, chain),
        )
        self._registry = Registry(
            (
                emoji_command(adapters, chain, votes),
                sticker_command(adapters, chain, votes),
                choose_command(votes),
                adopt_command(votes),
            ),
            words,
        )

    async def run(self, line: str, author: Author = ADA) -> Answer:
        return await self._registry.run(line, CommandContext(author, HERE, "en", "m1"))

    async def drawn(self, line: str = "/sticker a happy fox!") -> str:
        """Have some drawn; return the id of their sheet."""
        answer = await self.run(line)
        return answer.buttons[-1].command.split()[1]


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    options = (("has_alpha", True),)
    clock = SystemClock()
    async with (
        asyncio.timeout(WAIT_S),
        new_store(tmp_path / "bot.sqlite3", clock=clock) as store,
        Engine(
            {"image": ModelSpec("image", "fake-image", "", options=options)},
            max_parallel=4, max_waiting=20, memory_bytes=None, clock=clock,
        ) as engine,
    ):  # fmt: skip
        yield Rig(engine, store)


async def test_refused_words_are_not_drawn_and_members_add_nothing(rig: Rig) -> None:
    refused = await rig.run("/sticker a wolf")
    assert refused.attachments == ()
    sheet_id = await rig.drawn()
    with pytest.raises(UserError, match="Only moderators"):
        await rig.run(f"/adopt {sheet_id} 1", ADA)
    with pytest.raises(UserError, match="the pictures 1 to 4"):
        await rig.run(f"/adopt {sheet_id} 5", MO)
    with pytest.raises(UserError, match="no longer have"):
        await rig.run("/choose nothing 1")
    assert rig.adapter.added == []


@pytest.mark.parametrize(
    ("adapter", "line", "instead"),
    [
        (OnlyStickers(), "/emoji a fox", "a sticker instead: /sticker"),
        (Neither(), "/emoji a fox", "a picture instead: /imagine"),
        (Neither(), "/sticker a fox", "a picture instead: /imagine"),
    ],
)
async def test_what_could_never_be_added_is_not_drawn(
    rig: Rig, adapter: Takes, line: str, instead: str
) -> None:
    rig.adapters["fake"] = adapter
    with pytest.raises(UserError, match=instead):
        await rig.run(line)
    assert not rig.engine.is_loaded("image")


async def test_four_are_drawn_with_a_number_for_each(rig: Rig) -> None:
    answer = await rig.run("/sticker a happy fox!")

    assert not answer.is_private
    assert [one.label for one in answer.buttons] == ["1", "2", "3", "4", "Add"]
    assert [one.name for one in answer.attachments] == [f"{n}.png" for n in range(1, 5)]
    assert len({one.content for one in answer.attachments}) == 4
    assert all(one.provenance is not None for one in answer.attachments)


async def test_that_of_most_people_is_added_with_what_it_comes_from(rig: Rig) -> None:
    sheet_id = await rig.drawn()
    for person, number in ((ADA, 1), (BO, 3), (CY, 3), (ADA, 2)):
        told = await rig.run(f"/choose {sheet_id} {number}", person)
    assert str(told.text) == "You chose 2. Votes so far: 1: 0 · 2: 1 · 3: 2 · 4: 0"
    assert told.is_private

    added = await rig.run(f"/adopt {sheet_id}", MO)

    assert (str(added.text), added.settles) == ("“a_happy_fox” is there now.", True)
    ((name, emoji, by, file),) = rig.adapter.added
    assert (name, emoji, file.name) == ("a_happy_fox", "✨", "picture.png")
    assert by == MO
    assert file.provenance is not None
    assert file.provenance.model == "disc"
    picture = Image.open(io.BytesIO(file.content))
    assert (picture.size, picture.mode) == ((512, 512), "RGBA")
    assert b"Made by AI" in file.content
    for line in (f"/choose {sheet_id} 1", f"/adopt {sheet_id}"):
        with pytest.raises(UserError, match="added already"):
            await rig.run(line, MO)


async def test_what_the_moderator_chose_goes_before_what_most_did(rig: Rig) -> None:
    sheet_id = await rig.drawn("/emoji a fox")
    for person, number in ((ADA, 1), (BO, 1), (MO, 4)):
        await rig.run(f"/choose {sheet_id} {number}", person)
    await rig.run(f"/adopt {sheet_id}", MO)
    ((_, _, _, file),) = rig.adapter.added
    assert Image.open(io.BytesIO(file.content)).size == (128, 128)


async def test_two_moderators_at_once_add_it_once(rig: Rig) -> None:
    sheet_id = await rig.drawn()
    lines = [(f"/adopt {sheet_id} {n}", who) for n, who in ((1, MO), (2, NO), (1, NO))]
    ended = await asyncio.gather(
        *(rig.run(line, who) for line, who in lines), return_exceptions=True
    )
    assert sum(isinstance(one, Answer) for one in ended) == 1
    assert sum(isinstance(one, UserError) for one in ended) == 2
    assert len(rig.adapter.added) == 1


async def test_what_the_platform_refuses_may_be_added_later(rig: Rig) -> None:
    sheet_id = await rig.drawn()
    rig.adapter.lacks_right = True
    with pytest.raises(UserError, match="I lack the right"):
        await rig.run(f"/adopt {sheet_id}", MO)
    rig.adapter.lacks_right = False
    await rig.run(f"/adopt {sheet_id}", MO)
    assert len(rig.adapter.added) == 1


async def test_words_in_other_scripts_get_a_name_that_platforms_take(rig: Rig) -> None:
    sheet_id = await rig.drawn("/emoji 快乐的狐狸")
    await rig.run(f"/adopt {sheet_id}", MO)
    assert rig.adapter.added[0][0] == f"drawn_{sheet_id[:6]}"
