"""Sentences and words: taking a model's text apart, and what its words share.

Nothing here needs a dictionary. Languages written without spaces (Chinese, Japanese)
are compared by pairs of characters.
"""

import itertools
import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence

from content.languages import EMPTY_WORDS

__all__ = [
    "cleaned",
    "count_words",
    "distinct_share",
    "overlap",
    "packed_share",
    "script_of",
    "sentences",
    "stems",
    "words",
]

MARKER = re.compile(r"<\|[^|>]*\|>|</?s>|\[/?INST\]", re.IGNORECASE)
SPEAKER = re.compile(
    r"^\s*(?:assistant|user|system|answer|article|ai|bot)\s*[:：]\s*", re.IGNORECASE
)
LINE_MARK = re.compile(r"^\s*(?:#{1,6}\s+|>\s+|[-*•–]\s+|\(?\d{1,2}[.):]\s+)")
EMPHASIS = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")
# Possessive, and only at the first mark of several: a model may write dots for ever.
END = re.compile(
    r"""(?<![.!?…]) [.!?…]++ ["”’')\]]*+ (?=\s|$)   # a space follows,
      | (?<![。！？]) [。！？]++ ["”’』」）]*+         # or none is needed
    """,
    re.VERBOSE,
)
ABBREVIATION = re.compile(
    r"\b(?:[A-Z](?:\.[A-Z])*|e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr|St|No|approx)\.$"
)
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

PACKED_WORDS = 40
ENDINGS = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ies",
    "ied",
    "es",
    "ed",
    "ly",
)


def cleaned(text: str) -> str:
    """Return the text without chat markers, speaker names and markdown."""
    text = MARKER.sub("\n", unicodedata.normalize("NFC", text))
    lines = []
    for line in text.splitlines():
        bare = EMPHASIS.sub("", LINE_MARK.sub("", SPEAKER.sub("", line)))
        bare = " ".join(bare.split())
        if bare:
            lines.append(bare)
    return "\n".join(lines)


def sentences(text: str) -> list[str]:
    """Return the finished sentences in order; what has no end mark is left out."""
    found: list[str] = []
    for line in text.splitlines():
        start = 0
        for match in END.finditer(line):
            sentence = line[start : match.end()].strip()
            if not ABBREVIATION.search(sentence):
                found.append(sentence)
                start = match.end()
    return found


def words(text: str) -> list[str]:
    """Return the words in lower case; each CJK character counts as one."""
    found: list[str] = []
    for word in WORD.findall(text.lower().replace("’", "'")):
        if script_of(word) in ("HAN", "KANA"):
            found.extend(word)
        else:
            found.append(word)
    return found


def count_words(text: str) -> int:
    """Return how many words a text has."""
    return len(words(text))


def stems(text: str) -> frozenset[str]:
    """Return what the words that carry meaning have in common with their forms."""
    found: set[str] = set()
    for word in WORD.findall(text.lower().replace("’", "'")):
        if script_of(word) in ("HAN", "KANA"):
            found.update(a + b for a, b in itertools.pairwise(word))
        elif len(word) > 2 and word not in EMPTY_WORDS:
            found.add(_stem(word))
    return frozenset(found)


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + ("y" if ending in ("ies", "ied") else "")
            break
    else:
        if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
            word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeious":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] in "ey" else word


def overlap(one: Iterable[str], other: Iterable[str]) -> float:
    """Return the share of all that is in both, 0 to 1 (Jaccard)."""
    left, right = frozenset(one), frozenset(other)
    union = left | right
    return len(left & right) / len(union) if union else 0.0


def distinct_share(tokens: Sequence[str], size: int) -> float:
    """Return the share of n-grams of this size that differ; 1 for a short text."""
    grams = [tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)]
    return len(set(grams)) / len(grams) if grams else 1.0


def packed_share(tokens: Sequence[str]) -> float:
    """Return to what share of its length the most repetitive stretch packs.

    Stretches are 40 words long, so that texts of all lengths compare; 1 for a shorter
    text, of which this says nothing.
    """
    starts = range(0, len(tokens) - PACKED_WORDS + 1, PACKED_WORDS // 2)
    stretches = (" ".join(tokens[at : at + PACKED_WORDS]) for at in starts)
    return min(map(_packed, stretches), default=1.0)


def _packed(text: str) -> float:
    # A byte for each sign that differs, so that no alphabet packs better than another.
    numbers = {sign: index % 256 for index, sign in enumerate(dict.fromkeys(text))}
    raw = bytes(numbers[sign] for sign in text)
    return len(zlib.compress(raw, 9)) / len(raw)


def script_of(text: str) -> str:
    """Return the script most letters are of: LATIN, HAN, KANA, CYRILLIC, …; or ""."""
    counts: dict[str, int] = {}
    for character in text:
        if character.isalpha():
            name = _script(character)
            counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: counts[name]) if counts else ""


def _script(character: str) -> str:
    name = unicodedata.name(character, "").split(" ")[0]
    if name == "CJK":
        return "HAN"
    return "KANA" if name in ("HIRAGANA", "KATAKANA") else name
