"""Makes texts alike that people read alike: case, width, accents, unseen characters.

Works character by character, so that the time is linear: normalizing a whole text takes
quadratic time where somebody piles up combining marks.
"""

import re
import unicodedata
from collections.abc import Callable

__all__ = ["fold", "fold_words", "has_signs", "is_in_word"]

_ACCENTS = re.compile("[\u0300-\u036f]")

_UNSEEN = re.compile(
    "[\u115f\u1160\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
"""What is not seen although Unicode does not call it a format character."""

_NO_SPACES = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007"
    "\u3040-\u3098\u309b-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\ua4cf"
    "\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
"""Characters of scripts that put no spaces between words."""

_VOICED = "\u3099"
_HALF_VOICED = "\u309a"

_MAX_REMEMBERED = 20_000


def fold(text: str) -> str:
    """Return the text without differences of case, width and accent."""
    return text.translate(_FOLDED)


def fold_words(text: str) -> str:
    """Return the folded words of a text with spaces between them.

    Each character of a script without spaces is a word of its own.
    """
    words = text.translate(_FOLDED_WORDS)
    # The marks of kana follow a character that has just been set apart.
    for mark in (_VOICED, _HALF_VOICED):
        words = words.replace(f" {mark}", f"{mark} ")
    return words


def has_signs(text: str) -> bool:
    """Return whether the text has more than letters, marks, digits and spaces."""
    return any(
        unicodedata.category(char)[0] in "PS" and not _UNSEEN.match(char)
        for char in text
    )


def is_in_word(char: str) -> bool:
    """Return whether a character is a part of words that have spaces around them."""
    return unicodedata.category(char)[0] in "LMN" and not _NO_SPACES.match(char)


class _Table(dict[int, str]):
    """What each character becomes, found out when it is first met."""

    def __init__(self, become: Callable[[str], str]) -> None:
        super().__init__()
        self._become = become

    def __missing__(self, code: int) -> str:
        if len(self) >= _MAX_REMEMBERED:
            self.clear()
        self[code] = become = self._become(chr(code))
        return become


def _fold_char(char: str) -> str:
    if unicodedata.category(char) == "Cf" or _UNSEEN.match(char):
        return ""
    caseless = unicodedata.normalize("NFKD", char).casefold()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", caseless))


def _fold_word_char(char: str) -> str:
    return "".join(_set_apart(folded) for folded in _fold_char(char))


def _set_apart(char: str) -> str:
    if _NO_SPACES.match(char):
        return f" {char} "
    return char if unicodedata.category(char)[0] in "LMN" else " "


_FOLDED = _Table(_fold_char)
_FOLDED_WORDS = _Table(_fold_word_char)
