"""Small fingerprints of texts, to tell whether two of them are nearly the same."""

import re
from itertools import pairwise

from bot.safety.folding import fold_words, is_in_word

__all__ = ["Sketch", "likeness", "sketch", "weight"]

Sketch = frozenset[int]

MAX_LENGTH = 8000
"""Of the text, in characters; only so much is looked at."""

SIZE = 96
"""How many of the smallest hashes are kept."""

_SHINGLE = 4
_DIGITS = re.compile(r"\d+")


def sketch(text: str) -> Sketch:
    """Return the fingerprint; numbers, case, signs and spaces make no difference."""
    folded = _DIGITS.sub("0", fold_words(text[:MAX_LENGTH]))
    line = "".join(folded.split())
    last = max(1, len(line) - _SHINGLE + 1)
    shingles = {hash(line[at : at + _SHINGLE]) for at in range(last)}
    return frozenset(sorted(shingles)[:SIZE])


def likeness(one: Sketch, other: Sketch) -> float:
    """Return how much of two texts is the same, 0 to 1; an estimate for long ones."""
    num_common = len(one & other)
    size = min(SIZE, len(one) + len(other) - num_common)
    if num_common * 2 < size:
        return num_common / size  # it cannot be more, and that is all that matters
    smallest = sorted(one | other)[:SIZE]
    return sum(each in one and each in other for each in smallest) / size


def weight(text: str) -> int:
    """Return the letters of the text; those of scripts without spaces count for three.

    Letters in a row count once: "hahaha" is longer than "aaaaaaaa".
    """
    letters = [char for char in text[:MAX_LENGTH] if char.isalpha()]
    different = [one for one, other in pairwise([*letters, ""]) if one != other]
    return sum(1 if is_in_word(char) else 3 for char in different)
