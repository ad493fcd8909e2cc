"""/reset: forget the conversation."""

from typing import Protocol

from bot.commands.command import Answer, Arguments, Command, CommandContext
from bot.errors import UserError
from bot.messages import Role, Scope
from bot.words import T, Tn

__all__ = ["Forgetful", "reset_command"]


class Forgetful(Protocol):
    """Where conversations are kept."""

    async def forget(self, scope: Scope) -> int:
        """Delete every turn of a scope; return how many there were."""


def reset_command(turns: Forgetful) -> Command:
    """Return the command that deletes the conversation of a channel."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        if not context.channel.is_private and context.author.role < Role.MODERATOR:
            raise UserError(
                T("Here others talk too, so only moderators may make me forget it.")
            )
        num_turns = await turns.forget(context.scope)
        if not num_turns:
            return Answer(T("There is nothing to forget here."))
        return Answer(
            Tn(
                "I have forgotten {n} message. We begin anew.",
                "I have forgotten {n} messages. We begin anew.",
                n=num_turns,
            ),
            is_private=False,
        )

    return Command(
        name="reset",
        summary=T("Forget what was said here and begin anew."),
        run=run,
        steers=True,
    )
