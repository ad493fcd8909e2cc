"""/rate: whether an answer was good."""

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.errors import UserError
from bot.store.ratings import RatingRepository
from bot.store.turns import TurnRepository
from bot.words import T

__all__ = ["rate_command"]

_VALUES = {"up": True, "down": False}


def rate_command(ratings: RatingRepository, turns: TurnRepository) -> Command:
    """Return the command behind the thumbs under an answer."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        question_id = str(arguments["question"])
        if await turns.by_message(context.scope, question_id) is None:
            raise UserError(T("I no longer know that answer."))
        is_good = _VALUES[str(arguments["value"])]
        await ratings.rate(context.scope, question_id, context.author, is_good=is_good)
        if is_good:
            return Answer(T("Thank you, I am glad."))
        return Answer(T("Thank you. “Regenerate” gives another answer."))

    return Command(
        name="rate",
        summary=T("Say whether an answer was good."),
        parameters=(
            Parameter(
                "question",
                T("The id of the message that was answered."),
                is_required=True,
            ),
            Parameter(
                "value",
                T("up or down."),
                is_required=True,
                choices=lambda: tuple(_VALUES),
            ),
        ),
        run=run,
    )
