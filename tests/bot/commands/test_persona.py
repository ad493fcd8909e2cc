"""/persona: the community's own personas, and who may write them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.avatars import Avatars
from bot.clock import SystemClock
from bot.commands.command import Answer, CommandContext
from bot.commands.persona import persona_command
from bot.commands.registry import Registry
from bot.config import Config
from bot.config_models import ImageModelConfig
from bot.drawing import Drawer
from bot.errors import UserError
from bot.generation.engine import Engine
from bot.generation.requests import ModelSpec
from bot.messages import Author, Channel, Role
from bot.pauses import Pauses
from bot.personas import MAX_PERSONAS, PROMPT_LENGTH
from bot.preferences import Preferences
from bot.safety.filter import FilterChain
from bot.safety.word_list import WordList
from bot.store.avatars import AvatarRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.tasks import Tasks
from bot.words import Words
from tests.stores import new_store

HERE = Channel("fake", "here", "village")
THERE = Channel("fake", "there", "village")
ELSEWHERE = Channel("fake", "far", "town")
ADA = Author("ada", "Ada")
MO = Author("mo", "Mo", Role.MODERATOR)
OLGA = Author("olga", "Olga", Role.OWNER)
CONFIG = Config.model_validate(
    {"bot": {"name": "Ember"}, "personas": {"hearth": {"prompt": "You are {name}."}}}
)


class Table:
    """A table of the bot's, at which people write personas."""

    def __init__(self, store: Store, tasks: Tasks, engine: Engine | None) -> None:
        settings = SettingsRepository(store)
        self.preferences = Preferences(CONFIG, settings, Words({}))
        self.tasks, self.kept = tasks, AvatarRepository(store)
        chain = FilterChain((WordList(("grog",)),))
        painter = ImageModelConfig(model="painter")
        drawer = Drawer(engine=engine, chain=chain, config=painter) if engine else None
        avatars = Avatars(
            self.kept,
            self.preferences,
            Pauses(settings, store.clock),
            drawer=drawer,
            tasks=tasks,
            clock=store.clock,
        )
        command = persona_command(self.preferences, chain, Words({}), avatars)
        self.registry = Registry((command,), Words({}))

    async def answer(
        self, line: str, author: Author = MO, channel: Channel = HERE
    ) -> Answer:
        return await self.registry.run(line, CommandContext(author, channel, "en"))

    async def say(self, line: str, *where: Any) -> str:
        return str((await self.answer(line, *where)).text)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    path = tmp_path / "bot.sqlite3"
    async with new_store(path, clock=SystemClock()) as store:
        yield store


@pytest.fixture
async def table(store: Store) -> AsyncIterator[Table]:
    async with Tasks() as tasks:
        yield Table(store, tasks, None)


@pytest.fixture
async def studio(store: Store) -> AsyncIterator[Table]:
    """A table where something draws."""
    async with (
        asyncio.timeout(60),
        Engine(
            {"image": ModelSpec("image", "fake-image", "")},
            max_parallel=2, max_waiting=9, memory_bytes=None, clock=store.clock,
        ) as engine,
        Tasks() as tasks,
    ):  # fmt: skip
        yield Table(store, tasks, engine)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/persona add", "Say which one"),
        ("/persona add bard", "how I am to speak"),
        (f"/persona add bard {'a' * (PROMPT_LENGTH + 1)}", "at most 1000"),
        ("/persona add bard You love grog.", "cannot keep that"),
        ("/persona add Bard Sing.", "cannot be a name"),
        ("/persona add list Sing.", "cannot be a name"),
        ("/persona add hearth Sing.", "belongs to my owner"),
        ("/persona edit hearth Sing.", "belongs to my owner"),
        ("/persona remove hearth", "belongs to my owner"),
        ("/persona edit bard Sing.", "no persona “bard”"),
        ("/persona use bard", "You can choose: hearth"),
        ("/persona show bard", "You can choose: hearth"),
        ("/persona redraw bard", "You can choose: hearth"),
        ("/persona redraw hearth a jug of grog", "cannot keep that"),
        ("/persona redraw hearth a fox", "no model to draw with"),
    ],
)
async def test_what_cannot_be_a_persona_is_said_and_not_kept(
    table: Table, line: str, reason: str
) -> None:
    with pytest.raises(UserError, match=reason):
        await table.answer(line)
    assert await table.preferences.personas.names("community:fake:village") == (
        "hearth",
    )


