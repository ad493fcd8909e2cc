"""Whether a text says only what its source says."""

import re
from collections.abc import Iterable

from content.quality import NAMES
from content.sentences import sentences, stems, words

__all__ = ["shortened", "untraceable", "worth_quoting"]

NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
NAME = re.compile(r"(?<![.!?…] )(?<!^)\b[A-Z][\w’'-]+")
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


def untraceable(text: str, source: str) -> tuple[str, ...]:
    """Return the numbers, names and words of a text that its source does not have.

    Numbers and names must all be there; of the other words nine in ten, so that a
    sentence can be put together anew and not invented.
    """
    known = source.lower().replace("’", "'")
    numbers = [n for n in NUMBER.findall(text) if n not in NUMBER.findall(source)]
    names = [
        name
        for name in [*NAME.findall(text), *NAMES.findall(text)]
        if name.lower().replace("’", "'").removesuffix("'s") not in known
    ]
    own, given = stems(text), stems(source)
    strange = sorted(own - given)
    if len(own & given) >= KNOWN_SHARE * len(own):
        strange = []
    return (*numbers, *names, *strange)


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
