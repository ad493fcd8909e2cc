"""Whether a text tells what was told before, or copies its source.

A sentence was told before where it shares most of its words with an earlier one, a run
of words, or its meaning: paraphrases were 0.62 to 0.88 apart, other sentences about the
same thing 0.15 to 0.70 (docs/log.md).
"""

import re
from collections.abc import Sequence

from bot.meaning.meanings import Meanings
from bot.words import T
from content.drafting import Brief
from content.languages import is_spaced
from content.nearness import nearest, nearness
from content.quality import Part, is_like
from content.sentences import sentences, words

__all__ = [
    "NUM_RECENT_POSTS",
    "copied",
    "copies",
    "copying_part",
    "originality_part",
]

TOLD = 0.72
MOST_TOLD, MOST_RETOLD = 0.3, 0.5
"""The share of sentences like earlier ones from which a text was told before: in much
the same words, and in any words."""
NUM_RECENT_POSTS = 10
"""So many of the latest posts are compared by meaning. What was told before them may be
told again in other words: short lists of topics come round."""
NUM_NEAR_POSTS = 5
"""Posts whose every sentence is compared; of the others, only what they open with."""
OPENING_CHARS = 300
COPIED_WORDS, COPIED_CHARACTERS = 8, 20
"""So many in a row are a copy; characters in languages without spaces."""
QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」|『[^』]*』")


async def originality_part(
    text: str,
    earlier: Sequence[str],
    *,
    told: Sequence[str],
    language: str,
    meanings: Meanings,
) -> Part:
    """Return how much of a text is new beside the earlier ones.

    `told` are texts in it that do not count: a kind repeats them by design. Nor does a
    sentence that is a quotation.
    """
    designed = {sentence for one in told for sentence in sentences(one)}
    own = [
        sentence
        for sentence in sentences(text)
        if sentence not in designed and words(QUOTED.sub(" ", sentence))
    ]
    known = [sentence for post in earlier for sentence in sentences(post)]
    runs = _runs(earlier, language)
    told_again = [
        is_like(sentence, known) or bool(_runs([sentence], language) & runs)
        for sentence in own
    ]
    near = await _near_posts(text, earlier, language=language, meanings=meanings)
    close = await nearest(meanings, own, near, language=language)
    retold = told_again
    if close is not None:
        pairs = zip(told_again, close, strict=True)
        retold = [by_words or value >= TOLD for by_words, value in pairs]
    by_words, by_any = (sum(one) / max(1, len(own)) for one in (told_again, retold))
    is_told = by_words > MOST_TOLD or by_any > MOST_RETOLD
    reason = T("it was told before") if is_told else None
    return Part("originality", 1.0 - by_any, reason)


def copying_part(
    text: str, sources: Sequence[str], *, topic: str, language: str
) -> Part:
    """Return whether a text copies its sources without saying so.

    What it quotes may be theirs, and so may its topic.
    """
    found = copied(text, sources, topic=topic, language=language)
    if not found:
        return Part("copying", 1.0)
    num_copied = sum(map(len, found))
    value = 1.0 - min(1.0, num_copied / max(1, len(words(text))))
    example = (" " if is_spaced(language) else "").join(found[0])
    return Part("copying", value, T("it copies its source: “{words}”", words=example))


def copies(sentence: str, brief: Brief) -> bool:
    """Return whether a sentence copies what the writer was told to know."""
    sources = [brief.outside] if brief.outside else []
    found = copied(sentence, sources, topic=brief.topic, language=brief.language)
    return bool(found)


def copied(
    text: str, sources: Sequence[str], *, topic: str = "", language: str = "en"
) -> list[tuple[str, ...]]:
    """Return the runs of words outside quotes that a source has, too, in order."""
    size = _run_length(language)
    known = _runs(sources, language) - _runs([topic], language)
    found: list[tuple[str, ...]] = []
    for piece in QUOTED.split(text):
        own = words(piece)
        at = 0
        while at + size <= len(own):
            end = at + size
            if tuple(own[at:end]) not in known:
                at += 1
                continue
            while end < len(own) and tuple(own[end + 1 - size : end + 1]) in known:
                end += 1
            found.append(tuple(own[at:end]))
            at = end
    return found


async def _near_posts(
    text: str, earlier: Sequence[str], *, language: str, meanings: Meanings
) -> list[str]:
    """Return the sentences of the latest posts that open most like the text."""
    openings = [post[:OPENING_CHARS] for post in earlier[:NUM_RECENT_POSTS]]
    found = await nearness(meanings, [text], openings, language=language)
    if found is None:
        return []
    order = sorted(range(len(openings)), key=lambda at: -float(found[0, at]))
    return [one for at in order[:NUM_NEAR_POSTS] for one in sentences(earlier[at])]


def _runs(texts: Sequence[str], language: str) -> frozenset[tuple[str, ...]]:
    size = _run_length(language)
    runs: set[tuple[str, ...]] = set()
    for text in texts:
        own = words(text)
        runs.update(tuple(own[at : at + size]) for at in range(len(own) - size + 1))
    return frozenset(runs)


def _run_length(language: str) -> int:
    return COPIED_WORDS if is_spaced(language) else COPIED_CHARACTERS
