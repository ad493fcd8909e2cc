"""/suggest and /suggestions: what people would like to read about."""

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.messages import Button, Role
from bot.preferences import community_key
from bot.store.suggestions import StoredSuggestion, SuggestionRepository
from bot.words import T, Text, Tn, Words
from content.content import Content
from content.sources.plain_text import one_line, shortened
from content.sources.suggestions import is_wanted

__all__ = ["suggest_command", "suggestions_command"]

MAX_LENGTH = 120  # characters
MAX_OPEN = 5
"""How many open suggestions a member may have."""
NUM_SHOWN = 10
MAX_LABEL = 40  # characters
ACTIONS = ("list", "vote", "unvote", "refuse")


def suggest_command(content: Content, words: Words) -> Command:
    """Return the command that takes a suggestion."""
    suggestions = content.sources.suggestions

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        _refuse_privately(context)
        text = one_line(str(arguments["text"]))
        if not text or len(text) > MAX_LENGTH:
            raise UserError(
                T("Please say it in 1 to {limit} characters.", limit=MAX_LENGTH)
            )
        is_member = context.author.role < Role.MODERATOR
        num_open = await suggestions.count_open(context.channel, context.author)
        if is_member and num_open >= MAX_OPEN:
            raise UserError(
                T(
                    "You have {limit} suggestions that wait already. Please let "
                    "others have their turn.",
                    limit=MAX_OPEN,
                )
            )
        kept, is_new = await suggestions.add(context.channel, context.author, text)
        if not is_new:
            return Answer(_voted(kept))
        if is_wanted(kept):
            return Answer(T("Thank you. It is number {number}.", number=kept.number))
        return Answer(
            T(
                "Thank you. It is number {number} and needs the vote of somebody else: "
                "/suggestions shows it.",
                number=kept.number,
            )
        )

    return Command(
        name="suggest",
        summary=T("Suggest what a post could be about."),
        parameters=(
            Parameter(
                "text", T("The topic."), type=ParameterType.REST, is_required=True
            ),
        ),
        run=run,
        steers=True,
    )


def suggestions_command(content: Content, words: Words) -> Command:
    """Return the command that shows suggestions and counts votes."""
    suggestions = content.sources.suggestions

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        _refuse_privately(context)
        action = str(arguments.get("action", "list"))
        if action == "list":
            return await _list(context, suggestions, words)
        number = int(arguments.get("number", 0))
        if action == "refuse":
            if context.author.role < Role.MODERATOR:
                raise UserError(T("Only moderators may refuse suggestions."))
            if not await suggestions.refuse(context.channel, number):
                raise _not_there(number)
            return Answer(T("Suggestion {number} is closed.", number=number))
        change = suggestions.vote if action == "vote" else suggestions.unvote
        kept = await change(context.channel, context.author, number)
        if kept is None:
            raise _not_there(number)
        return Answer(_voted(kept))

    return Command(
        name="suggestions",
        summary=T("Show what was suggested, and vote for it; moderators can refuse."),
        parameters=(
            Parameter("action", T("What to do."), choices=lambda: ACTIONS),
            Parameter("number", T("Which suggestion."), ParameterType.INTEGER),
        ),
        run=run,
        steers=True,
    )


async def _list(
    context: CommandContext, suggestions: SuggestionRepository, words: Words
) -> Answer:
    waiting = await suggestions.open([community_key(context.channel)], limit=NUM_SHOWN)
    if not waiting:
        return Answer(T("Nothing is suggested yet. /suggest is how."))
    lines = (
        f"- {one.number} · {one.text} · {words.say(_standing(one), context.language)}"
        for one in waiting
    )
    buttons = tuple(
        Button(
            shortened(f"👍 {one.number} · {one.text}", MAX_LABEL),
            f"/suggestions vote {one.number}",
        )
        for one in waiting
    )
    return Answer("\n".join(lines), buttons=buttons, is_private=False)


def _standing(one: StoredSuggestion) -> Text:
    votes = Tn("{n} vote", "{n} votes", n=one.votes)
    return T("{votes}, a moderator's", votes=votes) if one.is_moderator else votes


def _voted(one: StoredSuggestion) -> Text:
    return Tn(
        "“{text}” has {n} vote.", "“{text}” has {n} votes.", n=one.votes, text=one.text
    )


def _not_there(number: int) -> UserError:
    return UserError(
        T(
            "There is no open suggestion {number} here. /suggestions shows them.",
            number=number,
        )
    )


def _refuse_privately(context: CommandContext) -> None:
    if context.channel.is_private:
        raise UserError(T("Please do that in a channel of your community."))
