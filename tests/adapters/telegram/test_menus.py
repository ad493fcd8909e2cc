"""The commands in Telegram's menus."""

from gettext import NullTranslations

from typing_extensions import override

from bot.commands.command import Answer, Command, CommandContext
from bot.messages import Role
from bot.words import T, Words
from tests.adapters.telegram.rig import Rig


class German(NullTranslations):
    """Says one thing."""

    @override
    def gettext(self, message: str) -> str:
        """Return it in German."""
        return {"Choose a persona.": "Wähle eine Rolle."}.get(message, message)


async def run(context: CommandContext, arguments: object) -> Answer:
    return Answer("")


COMMANDS = (
    Command("set-persona", T("Choose a persona."), run),
    Command("purge", T("Clean up."), run, min_role=Role.MODERATOR),
    Command("shutdown", T("End it."), run, min_role=Role.OWNER),
    Command("x" * 33, T("Too long a name."), run),
)
WORDS = Words({"de": German()})


def menus(rig: Rig) -> dict[tuple[str, str], list[str]]:
    return {
        key: [command["command"] for command in commands]
        for key, commands in rig.server.bot.commands.items()
    }


async def registered(rig: Rig, *owners: str) -> None:
    async with rig.adapter(commands=COMMANDS, words=WORDS, owners=owners):
        await rig.server.until(lambda: rig.server.calls.of("getUpdates"))


async def test_each_kind_of_chat_has_the_commands_that_can_be_used_there(
    rig: Rig,
) -> None:
    await registered(rig)
    found = set(map(tuple, menus(rig).values()))
    assert ("help", "set_persona") in found
    assert ("help", "set_persona", "purge") in found
    assert not any("shutdown" in names for names in found)
    assert len(menus(rig)) == 9  # three scopes; no language, English, German


async def test_owner_has_a_menu_of_their_own(rig: Rig) -> None:
    ada = rig.server.user("Ada")
    rig.server.private(ada)
    await registered(rig, f"telegram:{ada.id}")
    assert ["help", "set_persona", "purge", "shutdown"] in menus(rig).values()


async def test_menus_speak_the_languages_of_the_catalogue(rig: Rig) -> None:
    await registered(rig)
    said = {
        language: commands[1]["description"]
        for (_, language), commands in rig.server.bot.commands.items()
    }
    assert said["de"] == "Wähle eine Rolle."
    assert said["en"] == said[""] == "Choose a persona."


async def test_menus_are_only_told_when_they_have_changed(rig: Rig) -> None:
    await registered(rig)
    num_told = len(rig.server.calls.of("setMyCommands"))
    assert num_told == 9
    rig.server.calls.clear()
    await registered(rig)
    assert not rig.server.calls.of("setMyCommands")
    async with rig.adapter(commands=COMMANDS[:1], words=WORDS):
        await rig.server.until(lambda: len(rig.server.calls.of("getUpdates")) > 1)
    assert 0 < len(rig.server.calls.of("setMyCommands")) <= 9


async def test_menu_that_is_refused_is_told_again_the_next_time(rig: Rig) -> None:
    rig.server.faults.refuse("setMyCommands", 400, "Bad Request: no", times=1)
    await registered(rig)
    rig.server.calls.clear()
    await registered(rig)
    assert len(rig.server.calls.of("setMyCommands")) == 1
