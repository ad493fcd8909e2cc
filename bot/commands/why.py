"""/why: how a message, picture or post of the bot came about."""

from collections.abc import Awaitable, Callable, Sequence

from bot.commands.command import Answer, Arguments, Command, CommandContext, Parameter
from bot.messages import Role
from bot.store.judgements import JudgementRepository, StoredJudgement
from bot.store.traces import Trace, TraceRepository
from bot.store.turns import TurnRepository
from bot.words import T, Text, Words

__all__ = ["Explain", "explain_answer", "explain_judgement", "why_command"]

Explain = Callable[[CommandContext, str], Awaitable[Sequence[Text]]]
"""Says what is known of a message, by its id; "": of the latest. () is: nothing."""

MIN_SHOWN = 0.01
"""Categories less probable than this are left out."""


def why_command(explanations: Sequence[Explain], words: Words) -> Command:
    """Return the command; the first explanation that knows the message counts."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        message_id = str(arguments.get("message", "")) or context.reply_to_id or ""
        for explain in explanations:
            texts = await explain(context, message_id)
            if texts:
                said = (words.say(text, context.language) for text in texts)
                return Answer("\n".join(said))
        return Answer(
            T(
                "I know nothing about that message. Reply to it with /why, or give "
                "its id."
            )
        )

    return Command(
        name="why",
        summary=T(
            "Show how an answer, picture or post came about: filters, scores, model."
        ),
        parameters=(
            Parameter("message", T("Its id; without one, what you reply to.")),
        ),
        run=run,
    )


def explain_answer(
    judgements: JudgementRepository,
    traces: TraceRepository,
    turns: TurnRepository,
    *,
    further: Explain | None = None,
) -> Explain:
    """Return the explanation of answers, and of messages that were judged.

    Members see what concerns themselves, moderators all of the channel. `further` is
    asked what else is known, by the id of the message that was answered.
    """

    async def explain(context: CommandContext, message_id: str) -> Sequence[Text]:
        scope = context.scope
        is_member = context.author.role < Role.MODERATOR
        if not message_id:
            asker = context.author.id if is_member else None
            latest = await judgements.latest_answer(context.channel, asker)
            message_id = latest.message_id if latest is not None else ""
        if not message_id:
            return ()
        turn = await turns.by_message(scope, message_id)
        if (
            turn is not None and not turn.author_id
        ):  # an answer is known by its question
            message_id = turn.reply_to_id or message_id
        judged = await judgements.of_message(message_id, context.channel)
        if is_member:
            judged = tuple(one for one in judged if one.author_id == context.author.id)
        if not judged:
            return ()
        trace = await traces.of_message(scope.key, message_id)
        texts = [text for one in judged for text in explain_judgement(one)]
        more = await further(context, message_id) if further is not None else ()
        return (*texts, *([] if trace is None else _traced(trace)), *more)

    return explain


def explain_judgement(judged: StoredJudgement) -> Sequence[Text]:
    """Say what the filters found in one text."""
    found = judged.found
    shown = {n: s for n, s in judged.scores.items() if s >= MIN_SHOWN}
    scores = ", ".join(
        f"{name} {score:.2f}"
        for name, score in sorted(shown.items(), key=lambda pair: -pair[1])
    )
    head = T(
        "Verdict {number} ({stage}): {action}.",
        number=judged.id,
        stage=judged.stage.value,
        action=found.action.name.lower(),
    )
    filters = [
        T("- {filter}: {reason}", filter=one.filter, reason=one.reason or one.category)
        for one in judged.verdicts
    ]
    watched = [] if judged.has_acted else [T("- only watched, nothing was done")]
    scored = [T("- scores: {scores}", scores=scores)] if scores else []
    return (head, *filters, *watched, *scored)


def _traced(trace: Trace) -> Sequence[Text]:
    return (
        T(
            "Written by {model} as {persona}, seed {seed}, in {seconds} s.",
            model=trace.model,
            persona=trace.persona,
            seed="-" if trace.seed is None else trace.seed,
            seconds=f"{trace.duration_ms / 1000:.1f}",
        ),
    )
