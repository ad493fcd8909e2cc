"""/review and /edit: what moderators say about posts before they go out."""

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.messages import Role
from bot.words import T, Words
from content.content import Content
from content.review import SETTLED, ReviewAction

__all__ = ["edit_command", "review_command"]

_POST = Parameter("post", T("The post's id, from its card."), is_required=True)


def review_command(content: Content, words: Words) -> Command:
    """Return the command behind the buttons of a post's card."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        told = await content.review.decide(
            str(arguments["post"]),
            ReviewAction(str(arguments["action"])),
            context.author,
            place=context.channel,
            note=str(arguments.get("note", "")),
        )
        return Answer(told, settles=told == SETTLED)

    return Command(
        name="review",
        summary=T("Say what becomes of a post that waits for review."),
        parameters=(
            _POST,
            Parameter(
                "action",
                T("approve, reject, again, shorter, longer, redraw or later."),
                is_required=True,
                choices=lambda: tuple(ReviewAction),
            ),
            Parameter("note", T("Why, for the others."), ParameterType.REST),
        ),
        min_role=Role.MODERATOR,
        run=run,
    )


def edit_command(content: Content, words: Words) -> Command:
    """Return the command that gives a post under review another text."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        told = await content.corrections.edit(
            str(arguments["post"]),
            str(arguments["text"]),
            context.author,
            context.channel,
        )
        return Answer(told)

    return Command(
        name="edit",
        summary=T("Give a post that waits for review another text."),
        parameters=(
            _POST,
            Parameter(
                "text",
                T("The new text; a first line with # is the title."),
                ParameterType.REST,
                is_required=True,
            ),
        ),
        min_role=Role.MODERATOR,
        run=run,
    )
