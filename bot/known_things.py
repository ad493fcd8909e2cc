"""What a small model knows how to draw, and which of it a text is about.

A model that learnt names of things draws a blob for a sentence. So the thing that a
sentence names is found, and only that is drawn.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

__all__ = ["NAMES_FILE", "KnownThings"]

NAMES_FILE = "names.json"
"""In the model's folder: each thing's name, with further words for it."""

MOST_THINGS = 4
"""A further word that more things share says too little, but in a thing's name."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SMALL = {
    *("an", "and", "at", "for", "from", "how", "in", "is", "it", "my", "of", "on"),
    *("one", "or", "that", "the", "to", "up", "we", "with", "you", "your"),
    *("are", "be", "best", "can", "do", "good", "make", "new", "not", "was", "well"),
    *("what", "when", "where", "which", "who", "why"),
}
"""Words that name nothing, though one of them may be a word for something."""

_UNWANTED = re.compile(r"(?i)\b(?:no|without)\s+\w+")


class KnownThings:
    """Finds things that are named in texts; names count before further words."""

    def __init__(self, things: Mapping[str, Sequence[str]]) -> None:
        self._names = {_folded(name): name for name in reversed([*things])}
        shared: dict[tuple[str, ...], list[str]] = {}
        for name, words in things.items():
            for word in words:
                shared.setdefault(_folded(word), []).append(name)
        self._words = {
            word: named
            for word, names in shared.items()
            if len("".join(word)) > 1 and (named := _best(word, names))
        }
        self._longest = max((len(name) for name in self._names), default=0)

    @classmethod
    def read(cls, folder: Path) -> "KnownThings | None":
        """Return what the model in a folder knows; None where it does not say."""
        path = folder / NAMES_FILE
        if not path.is_file():
            return None
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def named_in(self, text: str) -> str | None:
        """Return the first thing that a text names, the longest name first."""
        words = _folded(_UNWANTED.sub(" ", text))
        for known in (self._names, self._words):
            for phrase in _phrases(words, self._longest):
                if phrase in known and not _SMALL.issuperset(phrase):
                    return known[phrase]
        return None


def _best(word: tuple[str, ...], names: Sequence[str]) -> str:
    """Return the thing that a further word stands for; "" where it says too little."""
    having = [name for name in names if set(word) <= set(_folded(name))]
    if having:
        return min(having, key=len)
    return names[0] if len(names) <= MOST_THINGS else ""


def _phrases(words: Sequence[str], longest: int) -> Iterator[tuple[str, ...]]:
    for start in range(len(words)):
        for size in range(min(longest, len(words) - start), 0, -1):
            yield tuple(words[start : start + size])


def _folded(text: str) -> tuple[str, ...]:
    """Return the words of a text in small letters, and in the singular."""
    return tuple(_singular(word) for word in _words(text))


def _words(text: str) -> Iterable[str]:
    return (found[0].casefold() for found in _WORD.finditer(text))


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "ves")):
        return f"{word[:-3]}f" if word.endswith("ves") else word[:-2]
    return word.removesuffix("s")
