"""/safety: how strictly this community is judged, and trying another threshold."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.clock import Clock
from bot.commands.command import Answer, Arguments, Command, CommandContext, Parameter
from bot.errors import UserError
from bot.messages import Role
from bot.safety.classifier import NEVER, TextClassifier
from bot.safety.policies import Choice, Policies
from bot.safety.policy import Category, Level, Policy
from bot.safety.thresholds import proposed_threshold, threshold_of
from bot.store.corrections import CorrectionRepository
from bot.store.judgements import JudgementRepository, StoredJudgement
from bot.words import T, Text, Tn, Words

__all__ = ["safety_command"]

TRIED_DAYS = 7
MAX_SHOWN = 14
EXCERPT_LENGTH = 80
HERE = "here"

_LEVELS = tuple(level.value for level in Level)
_CATEGORIES = tuple(category.value for category in Category)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the command works with."""

    policies: Policies
    classifier: TextClassifier
    judgements: JudgementRepository
    corrections: CorrectionRepository
    words: Words
    clock: Clock

    def threshold(self, policy: Policy, category: Category) -> float:
        """Return the probability from which a policy acts."""
        return threshold_of(policy, category, self.classifier)


def safety_command(
    policies: Policies,
    classifier: TextClassifier,
    judgements: JudgementRepository,
    corrections: CorrectionRepository,
    *,
    words: Words,
    clock: Clock,
) -> Command:
    """Return the command with which moderators set levels and try thresholds."""
    desk = _Desk(policies, classifier, judgements, corrections, words, clock)

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        what = str(arguments.get("what", "show"))
        value = str(arguments.get("value", ""))
        more = str(arguments.get("more", ""))
        if what == "show":
            return Answer(await _show(desk, context))
        if what == "try":
            return Answer(await _try(desk, context, value, more))
        if what == "propose":
            return Answer(await _propose(desk, context))
        return Answer(await _choose(desk, context, what, value, more))

    return Command(
        name="safety",
        summary=T("Show or set how strictly texts are judged here."),
        parameters=(
            Parameter(
                "what",
                T("level, shadow or a category to set; try or propose a threshold."),
                choices=lambda: (
                    *("show", "level", "shadow", "try", "propose"),
                    *_CATEGORIES,
                ),
            ),
            Parameter(
                "value", T("A level, a number from 0 to 1, on, off, or default.")
            ),
            Parameter("more", T("“here” for this channel alone; with try a number.")),
        ),
        run=run,
        min_role=Role.MODERATOR,
    )


async def _show(desk: _Desk, context: CommandContext) -> str:
    policy = await desk.policies.policy(context.channel)

    def say(text: Text) -> str:
        return desk.words.say(text, context.language)

    lines = [say(T("Level here: {level}.", level=policy.level.value))]
    if policy.is_shadow:
        lines.append(say(T("Only watching: everything is recorded, nothing is done.")))
    for category in Category:
        threshold = desk.threshold(policy, category)
        acts = (
            T("not judged")
            if threshold >= NEVER
            else T("acts from {number}", number=f"{threshold:.2f}")
        )
        level = policy.level_of(category).value
        lines.append(f"- `{category.value}` · {level} · {say(acts)}")
    return "\n".join(lines)


async def _choose(
    desk: _Desk, context: CommandContext, what: str, value: str, more: str
) -> Text:
    if more not in ("", HERE):
        raise UserError(
            T("Write “here” at the end for this channel alone, or nothing there.")
        )
    is_for_community = more != HERE
    channel = context.channel
    choice = await desk.policies.choice(channel, is_for_community=is_for_community)
    changed = _changed(choice, what, value)
    await desk.policies.choose(channel, changed, is_for_community=is_for_community)
    if is_for_community:
        return T("Set for the whole community: {what} {value}.", what=what, value=value)
    return T("Set for this channel: {what} {value}.", what=what, value=value)


