"""Whether a text says only what its source says."""

import re
from collections.abc import Iterable, Sequence

from bot.meaning.meanings import NO_MEANINGS, Meanings
from content.languages import EMPTY_WORDS
from content.nearness import nearness
from content.quality import NAMES
from content.sentences import sentences, stems, words

__all__ = ["shortened", "untraced", "worth_quoting"]

NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
NAME = re.compile(r"(?<![.!?…] )(?<!^)\b[A-Z][\w’'-]+")
OPENING_NAME = re.compile(r"^[\"“„«]?([A-Z][\w’'-]+)(?=\s+[A-Z])")
ASIDE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）)")
ODD = re.compile(
    r"\b(?:click|subscribe|sign up|newsletter|cookies?|read more|continue reading|"
    r"advert\w*|sponsored|photo:|image:|copyright|all rights reserved|share this|"
    r"follow us|this post|appeared first)\b|点击|订阅|版权|阅读全文",
    re.IGNORECASE,
)
FIRST_PERSON = re.compile(r"\b(?:I|I['’]\w+|[Mm]y|[Ww]e|[Oo]ur)\b")
LEAST_WORDS, MOST_WORDS = 6, 45
KNOWN_SHARE = 0.9
NEAR_CLAIM = 0.6
"""Paraphrases of a sentence were 0.62 and nearer to it (docs/log.md). Others about the
same thing may be nearer, too, so names and figures are looked at besides."""
NUM_PLACES = 3


async def untraced(
    text: str,
    source: str,
    *,
    title: str = "",
    language: str = "en",
    meanings: Meanings = NO_MEANINGS,
) -> tuple[str, ...]:
    """Return the sentences of a text that no place of its source says.

    A place is a sentence with the two around it. It must have all the numbers and names
    of the claim, and nine in ten of its other words or, where that can be told, its
    meaning: figures that stand far apart make no claim together.
    """
    own = sentences(text)
    given = [title, *(sentences(source) or [source])]
    near = await nearness(meanings, own, given, language=language)
    found: list[str] = []
    for index, claim in enumerate(own):
        closeness = (
            [_known_share(claim, one) for one in given]
            if near is None
            else [float(value) for value in near[index]]
        )
        if not any(
            _says(_around(given, place), claim, is_near=is_near)
            for place, is_near in _likeliest(closeness, by_meaning=near is not None)
        ):
            found.append(claim)
    return tuple(found)


def _likeliest(
    closeness: Sequence[float], *, by_meaning: bool
) -> list[tuple[int, bool]]:
    """Return the closest places, and whether each means what the claim does."""
    order = sorted(range(len(closeness)), key=lambda at: -closeness[at])
    return [
        (at, by_meaning and closeness[at] >= NEAR_CLAIM) for at in order[:NUM_PLACES]
    ]


def _around(given: Sequence[str], place: int) -> str:
    """Return a sentence with those beside it, and the title."""
    return " ".join([given[0], *given[max(1, place - 1) : place + 2]])


def _says(source: str, claim: str, *, is_near: bool) -> bool:
    is_known = is_near or _known_share(claim, source) >= KNOWN_SHARE
    return is_known and not _strange_claims(claim, source)


def _known_share(text: str, source: str) -> float:
    own = stems(text)
    return len(own & stems(source)) / len(own) if own else 1.0


def _strange_claims(text: str, source: str) -> tuple[str, ...]:
    known = source.lower().replace("’", "'")
    given = NUMBER.findall(source)
    numbers = [number for number in NUMBER.findall(text) if number not in given]
    first = [
        name for name in OPENING_NAME.findall(text) if name.lower() not in EMPTY_WORDS
    ]
    names = [
        name
        for name in [*first, *NAME.findall(text), *NAMES.findall(text)]
        if name.lower().replace("’", "'").removesuffix("'s") not in known
    ]
    return (*numbers, *names)


def worth_quoting(text: str) -> Iterable[str]:
    """Yield the sentences that can stand alone outside their text, in order."""
    for sentence in sentences(text):
        num_words = len(words(sentence))
        most = MOST_WORDS if sentence.isascii() or " " in sentence else 3 * MOST_WORDS
        is_odd = ODD.search(sentence) or FIRST_PERSON.search(sentence)
        is_open = sentence.count('"') % 2 or sentence.count("“") != sentence.count("”")
        if LEAST_WORDS <= num_words <= most and not is_odd and not is_open:
            yield sentence


def shortened(sentence: str) -> str:
    """Return a sentence without what stands in brackets."""
    return " ".join(ASIDE.sub("", sentence).split())
