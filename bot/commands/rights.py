"""/rights: which role commands need in a community."""

from collections.abc import Callable, Mapping

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.errors import UserError
from bot.messages import Role
from bot.rights import Rights
from bot.words import T, Text, Words

__all__ = ["rights_command"]

ROLES = {role.name.lower(): role for role in Role}


def rights_command(
    rights: Rights, commands: Callable[[], Mapping[str, Command]], words: Words
) -> Command:
    """Return the command that lets a command need another role in a community.

    `commands` returns all there are, by name.
    """

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        name = str(arguments.get("command", "")).removeprefix("/")
        if not name:
            return await _shown(context)
        command = commands().get(name)
        if command is None or name == "rights":
            raise UserError(T("There is no such command. /help shows what there is."))
        if "role" in arguments:
            role = ROLES[str(arguments["role"])]
            await rights.choose(command, context.channel, role)
        least = await rights.least(command, context.channel)
        return Answer(_line(name, least))

    async def _shown(context: CommandContext) -> Answer:
        chosen = await rights.chosen(context.channel)
        if not chosen:
            return Answer(T("Every command needs the role that it came with."))
        lines = (_line(name, role) for name, role in chosen.items())
        return Answer("\n".join(words.say(line, context.language) for line in lines))

    return Command(
        name="rights",
        summary=T("Choose who may run a command in this community."),
        parameters=(
            Parameter("command", T("The command; left out, show what was chosen.")),
            Parameter(
                "role",
                T("The least role that may run it; left out, show it."),
                choices=lambda: tuple(ROLES),
            ),
        ),
        run=run,
        min_role=Role.OWNER,
        floor=Role.OWNER,
    )


def _line(name: str, role: Role) -> Text:
    return {
        Role.MEMBER: T("/{name} is for all.", name=name),
        Role.MODERATOR: T("/{name} is for moderators.", name=name),
        Role.OWNER: T("/{name} is for the owner.", name=name),
    }[role]