def _changed(choice: Choice, what: str, value: str) -> Choice:
    is_default = value == "default"
    if what == "shadow":
        if value not in ("on", "off", "default"):
            raise UserError(T("Choose on, off or default."))
        return replace(choice, is_shadow=None if is_default else value == "on")
    if what == "level":
        return replace(choice, level=None if is_default else _level(value))
    category = Category(what)
    levels = {name: level for name, level in choice.levels.items() if name != category}
    thresholds = {
        name: number for name, number in choice.thresholds.items() if name != category
    }
    if value in _LEVELS:
        levels[category] = Level(value)
    elif not is_default:
        thresholds[category] = _number(value)
    return replace(choice, levels=levels, thresholds=thresholds)


def _level(value: str) -> Level:
    if value not in _LEVELS:
        raise UserError(T("Choose one of: {choices}.", choices=", ".join(_LEVELS)))
    return Level(value)


def _number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise UserError(
            T(
                "Choose a level ({levels}), a number from 0 to 1, or default.",
                levels=", ".join(_LEVELS),
            )
        )
    return number


async def _try(desk: _Desk, context: CommandContext, value: str, more: str) -> str:
    """Say what would have been different last week with another threshold."""
    if value not in _CATEGORIES:
        raise UserError(
            T("Write it like this: /safety try {category} 0.6", category="violence")
        )
    category, tried = Category(value), _number(more)
    policy = await desk.policies.policy(context.channel)
    current = desk.threshold(policy, category)
    since_utc = desk.clock.now_utc() - timedelta(days=TRIED_DAYS)
    judged = await desk.judgements.recent(context.channel, since_utc=since_utc)
    scored = [one for one in judged if category in one.scores]
    different = [
        one
        for one in scored
        if (one.scores[category] >= tried) != (one.scores[category] >= current)
    ]

    def say(text: Text) -> str:
        return desk.words.say(text, context.language)

    head = Tn(
        "At {number}, {n} of {total} texts of the last {days} days would have been "
        "judged otherwise.",
        "At {number}, {n} of {total} texts of the last {days} days would have been "
        "judged otherwise.",
        len(different),
        number=f"{tried:.2f}",
        total=len(scored),
        days=TRIED_DAYS,
    )
    lines = [say(_change(one, category, tried)) for one in different[:MAX_SHOWN]]
    if len(different) > MAX_SHOWN:
        more_text = T("… and {number} more.", number=len(different) - MAX_SHOWN)
        lines.append(say(more_text))
    return "\n".join([say(head), *lines])


def _change(judged: StoredJudgement, category: Category, tried: float) -> Text:
    excerpt = " ".join(judged.text.split())[:EXCERPT_LENGTH] or "…"
    number = f"{judged.scores[category]:.2f}"
    if judged.scores[category] >= tried:
        return T("- noticed ({number}): {text}", number=number, text=excerpt)
    return T("- let through ({number}): {text}", number=number, text=excerpt)


async def _propose(desk: _Desk, context: CommandContext) -> str:
    """Say which thresholds the moderators' corrections ask for."""
    policy = await desk.policies.policy(context.channel)
    labelled: dict[Category, list[tuple[float, bool]]] = {}
    for correction in await desk.corrections.all():
        judged = await desk.judgements.get(correction.judgement_id)
        scores: Mapping[str, float] = judged.scores if judged else {}
        if correction.category in scores:
            labelled.setdefault(correction.category, []).append(
                (scores[correction.category], correction.is_harmful)
            )
    lines = []
    for category, labels in sorted(labelled.items()):
        current = desk.threshold(policy, category)
        proposed = proposed_threshold(labels, current=current)
        if proposed is not None:
            lines.append(f"- `/safety {category.value} {proposed}` ({len(labels)})")
    head = (
        T("These thresholds fit your corrections better (number of corrections):")
        if lines
        else T("Your corrections ask for no other threshold yet.")
    )
    return "\n".join([desk.words.say(head, context.language), *lines])
