"""/ask: a question, for places where the bot reads nothing but commands."""

from dataclasses import replace

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.messages import Message
from bot.words import T

__all__ = ["as_question", "ask_command"]

ASK = "/ask"


def as_question(message: Message) -> Message:
    """Return `/ask …` as a question to the bot; any other message as it is."""
    name, _, question = message.text.strip().partition(" ")
    if name.partition("@")[0].lower() != ASK or not question.strip():
        return message
    return replace(message, text=question.strip(), is_to_bot=True)


def ask_command() -> Command:
    """Return the command as menus show it; with a question it never comes to run."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        raise UserError(T("What would you like to know? Write it behind /ask."))

    return Command(
        name="ask",
        summary=T("Ask me something."),
        parameters=(
            Parameter(
                "question", T("Your question."), ParameterType.REST, is_required=True
            ),
        ),
        run=run,
    )