async def test_a_persona_is_written_used_changed_and_removed(table: Table) -> None:
    await table.say("/persona add pirate You are {name}, a “pirate”.")
    await table.say("/persona greet pirate Ahoy!")
    used = await table.answer("/persona use pirate")
    assert used.text == "From now on I am “pirate” here.\n\nAhoy!"
    assert not used.is_private
    spoken = await table.preferences.persona(HERE)
    assert spoken.prompt == "You are Ember, a “pirate”."
    await table.say("/persona edit pirate You are old.")
    assert (await table.preferences.persona(HERE)).prompt == "You are old."
    assert (await table.preferences.persona(HERE)).greeting == "Ahoy!"
    assert (await table.preferences.persona(THERE)).name == "hearth"
    await table.say("/persona remove pirate")
    assert (await table.preferences.persona(HERE)).name == "hearth"


async def test_a_persona_is_its_communitys_alone(table: Table) -> None:
    await table.say("/persona add bard Sing.")
    assert "hearth, bard" in await table.say("/persona", ADA)
    assert "bard" not in await table.say("/persona list", ADA, ELSEWHERE)
    with pytest.raises(UserError, match="You can choose: hearth"):
        await table.answer("/persona bard", MO, ELSEWHERE)
    assert "“bard”" in await table.say("/persona bard")


async def test_what_a_model_is_told_is_shown_to_moderators_with_a_field_to_edit_it(
    table: Table,
) -> None:
    await table.say("/persona add bard Sing of {name}.")
    shown = await table.answer("/persona show bard")
    assert "Sing of {name}." in str(shown.text)
    edit = next(one for one in shown.buttons if one.asks)
    assert (edit.command, edit.prefill) == ("/persona edit bard", "Sing of {name}.")
    assert "Sing" not in await table.say("/persona show bard", ADA)
    assert await table.say("/persona show hearth") == "“hearth”"
    assert "You are Ember." in await table.say("/persona show hearth", OLGA)


async def test_there_are_not_endlessly_many_personas(table: Table) -> None:
    for number in range(MAX_PERSONAS):
        await table.say(f"/persona add bard{number} Sing.")
    with pytest.raises(UserError, match=f"{MAX_PERSONAS} personas already"):
        await table.answer("/persona add onemore Sing.")
    with pytest.raises(UserError, match="there already"):
        await table.answer("/persona add bard0 Sing.")


async def test_members_have_nothing_drawn_anew(table: Table) -> None:
    with pytest.raises(UserError, match="Only moderators"):
        await table.answer("/persona redraw hearth", ADA)


async def test_a_persona_is_shown_with_its_picture_once_it_is_drawn(
    studio: Table,
) -> None:
    await studio.say("/persona add bard Sing.")
    for line in ("/persona", "/persona show hearth", "/persona show bard"):
        assert (await studio.answer(line, ADA)).attachments == ()
    await studio.tasks.idle()
    (hearth,) = (await studio.answer("/persona", ADA)).attachments
    assert (await studio.answer("/persona show hearth", MO)).attachments == (hearth,)
    (bard,) = (await studio.answer("/persona show bard", ADA)).attachments
    assert (bard.name, bard.description) == ("bard.png", "bard")
    await studio.say("/persona bard")
    assert (await studio.answer("/persona")).attachments == (bard,)


async def test_moderators_have_a_persona_drawn_anew_to_words_of_theirs(
    studio: Table,
) -> None:
    shown = await studio.answer("/persona show hearth")
    await studio.tasks.idle()
    (before,) = (await studio.answer("/persona")).attachments
    (button,) = (one for one in shown.buttons if one.label == "Draw it anew")
    again = await studio.answer(button.command)
    assert str(again.text) == "That is “hearth” now."
    assert again.attachments != (before,)
    (fox,) = (await studio.answer("/persona redraw hearth a fox")).attachments
    assert (await studio.answer("/persona")).attachments == (fox,)
    kept = await studio.kept.get("community:fake:village", "hearth")
    assert kept is not None
    assert kept.prompt == "a fox"


async def test_where_nothing_draws_nothing_is_offered_to_be_drawn(table: Table) -> None:
    shown = await table.answer("/persona show hearth")
    assert [one.label for one in shown.buttons] == ["Use it here"]


async def test_picture_goes_with_its_persona(studio: Table) -> None:
    await studio.say("/persona add bard Sing.")
    await studio.say("/persona redraw bard a lute")
    await studio.say("/persona remove bard")
    assert await studio.kept.communities() == ()
