"""All commands of the bot, and running one from a line of text."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from bot.adapter import Adapter
from bot.auditing import Outcome
from bot.commands.command import Answer, Arguments, Command, CommandContext
from bot.commands.help import help_command
from bot.errors import UserError
from bot.messages import Channel, Role
from bot.words import T, Text, Words

__all__ = ["Admit", "LeastRole", "Record", "Registry", "command_name", "is_command"]

WORD = re.compile(r"\s*(?:[\"“„«](?P<quoted>[^\"”“»]*)[\"”“»]|(?P<plain>\S+))")
COMMAND_LINE = re.compile(r"/(?P<name>[A-Za-z][A-Za-z0-9-]*)(?:@\S+)?(?:\s|$)")


def is_command(text: str) -> bool:
    """Return whether a text is meant as a command: a slash and a word at its start."""
    return COMMAND_LINE.match(text) is not None


def command_name(text: str) -> str:
    """Return the name of the command that a text calls; "": it is none."""
    match = COMMAND_LINE.match(text)
    return match["name"].lower() if match else ""


class Record(Protocol):
    """Takes down which command was run by whom, and how it ended."""

    async def __call__(
        self,
        command: Command,
        context: CommandContext,
        arguments: Arguments | None,
        outcome: Outcome,
        /,
    ) -> None:
        """Take it down; no arguments: they could not be read."""


Admit = Callable[[Command, CommandContext], Awaitable[None]]
LeastRole = Callable[[Command, Channel], Awaitable[Role]]

NOWHERE: Mapping[str, Adapter] = MappingProxyType({})


async def _own_role(command: Command, channel: Channel) -> Role:
    return command.min_role


class Registry:
    """The commands by name, in the order in which help shows them.

    `admit` raises UserError where one may not run now, `afford` where there is nothing
    left for it today; `least` says which role one needs in a channel; `record` is told
    of each that was run, or tried; `adapters` are the platforms, by name, for /help.
    """

    def __init__(
        self,
        commands: Sequence[Command],
        words: Words,
        *,
        admit: Admit | None = None,
        afford: Admit | None = None,
        least: LeastRole = _own_role,
        record: Record | None = None,
        adapters: Mapping[str, Adapter] = NOWHERE,
    ) -> None:
        self._admit = admit
        self._afford = afford
        self._least = least
        self._record = record
        self._adapters = adapters
        everything = (help_command(self.allowed, words), *commands)
        self._commands = {command.name: command for command in everything}
        if len(self._commands) != len(everything):
            raise ValueError("two commands have the same name")

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def on(self, adapter: Adapter) -> tuple[Command, ...]:
        """Return the commands that can do anything on a platform."""
        return tuple(command for command in self if command.suits(adapter))

    def for_role(self, role: Role, *, on: Adapter) -> tuple[Command, ...]:
        """Return what this role may run on a platform where nothing was chosen."""
        return tuple(command for command in self.on(on) if command.min_role <= role)

    async def allowed(self, role: Role, channel: Channel) -> tuple[Command, ...]:
        """Return the commands that this role may run in a channel."""
        adapter = self._adapters.get(channel.platform)
        here = self if adapter is None else self.on(adapter)
        return tuple([one for one in here if await self._least(one, channel) <= role])

    async def may_run(self, name: str, role: Role, channel: Channel) -> bool:
        """Return whether a role may run a command in a channel; no: there is none."""
        command = self._commands.get(name)
        return command is not None and await self._least(command, channel) <= role

    def judges_itself(self, line: str, role: Role) -> bool:
        """Return whether a line carries what is not to be judged like a message."""
        match = COMMAND_LINE.match(line)
        command = self._commands.get(match["name"].lower()) if match else None
        return command is not None and command.judges_itself and role >= Role.MODERATOR

    async def run(self, line: str, context: CommandContext) -> Answer:
        """Run a line such as `/persona hearth` on somebody's behalf.

        Raises:
            UserError: no such command, not their right, or wrong arguments.
        """
        match = COMMAND_LINE.match(line)
        command = self._commands.get(match["name"].lower()) if match else None
        if match is None or command is None:
            raise UserError(T("There is no such command. /help shows what there is."))
        arguments: Arguments | None = None
        outcome = Outcome.FAILED
        try:
            least = await self._least(command, context.channel)
            if context.author.role < least:
                raise UserError(_not_allowed(command, least))
            arguments = _arguments(command, line, match.end())
            answer = await self._run(command, context, arguments)
            outcome = Outcome.DONE
        except UserError:
            outcome = Outcome.REFUSED
            raise
        finally:
            if self._record is not None:
                await self._record(command, context, arguments, outcome)
        return answer

    async def _run(
        self, command: Command, context: CommandContext, arguments: Arguments
    ) -> Answer:
        if self._afford is not None:
            await self._afford(command, context)
        if self._admit is None:
            return await command.run(context, arguments)
        await self._admit(command, context)
        answer = await command.run(context, arguments)
        await self._admit(command, context)  # what was made may rest meanwhile
        return answer


def _arguments(command: Command, line: str, begin: int) -> Arguments:
    found = list(WORD.finditer(line, begin))
    return command.read(
        [word["quoted"] or word["plain"] or "" for word in found],
        lambda index: line[found[index].start() :].strip(),
    )


def _not_allowed(command: Command, least: Role) -> Text:
    if least is Role.OWNER:
        return T("Only the owner of this bot may use /{name}.", name=command.name)
    return T("Only moderators may use /{name}.", name=command.name)
