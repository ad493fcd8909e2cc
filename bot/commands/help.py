"""/help: what the bot can be told."""

from collections.abc import Awaitable, Callable, Sequence

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.errors import UserError
from bot.messages import Channel, Role
from bot.words import T, Words

__all__ = ["help_command"]


def help_command(
    commands: Callable[[Role, Channel], Awaitable[Sequence[Command]]], words: Words
) -> Command:
    """Return the command that lists what a person's role may run where they are."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        allowed = await commands(context.author.role, context.channel)
        known = {command.name: command for command in allowed}
        name = str(arguments.get("command", "")).removeprefix("/")
        if not name:
            lines = [_line(command, words, context) for command in known.values()]
            return Answer("\n".join(lines))
        if name not in known:
            raise UserError(T("There is no such command. /help shows what there is."))
        return Answer(_page(known[name], words, context))

    return Command(
        name="help",
        summary=T("Show what I can be told."),
        parameters=(Parameter("command", T("The command you want to know more of.")),),
        run=run,
        is_everyones=True,
    )


def _line(command: Command, words: Words, context: CommandContext) -> str:
    return f"- `{command.usage}` · {words.say(command.summary, context.language)}"


def _page(command: Command, words: Words, context: CommandContext) -> str:
    lines = [_line(command, words, context)]
    for parameter in command.parameters:
        summary = words.say(parameter.summary, context.language)
        choices = parameter.choices() if parameter.choices else ()
        offered = f" ({', '.join(choices)})" if choices else ""
        lines.append(f"  - `{parameter.name}` · {summary}{offered}")
    return "\n".join(lines)
