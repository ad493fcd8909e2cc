"""/again and /continue: an answer anew, or further."""

from bot.answer_desk import AnswerDesk
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.pause import Output
from bot.words import T

__all__ = ["again_command", "continue_command"]

_QUESTION = Parameter(
    "question", T("The id of the message that was answered; else what you reply to.")
)


def again_command(desk: AnswerDesk) -> Command:
    """Return the command that has an answer written anew."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        await desk.again(context, _named(context, arguments))
        return Answer("")  # the answer itself is what they see

    return Command(
        name="again",
        summary=T("Have an answer written anew."),
        parameters=(_QUESTION,),
        run=run,
        makes=Output.CHAT,
    )


def continue_command(desk: AnswerDesk) -> Command:
    """Return the command that has an answer go on that got too long."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        await desk.go_on(context, _named(context, arguments))
        return Answer("")

    return Command(
        name="continue",
        summary=T("Go on with an answer that got too long."),
        parameters=(_QUESTION,),
        run=run,
        makes=Output.CHAT,
    )


def _named(context: CommandContext, arguments: Arguments) -> str:
    return str(arguments.get("question", "")) or context.reply_to_id or ""
