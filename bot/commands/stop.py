"""/stop: end an answer that is being written."""

from bot.answers import RunningAnswers
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.words import T, Tn

__all__ = ["stop_command"]


def stop_command(answers: RunningAnswers) -> Command:
    """Return the command that stops answers, all that the person may or just one."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        number = arguments.get("answer")
        stopped = answers.stop(
            context.channel,
            context.author,
            request_id=None if number is None else str(number),
        )
        if not stopped:
            return Answer(T("Nothing of yours is being written here."))
        return Answer(Tn("I stopped {n} answer.", "I stopped {n} answers.", n=stopped))

    return Command(
        name="stop",
        summary=T("Stop the answer that I am writing for you."),
        parameters=(Parameter("answer", T("Which one; all of yours if left out.")),),
        run=run,
    )
