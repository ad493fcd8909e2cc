"""The picture of a persona: drawn behind everything else, once, and kept."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.avatars import AVATAR_PX, RETRY_S, Avatars
from bot.clock import FakeClock, SystemClock
from bot.config import Config
from bot.config_models import ImageModelConfig
from bot.drawing import Drawer
from bot.errors import GenerationError, UserError
from bot.generation.engine import Engine
from bot.generation.requests import ModelSpec, Owner
from bot.known_things import KnownThings
from bot.messages import Channel
from bot.pause import Output, Pause, Where
from bot.pauses import Pauses
from bot.personas import OwnPersona, Persona
from bot.preferences import Preferences
from bot.safety.fake import FakeFilter
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import ALLOW, Action, Verdict
from bot.store.avatars import AvatarRepository
from bot.store.settings import SettingsRepository
from bot.tasks import Tasks
from bot.words import Words
from tests.stores import new_store

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
CHAT = {"model": "fake", "backend": "fake"}
UNSEEN = {"pictures": {"enabled": False}}
"""What judges pictures takes seconds to load, and is no part of this."""

MO = Owner("village", "mo")
VILLAGE = Channel("fake", "here", "village")
TOWN = Channel("fake", "there", "town")
PRIVATE = Channel("fake", "ada", "ada", is_private=True)
CONFIG = Config.model_validate(
    {
        "personas": {
            "hearth": {"prompt": "You are {name}.", "avatar": "a fire"},
            "sage": {"prompt": "You are wise."},
            "wolf": {"prompt": "You howl."},
            "dragon": {"prompt": "You roar."},
        }
    }
)


def verdict(subject: Subject) -> Verdict:
    if "wolf" in subject.text:
        return Verdict(Action.BLOCK, category="violence", score=1.0, filter="fake")
    return ALLOW


@dataclass
class Studio:
    """Avatars, and all that they are made of."""

    avatars: Avatars
    kept: AvatarRepository
    preferences: Preferences
    pauses: Pauses
    judge: FakeFilter
    tasks: Tasks
    clock: FakeClock

    def persona(self, name: str) -> Persona:
        return self.preferences.personas.default(name)

    async def drawn(self, name: str, channel: Channel = VILLAGE) -> bytes:
        """Ask for a picture until it is there; return it, or b"" if it never comes."""
        for _ in range(2):
            found = await self.avatars.of(channel, self.persona(name))
            if found is not None:
                return found.content
            await self.tasks.idle()
        return b""

    async def redrawn(self, name: str, words: str = "") -> bytes:
        persona = self.persona(name)
        picture = await self.avatars.redraw(VILLAGE, persona, words, owner=MO)
        return picture.content

    async def prompt(self, name: str) -> str:
        kept = await self.kept.get("community:fake:village", name)
        assert kept is not None
        return kept.prompt


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    options = (("fail_on", "dragon"),)
    async with (
        asyncio.timeout(60),
        Engine(
            {"image": ModelSpec("image", "fake-image", "", options=options)},
            max_parallel=2, max_waiting=9, memory_bytes=None, clock=SystemClock(),
        ) as engine,
    ):  # fmt: skip
        yield engine


@pytest.fixture
def known() -> KnownThings | None:
    return None


@pytest.fixture
async def studio(
    tmp_path: Path, engine: Engine, known: KnownThings | None
) -> AsyncIterator[Studio]:
    clock, judge = FakeClock(), FakeFilter(verdict)
    async with (
        new_store(tmp_path / "bot.sqlite3", clock=clock) as store,
        Tasks() as tasks,
    ):
        settings, kept = SettingsRepository(store), AvatarRepository(store)
        preferences = Preferences(CONFIG, settings, Words({}))
        pauses = Pauses(settings, clock)
        drawer = Drawer(
            engine=engine,
            chain=FilterChain([judge]),
            config=ImageModelConfig(model="painter"),
            known=known,
        )
        avatars = Avatars(
            kept, preferences, pauses, drawer=drawer, tasks=tasks, clock=clock
        )
        yield Studio(avatars, kept, preferences, pauses, judge, tasks, clock)


async def test_what_was_refused_or_failed_is_tried_again_an_hour_later(
    studio: Studio,
) -> None:
    for name in ("wolf", "dragon"):
        assert await studio.drawn(name) == b""
        num_asked = len(studio.judge.asked)
        assert await studio.drawn(name) == b""
        assert len(studio.judge.asked) == num_asked
        await studio.clock.advance(RETRY_S)
        assert await studio.drawn(name) == b""
        assert len(studio.judge.asked) > num_asked


@pytest.mark.parametrize(
    ("name", "words", "reason", "error"),
    [
        ("wolf", "", "refused: violence", UserError),
        ("sage", "a wolf", "refused: violence", UserError),
        ("sage", "a dragon", "could not draw", GenerationError),
    ],
)
async def test_what_cannot_be_drawn_anew_leaves_what_there_was(
    studio: Studio, name: str, words: str, reason: str, error: type[Exception]
) -> None:
    before = await studio.drawn(name)
    with pytest.raises(error, match=reason):
        await studio.redrawn(name, words)
    assert await studio.drawn(name) == before


async def test_two_do_not_draw_the_same_at_once(studio: Studio) -> None:
    assert await studio.avatars.of(VILLAGE, studio.persona("hearth")) is None
    assert await studio.avatars.of(VILLAGE, studio.persona("hearth")) is None
    with pytest.raises(UserError, match="right now"):
        await studio.redrawn("hearth", "a lamp")
    await studio.tasks.idle()
    assert await studio.prompt("hearth") == "a fire"
    assert len([one for one in studio.judge.asked if one.text]) == 1


async def test_nothing_is_drawn_while_pictures_rest(studio: Studio) -> None:
    until_utc = studio.clock.now_utc() + timedelta(minutes=5)
    pause = Pause(until_utc=until_utc)
    await studio.pauses.put(VILLAGE, Where.COMMUNITY, Output.PICTURES, pause)
    with pytest.raises(UserError, match="pictures rest"):
        await studio.redrawn("hearth")
    assert await studio.drawn("hearth") == b""
    assert studio.judge.asked == []
    await studio.clock.advance(301)
    assert await studio.drawn("hearth")


@pytest.mark.parametrize("known", [KnownThings({"fire": (), "fox": ()})])
async def test_model_that_knows_no_such_thing_draws_none_until_told_what(
    studio: Studio,
) -> None:
    assert await studio.drawn("hearth")
    assert await studio.drawn("sage") == b""
    with pytest.raises(UserError, match="/persona redraw sage a fox"):
        await studio.redrawn("sage")
    assert await studio.redrawn("sage", "a fox")


async def test_picture_is_small_and_says_where_it_comes_from(studio: Studio) -> None:
    content = await studio.drawn("hearth")
    assert max(Image.open(io.BytesIO(content)).size) == AVATAR_PX
    assert b"Made by AI" in content
    look = await studio.avatars.here(VILLAGE)
    assert look.persona == "hearth"
    assert look.picture is not None
    assert look.picture.description == "hearth"


async def test_redrawing_keeps_to_what_it_shows_and_takes_another_seed(
    studio: Studio,
) -> None:
    first = await studio.drawn("sage")
    assert "face of a sage" in await studio.prompt("sage")
    lamp = await studio.redrawn("sage", "a lamp")
    assert await studio.drawn("sage") == lamp
    assert await studio.redrawn("sage") not in (first, lamp)
    assert await studio.prompt("sage") == "a lamp"


async def test_another_community_keeps_its_own(studio: Studio) -> None:
    first = await studio.drawn("hearth")
    assert await studio.drawn("hearth", TOWN) == first
    again = await studio.redrawn("hearth")
    assert await studio.drawn("hearth") == again != first
    assert await studio.drawn("hearth", TOWN) == first


async def test_private_chats_have_no_row_of_their_own(studio: Studio) -> None:
    assert await studio.drawn("hearth", PRIVATE)
    bard = Persona("bard", "", "Sing.", is_own=True)
    assert await studio.avatars.of(PRIVATE, bard) is None
    with pytest.raises(UserError, match="private chat"):
        await studio.avatars.redraw(PRIVATE, bard, "a lute", owner=MO)
    await studio.tasks.idle()
    assert await studio.kept.communities() == ("",)


async def test_picture_of_a_persona_that_is_gone_is_forgotten(studio: Studio) -> None:
    personas, community = studio.preferences.personas, "community:fake:village"
    await personas.add(community, "bard", OwnPersona("Sing."))
    bard = await personas.find(community, "bard")
    assert bard is not None
    assert await studio.avatars.of(VILLAGE, bard) is None
    await studio.tasks.idle()
    assert await studio.kept.get(community, "bard") is not None
    await studio.drawn("hearth")

    await personas.remove(community, "bard")
    await studio.avatars.changed()

    assert await studio.kept.get(community, "bard") is None
    assert await studio.kept.get(community, "hearth") is not None
    await studio.avatars.redraw(VILLAGE, bard, "", owner=MO)  # it was removed meanwhile
    assert await studio.kept.get(community, "bard") is None


async def test_watchers_look_when_the_bot_looks_otherwise(studio: Studio) -> None:
    seen = []

    async def see() -> None:
        look = await studio.avatars.here(VILLAGE)
        seen.append(look.persona if look.picture else "")

    with studio.avatars.watched(see):
        await studio.drawn("hearth")
        await studio.preferences.set_persona(VILLAGE, "sage")
        studio.avatars.chosen()
        await studio.tasks.idle()
    studio.avatars.chosen()
    await studio.tasks.idle()
    assert seen == ["hearth", "", "sage"]


async def asked(bot: Any) -> Any:
    message = bot.platform.say("Ada", "/persona")
    reply = await bot.platform.answered(message)
    await bot.app.responder.idle()
    return reply


async def test_persona_has_no_picture_where_nothing_draws(open_bot: OpenBot) -> None:
    async with asyncio.timeout(60), open_bot(safety=UNSEEN) as bot:
        for _ in range(2):
            assert (await asked(bot)).attachments == ()


async def test_persona_is_drawn_once_and_kept(open_bot: OpenBot) -> None:
    image = {"model": "painter", "backend": "fake"}
    models = {"chat": CHAT, "image": image}
    async with asyncio.timeout(60), open_bot(models=models, safety=UNSEEN) as bot:
        assert (await asked(bot)).attachments == ()
        (first,) = (await asked(bot)).attachments
        assert first.description == "hearth"
        assert b"Made by AI" in first.content
    async with (
        asyncio.timeout(60),
        open_bot(models={"chat": CHAT}, safety=UNSEEN) as bot,
    ):
        for _ in range(9):  # what has the number of an earlier message is not new
            bot.platform.say("Ada", "hm", is_to_bot=False)
        (kept,) = (await asked(bot)).attachments
        assert kept.content == first.content
