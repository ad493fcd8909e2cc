"""Whether two topics are the same said otherwise."""

from collections.abc import Sequence

from typing_extensions import override

from bot.meaning.meanings import Meanings
from content.sources.likeness import Likeness, WordLikeness, differ_in_number

__all__ = ["MeaningLikeness"]

OF_WORDS = 0.3
"""Shared words bring topics near that differ in the one word that counts: "the history
of tea", "the history of coffee". So much of the words' likeness is taken off."""
NEAR = 0.54
"""Chosen on tests/content/sources/topic_pairs.tsv; figures in docs/log.md."""


class MeaningLikeness(Likeness):
    """Compares what topics mean, and words where the model cannot tell.

    "Baking bread at home" and "make your own loaf" are alike. Numbers must be the same.
    """

    alike = WordLikeness.alike

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings
        self._words = WordLikeness()

    @override
    async def measure(self, topic: str, others: Sequence[str]) -> tuple[float, ...]:
        by_words = await self._words.measure(topic, others)
        folded = [text.casefold().strip(" .!?…") for text in (topic, *others)]
        vectors = await self._meanings.embed(folded) if others else None
        if vectors is None:
            return by_words
        near = vectors[1:] @ vectors[0]  # (others,)
        return tuple(
            _likeness(topic, other, words, float(cosine))
            for other, words, cosine in zip(others, by_words, near, strict=True)
        )


def _likeness(topic: str, other: str, by_words: float, cosine: float) -> float:
    """Return a value on the scale of words, so that one threshold fits both."""
    if by_words == 1.0 or differ_in_number(topic, other):
        return by_words
    value = max(0.0, cosine - OF_WORDS * by_words)
    alike = MeaningLikeness.alike
    if value < NEAR:
        return alike * value / NEAR * 0.99
    return min(1.0, alike + (1 - alike) * (value - NEAR) / (1 - NEAR))
