"""/persona: the community's own personas, and who may write them."""

from typing import Any

import pytest

from bot.commands.command import Answer, CommandContext
from bot.commands.persona import persona_command
from bot.commands.registry import Registry
from bot.config import Config
from bot.errors import UserError
from bot.fake_settings import FakeSettings
from bot.messages import Attachment, Author, Channel, Role
from bot.personas import MAX_PERSONAS, PROMPT_LENGTH, Persona
from bot.preferences import Preferences
from bot.safety.filter import FilterChain
from bot.safety.word_list import WordList
from bot.words import Words

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

    def __init__(self) -> None:
        self.preferences = Preferences(CONFIG, FakeSettings(), Words({}))
        chain = FilterChain((WordList(("grog",)),))
        command = persona_command(self.preferences, chain, Words({}))
        self.registry = Registry((command,), Words({}))

    async def answer(
        self, line: str, author: Author = MO, channel: Channel = HERE
    ) -> Answer:
        return await self.registry.run(line, CommandContext(author, channel, "en"))

    async def say(self, line: str, *where: Any) -> str:
        return str((await self.answer(line, *where)).text)


@pytest.fixture
def table() -> Table:
    return Table()


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


async def test_a_persona_that_was_drawn_is_shown_with_its_picture(table: Table) -> None:
    picture = Attachment("hearth.png", "image/png", b"a hearth")

    async def avatar_of(persona: Persona) -> Attachment | None:
        return picture if persona.name == "hearth" else None

    command = persona_command(
        table.preferences, FilterChain(()), Words({}), avatar_of=avatar_of
    )
    table.registry = Registry((command,), Words({}))
    await table.say("/persona add bard Sing.")
    assert (await table.answer("/persona")).attachments == (picture,)
    await table.say("/persona bard")
    assert (await table.answer("/persona")).attachments == ()
