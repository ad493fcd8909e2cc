"""Whether a text keeps to its topic: by meaning where that can be told, else by words.

Articles of the starter model had a cosine of 0.71 to 0.89 with their own topic, and of
-0.13 to 0.27 with others' (docs/log.md).
"""

from collections.abc import Sequence

from bot.meaning.meanings import Meanings
from bot.words import T, Text
from content.nearness import nearness
from content.quality import Part
from content.sentences import sentences, stems

__all__ = ["relevance_part"]

NEAR_WHOLE = 0.42
"""Halfway between the furthest text of its topic and the nearest of another."""
NEAR_PASSAGE = 0.25
"""Of three sentences in a row: one alone may well say "It is worth the wait"."""
FAR_SENTENCE = 0.12
PASSAGE_SENTENCES = 3
MOST_FAR = 0.34
"""The share of sentences far off from which a text is not good enough."""
LEAST_WORDS_SHARE = 0.4
NUM_NAMED, NAMED_CHARS = 2, 90


async def relevance_part(
    text: str, topic: str, *, language: str, meanings: Meanings
) -> Part:
    """Return how near a text is to its topic; the reason names what is far off."""
    found = sentences(text)
    if not stems(topic):
        return Part("relevance", 1.0)
    passages = _passages(found)
    pieces = [text, *found, *passages]
    near = await nearness(meanings, pieces, [topic], language=language)
    if near is None:
        return _by_words(text, topic)
    whole, *others = (float(row[0]) for row in near)
    by_sentence, by_passage = others[: len(found)], others[len(found) :]
    far = [
        one
        for one, value in zip(found, by_sentence, strict=True)
        if value < FAR_SENTENCE
    ]
    far_passages = [
        one
        for one, value in zip(passages, by_passage, strict=True)
        if value < NEAR_PASSAGE
    ]
    share = len(far) / max(1, len(found))
    value = (min(1.0, max(0.0, whole) / (2 * NEAR_WHOLE)) + 1 - share) / 2
    reason: Text | None = None
    if whole < NEAR_WHOLE:
        reason = T("it leaves its topic")
    elif far_passages or share > MOST_FAR:
        reason = T(
            "it leaves its topic here: {sentences}",
            sentences=_named(far or far_passages),
        )
    return Part("relevance", value, reason)


def _passages(found: Sequence[str]) -> list[str]:
    """Return three sentences at a time; the last ones again where one is left over."""
    size = PASSAGE_SENTENCES
    starts = (min(at, max(0, len(found) - size)) for at in range(0, len(found), size))
    return [" ".join(found[at : at + size]) for at in starts]


def _named(texts: Sequence[str]) -> str:
    return " … ".join(f"“{text[:NAMED_CHARS]}”" for text in texts[:NUM_NAMED])


def _by_words(text: str, topic: str) -> Part:
    """Half for how much of the topic comes up, half for how many sentences touch it."""
    wanted = stems(topic)
    named = len(wanted & stems(text)) / len(wanted)
    found = sentences(text)
    touching = sum(bool(wanted & stems(sentence)) for sentence in found)
    value = (named + touching / max(1, len(found))) / 2
    reason = None if value >= LEAST_WORDS_SHARE else T("it leaves its topic")
    return Part("relevance", value, reason)
