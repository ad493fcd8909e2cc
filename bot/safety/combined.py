"""Several classifiers that judge as one."""

import math
from collections.abc import Sequence

from typing_extensions import override

from bot.safety.classifier import NEVER, Scores, TextClassifier
from bot.safety.policy import Category, Level
from bot.safety.together import all_of
from bot.safety.verdict import Stage

__all__ = ["CombinedClassifier"]

LEVELS = (Level.STRICT, Level.STANDARD, Level.RELAXED)


class CombinedClassifier(TextClassifier):
    """Asks all at once; the highest probability of a category counts.

    The thresholds are those of the first classifier that has one. Where another has
    other ones, what it finds is moved so that each level acts exactly when it would
    have acted for that classifier alone. If one cannot judge, none has judged.
    """

    def __init__(self, classifiers: Sequence[TextClassifier]) -> None:
        self.name = "+".join(classifier.name for classifier in classifiers)
        self._classifiers = tuple(classifiers)

    @override
    async def classify(self, text: str, stage: Stage) -> Scores:
        all_scores = await all_of(
            classifier.classify(text, stage) for classifier in self._classifiers
        )
        highest: dict[Category, float] = {}
        for classifier, scores in zip(self._classifiers, all_scores, strict=True):
            for category, score in scores.items():
                moved = self._moved(classifier, category, score)
                highest[category] = max(moved, highest.get(category, 0.0))
        return highest

    @override
    def threshold(self, category: Category, level: Level) -> float:
        for classifier in self._classifiers:
            threshold = classifier.threshold(category, level)
            if threshold < NEVER:
                return threshold
        return NEVER

    def _moved(
        self, classifier: TextClassifier, category: Category, score: float
    ) -> float:
        """Return a probability on the common scale, as near as may be to its own."""
        lowest, highest = 0.0, 1.0
        for level in LEVELS:
            common = self.threshold(category, level)
            if common >= NEVER:
                continue
            if score >= classifier.threshold(category, level):
                lowest = max(lowest, common)
            else:
                highest = min(highest, math.nextafter(common, 0.0))
        return max(min(score, highest), lowest)
