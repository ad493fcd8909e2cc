"""/verdicts and /correct: what filters noticed, and teaching them better."""

from bot.clock import Clock
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
from bot.moderators import Moderators
from bot.safety.policy import Category
from bot.safety.verdict import Action
from bot.store.corrections import Correction, CorrectionRepository
from bot.store.judgements import JudgementRepository, StoredJudgement
from bot.words import T, Words

__all__ = ["HARMLESS", "correct_command", "verdicts_command"]

NUM_SHOWN = 10
NUM_BUTTONS = 5
EXCERPT_LENGTH = 100
HARMLESS = "harmless"

_CATEGORIES = tuple(category.value for category in Category)
_ACTIONS = {
    Action.ALLOW: T("allowed"),
    Action.FLAG: T("noticed"),
    Action.REDACT: T("changed"),
    Action.BLOCK: T("refused"),
}


def verdicts_command(judgements: JudgementRepository, words: Words) -> Command:
    """Return the command that lists what filters noticed in a community lately."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        noticed = await judgements.noticed(context.channel, limit=NUM_SHOWN)
        if not noticed:
            return Answer(T("No filter has noticed anything here."))
        lines = [_line(one, words, context.language) for one in noticed]
        head = words.say(
            T("Latest first. Press a button where a filter was wrong."),
            context.language,
        )
        taught = [one for one in noticed if one.found.category in _CATEGORIES]
        buttons = tuple(
            Button(
                words.say(T("{number}: harmless", number=one.id), context.language),
                f"/correct {one.id} {HARMLESS}",
            )
            for one in taught[:NUM_BUTTONS]
        )
        return Answer("\n".join([head, *lines]), buttons)

    return Command(
        name="verdicts",
        summary=T("Show what filters noticed here lately."),
        run=run,
        min_role=Role.MODERATOR,
    )


def _line(judged: StoredJudgement, words: Words, language: str) -> str:
    found = judged.found
    did = _ACTIONS[found.action if judged.has_acted else Action.ALLOW]
    excerpt = " ".join(judged.text.split())[:EXCERPT_LENGTH]
    parts = (
        f"- **{judged.id}** `{found.category}` {found.score:.2f}",
        words.say(did, language),
        judged.author_name,
        judged.stage.value,
        excerpt,
    )
    return " · ".join(part for part in parts if part)


def correct_command(
    judgements: JudgementRepository,
    corrections: CorrectionRepository,
    moderators: Moderators,
    clock: Clock,
) -> Command:
    """Return the command that keeps a moderator's label for a judged text."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        number, what = int(arguments["number"]), str(arguments["what"])
        judged = await judgements.get(number)
        if judged is None or not await moderators.oversees(
            judged.community_key, context.channel
        ):
            raise UserError(T("There is no verdict {number} here.", number=number))
        if not judged.text:
            raise UserError(
                T("The text of verdict {number} is already forgotten.", number=number)
            )
        await corrections.add(
            Correction(
                judgement_id=number,
                category=_category(judged, what),
                is_harmful=what != HARMLESS,
                stage=judged.stage,
                text=judged.text,
                by_id=context.actor,
                created_utc=clock.now_utc(),
            )
        )
        return Answer(
            T(
                "Thank you. Verdict {number} is kept as an example: {what}.",
                number=number,
                what=what,
            )
        )

    return Command(
        name="correct",
        summary=T("Teach the filters: say what a judged text really was."),
        parameters=(
            Parameter(
                "number",
                T("The number of the verdict."),
                ParameterType.INTEGER,
                is_required=True,
            ),
            Parameter(
                "what",
                T("harmless, or the category that it belongs to."),
                is_required=True,
                choices=lambda: (HARMLESS, *_CATEGORIES),
            ),
        ),
        run=run,
        min_role=Role.MODERATOR,
    )


def _category(judged: StoredJudgement, what: str) -> Category:
    """Return the category that the label is about."""
    if what != HARMLESS:
        return Category(what)
    if judged.found.category in _CATEGORIES:
        return Category(judged.found.category)
    raise UserError(
        T("Only what was judged by its meaning can be corrected; this was a rule.")
    )
