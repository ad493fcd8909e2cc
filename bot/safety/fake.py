"""A filter and a classifier for tests that do as they are told."""

import asyncio
from collections.abc import Callable, Mapping
from typing import ClassVar

from typing_extensions import override

from bot.errors import UserError
from bot.safety.classifier import NEVER, Scores, TextClassifier
from bot.safety.filter import Filter, Subject
from bot.safety.policy import Category, Level
from bot.safety.verdict import Stage, Verdict
from bot.words import T

__all__ = ["FakeClassifier", "FakeFilter", "NoClassifier"]


class FakeFilter(Filter):
    """Answers with what a function says; without one it hangs for ever.

    Attributes:
        asked: what it was asked so far, in order.
    """

    name: ClassVar[str] = "fake"
    stages: ClassVar[frozenset[Stage]] = frozenset(Stage)

    def __init__(self, answer: Callable[[Subject], Verdict] | None = None) -> None:
        self.asked: list[Subject] = []
        self._answer = answer

    @override
    async def judge(self, subject: Subject) -> Verdict:
        self.asked.append(subject)
        if self._answer is None:
            never: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
            return await never
        return self._answer(subject)


FAKE_THRESHOLDS: Mapping[Level, float] = {
    Level.OFF: NEVER,
    Level.RELAXED: 0.9,
    Level.STANDARD: 0.7,
    Level.STRICT: 0.4,
}


class NoClassifier(TextClassifier):
    """Finds nothing and remembers nothing: for measuring all that is not the guard."""

    name = "none"

    @override
    async def classify(self, text: str, stage: Stage) -> Scores:
        return {}

    @override
    def threshold(self, category: Category, level: Level) -> float:
        return NEVER


class FakeClassifier(TextClassifier):
    """Finds what a function says, or what a table says about words in the text.

    A category that the table does not name for a text has the probability 0. The
    thresholds are the same for every category: 0.9, 0.7 and 0.4. A text of more than
    `max_length` characters is refused with a UserError.

    Attributes:
        asked: what it was asked so far, in order.
    """

    def __init__(
        self,
        scores: Mapping[str, Scores] | Callable[[str, Stage], Scores],
        *,
        max_length: int = 1_000_000,
        name: str = "fake",
    ) -> None:
        self.name = name
        self.asked: list[tuple[str, Stage]] = []
        self._scores = _looked_up(scores) if isinstance(scores, Mapping) else scores
        self._max_length = max_length

    @override
    async def classify(self, text: str, stage: Stage) -> Scores:
        self.asked.append((text, stage))
        if len(text) > self._max_length:
            raise UserError(T("The text is too long."))
        return self._scores(text, stage)

    @override
    def threshold(self, category: Category, level: Level) -> float:
        return FAKE_THRESHOLDS[level]


def _looked_up(table: Mapping[str, Scores]) -> Callable[[str, Stage], Scores]:
    def scores(text: str, stage: Stage) -> Scores:
        found = dict.fromkeys(Category, 0.0)
        for word, named in table.items():
            if word in text.casefold():
                for category, score in named.items():
                    found[category] = max(score, found[category])
        return found

    return scores
