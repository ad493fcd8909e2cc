"""How much two topics are about the same."""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Sequence

from typing_extensions import override

from content.sentences import overlap, stems

__all__ = ["Likeness", "WordLikeness", "differ_in_number"]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SPACE = re.compile(r"[\W_]+")


class Likeness(ABC):
    """Measures likeness. `alike` is the value from which on two count as the same."""

    alike: float

    @abstractmethod
    async def measure(self, topic: str, others: Sequence[str]) -> tuple[float, ...]:
        """Return how like each of the others a topic is: 0 not at all, 1 the same."""

    async def is_like_any(self, topic: str, others: Sequence[str]) -> bool:
        """Return whether a topic counts as the same as one of the others."""
        return max(await self.measure(topic, others), default=0.0) >= self.alike


class WordLikeness(Likeness):
    """Compares words that carry meaning, and letters where there are few words.

    It knows no synonyms: "tea in winter" and "hot drinks for cold days" are unlike.
    """

    alike = 0.6

    @override
    async def measure(self, topic: str, others: Sequence[str]) -> tuple[float, ...]:
        return tuple(_likeness(topic, other) for other in others)


def _likeness(one: str, other: str) -> float:
    one, other = _folded(one), _folded(other)
    if one == other:
        return 1.0
    if differ_in_number(one, other):
        return 0.0
    return max(overlap(stems(one), stems(other)), overlap(_grams(one), _grams(other)))


def differ_in_number(one: str, other: str) -> bool:
    """Return whether numbers tell two topics apart: issue 571 is not issue 572."""
    return set(_NUMBER.findall(one)) != set(_NUMBER.findall(other))


def _folded(text: str) -> str:
    """Return a text without case, accents and ways to write the same sign."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(unicodedata.normalize("NFC", bare).split())


def _grams(text: str) -> frozenset[str]:
    padded = f" {_SPACE.sub(' ', text).strip()} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))
