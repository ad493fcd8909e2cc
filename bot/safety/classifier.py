"""What judges the meaning of a text: a small model of our own, or a bigger one by name.

A classifier says how probable each category is; what follows from that is decided by
the policy of the place (bot.safety.policy) in the guard's filter.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from bot.safety.policy import Category, Level
from bot.safety.verdict import Stage

__all__ = ["NEVER", "Scores", "TextClassifier"]

Scores = Mapping[Category, float]
"""Calibrated probabilities, 0 to 1; what a classifier cannot see is absent."""

NEVER = 2.0
"""A threshold that no probability reaches."""


class TextClassifier(ABC):
    """Gives probabilities for texts. Calls may overlap; none blocks the event loop.

    Attributes:
        name: what is noted beside each verdict, such as "hearthguard-1".
    """

    name: str

    @abstractmethod
    async def classify(self, text: str, stage: Stage) -> Scores:
        """Return how probable each category is. Any text is judged to its end.

        Raises:
            HearthbotError: the model is not there or could not judge.
        """

    @abstractmethod
    def threshold(self, category: Category, level: Level) -> float:
        """Return the probability from which a level acts; NEVER where it never does."""
