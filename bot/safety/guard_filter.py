"""Judges what a text means, with a classifier, as strictly as the place wants it."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from typing_extensions import override

from bot.errors import UserError
from bot.safety.classifier import Scores, TextClassifier
from bot.safety.disguise import hidden_texts, unmask
from bot.safety.filter import Filter, Subject
from bot.safety.policy import Category, Level, Policy
from bot.safety.together import all_of
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

__all__ = ["ACTIONS", "ACTIONS_AT_STRICT", "GuardFilter"]

ACTIONS: Mapping[Stage, Mapping[Category, Action]] = {
    Stage.INPUT: {
        Category.SEXUAL_MINORS: Action.BLOCK,
        Category.SELF_HARM: Action.BLOCK,  # and the answer is care, not a rule
        Category.SEXUAL: Action.BLOCK,
        Category.HATE: Action.BLOCK,
        Category.HARASSMENT: Action.BLOCK,
        Category.VIOLENCE: Action.BLOCK,
        # People talk about prompts and play with the bot. What an injection does shows
        # in the answer, and every sentence of that is judged as well.
        Category.INJECTION: Action.FLAG,
    },
    Stage.OUTPUT: {
        Category.SEXUAL_MINORS: Action.BLOCK,
        Category.SELF_HARM: Action.BLOCK,
        Category.SEXUAL: Action.BLOCK,
        Category.HATE: Action.BLOCK,
        Category.HARASSMENT: Action.BLOCK,
        Category.VIOLENCE: Action.BLOCK,
        # Words that would steer a model hurt nobody who reads them; a lesson that says
        # "forget the rule before" is no attack.
        Category.INJECTION: Action.FLAG,
    },
}
"""What happens to a text in which a category was found."""

ACTIONS_AT_STRICT: Mapping[Stage, Mapping[Category, Action]] = {
    Stage.INPUT: {Category.INJECTION: Action.BLOCK},
    Stage.OUTPUT: {Category.INJECTION: Action.BLOCK},
}
"""What happens instead where the category is judged strictly."""

PRECEDENCE: Mapping[Category, int] = {Category.SEXUAL_MINORS: 2, Category.SELF_HARM: 1}
"""Which of several categories decides, before the surest: a person who speaks of harm
to themselves is not told off for violence."""

CONTEXT_LENGTH = 200
"""How many characters of what stands before a piece of an answer are judged with it."""


SHORT = 40
"""A piece of fewer characters says too little by itself to be clear."""

CLEAR = 0.05
"""Below this share of every threshold a piece of an answer is clear by itself."""


class GuardFilter(Filter):
    """Asks a classifier, and acts from the thresholds of the place's policy on.

    The text is judged as it stands, without its disguise, and with what is hidden in
    it; the highest probability of all forms counts. A piece of an answer is judged
    alone and, unless it is long and clear by itself, with the end of what stands before
    it, so that neither a bad sentence behind good ones nor one cut in two gets through.
    A piece is not blamed for what was bad without it: then only the piece alone counts.

    Messages that are not to the bot are flagged at most. Errors of the classifier are
    the chain's to handle.
    """

    name: ClassVar[str] = "guard"
    stages: ClassVar[frozenset[Stage]] = frozenset(Stage)

    def __init__(self, classifier: TextClassifier) -> None:
        self._classifier = classifier

    @override
    async def judge(self, subject: Subject) -> Verdict:
        limits = self._limits(subject.policy)
        if subject.is_instruction:
            limits.pop(Category.INJECTION, None)
        if not limits or not subject.text or subject.text.isspace():
            return ALLOW
        try:
            found = await self._look(subject, limits)
        except UserError:
            return Verdict(
                _bounded(Action.BLOCK, subject),
                category="length",
                score=1.0,
                filter=self.name,
                reason="longer than the classifier can read",
            )
        return self._decide(subject, found, limits)

    def _limits(self, policy: Policy) -> dict[Category, float]:
        """Return the probability from which each category counts that is judged."""
        limits = {}
        for category in Category:
            level = policy.level_of(category)
            if level is Level.OFF:
                continue
            limit = self._classifier.threshold(category, level)
            chosen = policy.thresholds.get(category, limit)
            # The protection of minors can be made stricter, never milder.
            limit = min(limit, chosen) if _is_firm(category) else chosen
            if limit <= 1:
                limits[category] = limit
        return limits

    async def _look(
        self, subject: Subject, limits: Mapping[Category, float]
    ) -> dict[Category, float]:
        text, before = subject.text, _context(subject)
        if not before:
            return await self._ask(text, subject.stage)
        alone = await self._ask(text, subject.stage)
        if len(text) >= SHORT and _is_clear(alone, limits):
            return alone
        together = await self._ask(before + text, subject.stage)
        blamed = [
            category
            for category, limit in limits.items()
            if together.get(category, -1.0) >= limit > alone.get(category, -1.0)
        ]
        if blamed:  # seldom, so it costs next to nothing
            without = await self._ask(before, subject.stage)
            for category in blamed:
                if without.get(category, -1.0) >= limits[category]:
                    del together[category]
        return _highest((alone, together))

    async def _ask(self, text: str, stage: Stage) -> dict[Category, float]:
        """Return the highest probabilities of all forms of a text."""
        forms = dict.fromkeys((text, unmask(text), *hidden_texts(text)))
        return _highest(
            await all_of(
                self._classifier.classify(form, stage)
                for form in forms
                if form and not form.isspace()
            )
        )

    def _decide(
        self,
        subject: Subject,
        found: Mapping[Category, float],
        limits: Mapping[Category, float],
    ) -> Verdict:
        scores = {str(category): score for category, score in found.items()}
        actions = {
            category: _bounded(_action(category, subject), subject)
            for category, limit in limits.items()
            if category in found and found[category] >= limit
        }
        if not actions:
            return Verdict(Action.ALLOW, scores=scores)
        category = max(
            actions, key=lambda c: (actions[c], PRECEDENCE.get(c, 0), found[c])
        )
        return Verdict(
            actions[category],
            category=str(category),
            score=found[category],
            filter=self.name,
            reason=f"{category} {found[category]:.2f}, "
            f"threshold {limits[category]:.2f}",
            scores=scores,
        )


def _is_clear(scores: Scores, limits: Mapping[Category, float]) -> bool:
    return all(scores.get(one, 0.0) < CLEAR * limit for one, limit in limits.items())


def _is_firm(category: Category) -> bool:
    return category is Category.SEXUAL_MINORS


def _action(category: Category, subject: Subject) -> Action:
    action = ACTIONS[subject.stage][category]
    if subject.policy.level_of(category) is Level.STRICT:
        return ACTIONS_AT_STRICT[subject.stage].get(category, action)
    return action


def _bounded(action: Action, subject: Subject) -> Action:
    return action if subject.is_to_bot else min(action, Action.FLAG)


def _context(subject: Subject) -> str:
    """Return what an answer's piece is judged with: whole words, "" where none."""
    if subject.stage is not Stage.OUTPUT or subject.before.isspace():
        return ""
    end = subject.before[-CONTEXT_LENGTH:]
    if len(end) == len(subject.before):
        return end
    # Half a word may be another, bad one; where there are no spaces it has to do.
    _, _, whole_words = end.partition(" ")
    return whole_words if len(whole_words) > CONTEXT_LENGTH // 2 else end


def _highest(found: Iterable[Scores]) -> dict[Category, float]:
    """Return the highest probability of each category.

    Raises:
        ValueError: one is no probability; passing it on could let everything through.
    """
    highest: dict[Category, float] = {}
    for scores in found:
        for category, score in scores.items():
            if not 0 <= score <= 1:
                raise ValueError(f"{category} has a probability of {score}")
            highest[category] = max(score, highest.get(category, 0.0))
    return highest
