"""All commands of the bot, and running one from a line of text."""

import re
from collections.abc import Iterator, Sequence

from bot.commands.command import Answer, Command, CommandContext
from bot.commands.help import help_command
from bot.errors import UserError
from bot.messages import Role
from bot.words import T, Text, Words

__all__ = ["Registry", "is_command"]

WORD = re.compile(r"\s*(?:[\"“„«](?P<quoted>[^\"”“»]*)[\"”“»]|(?P<plain>\S+))")
COMMAND_LINE = re.compile(r"/(?P<name>[A-Za-z][A-Za-z0-9-]*)(?:@\S+)?(?:\s|$)")


def is_command(text: str) -> bool:
    """Return whether a text is meant as a command: a slash and a word at its start."""
    return COMMAND_LINE.match(text) is not None


class Registry:
    """The commands by name, in the order in which help shows them."""

    def __init__(self, commands: Sequence[Command], words: Words) -> None:
        everything = (help_command(self.for_role, words), *commands)
        self._commands = {command.name: command for command in everything}
        if len(self._commands) != len(everything):
            raise ValueError("two commands have the same name")

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def for_role(self, role: Role) -> tuple[Command, ...]:
        """Return the commands that this role may run."""
        return tuple(command for command in self if command.min_role <= role)

    async def run(self, line: str, context: CommandContext) -> Answer:
        """Run a line such as `/persona hearth` on somebody's behalf.

        Raises:
            UserError: no such command, not their right, or wrong arguments.
        """
        match = COMMAND_LINE.match(line)
        command = self._commands.get(match["name"].lower()) if match else None
        if match is None or command is None:
            raise UserError(T("There is no such command. /help shows what there is."))
        if context.author.role < command.min_role:
            raise UserError(_not_allowed(command))
        found = list(WORD.finditer(line, match.end()))
        arguments = command.read(
            [word["quoted"] or word["plain"] or "" for word in found],
            lambda index: line[found[index].start() :].strip(),
        )
        return await command.run(context, arguments)


def _not_allowed(command: Command) -> Text:
    if command.min_role is Role.OWNER:
        return T("Only the owner of this bot may use /{name}.", name=command.name)
    return T("Only moderators may use /{name}.", name=command.name)
