"""Whether two topics are the same said otherwise."""

from collections.abc import Sequence

from typing_extensions import override

from bot.meaning.meanings import Meanings
from content.quality import is_in_language
from content.sources.likeness import Likeness, WordLikeness, differ_in_number

__all__ = ["MeaningLikeness"]

OF_WORDS = 0.3
"""Shared words bring topics near that differ in the one word that counts: "the history
of tea", "the history of coffee". So much of the words' likeness is taken off."""
NEAR = 0.54
"""Chosen on tests/content/sources/topic_pairs.tsv; figures in docs/log.md."""
NUM_COMPARED = 400
"""Of the others, the first, which are the latest: years of posts would take minutes."""


class MeaningLikeness(Likeness):
    """Compares what topics mean, and words where the model cannot tell.

    "Baking bread at home" and "make your own loaf" are alike. Numbers must be the same.
    `language` is one that the model knows; topics that are seen to be in another are
    compared by their words, too.
    """

    alike = WordLikeness.alike

    def __init__(self, meanings: Meanings, *, language: str) -> None:
        self._meanings = meanings
        self._language = language
        self._words = WordLikeness()

    @override
    async def measure(self, topic: str, others: Sequence[str]) -> tuple[float, ...]:
        by_words = await self._words.measure(topic, others)
        latest = range(min(len(others), NUM_COMPARED))
        compared = [at for at in latest if self._is_known(others[at])]
        if not compared or not self._is_known(topic):
            return by_words
        texts = (topic, *(others[at] for at in compared))
        vectors = await self._meanings.embed([_folded(text) for text in texts])
        if vectors is None:
            return by_words
        found = list(by_words)
        for at, cosine in zip(compared, vectors[1:] @ vectors[0], strict=True):
            found[at] = _likeness(topic, others[at], by_words[at], float(cosine))
        return tuple(found)

    def _is_known(self, text: str) -> bool:
        return is_in_language(text, self._language)


def _folded(text: str) -> str:
    return text.casefold().strip(" .!?…")


def _likeness(topic: str, other: str, by_words: float, cosine: float) -> float:
    """Return a value on the scale of words, so that one threshold fits both."""
    if by_words == 1.0 or differ_in_number(topic, other):
        return by_words
    value = max(0.0, cosine - OF_WORDS * by_words)
    alike = MeaningLikeness.alike
    if value < NEAR:
        return alike * value / NEAR * 0.99
    return min(1.0, alike + (1 - alike) * (value - NEAR) / (1 - NEAR))
