"""How a text is prepared for the guard, in training and in use alike.

Character by character, so that the time is linear: width, case, unseen characters and
marks that are piled up make no difference; accents of letters do.
"""

import re
import unicodedata

__all__ = ["LONGEST_WINDOW", "prepare", "windows"]

LONGEST_WINDOW = 128  # tokens, with the two marks
OVERLAP = 32  # tokens that a window shares with the one before
START, END = 0, 2  # the tokens around each window

_MARKS = re.compile("[\u0300-\u036f\u2800\u3164\u115f\u1160\uffa0\ufe00-\ufe0f]")
_GAPS = re.compile(r"\s+")
_MAX_REMEMBERED = 20_000


class _Table(dict[int, str]):
    """What each character becomes, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        if len(self) >= _MAX_REMEMBERED:
            self.clear()
        self[code] = become = _alike(chr(code))
        return become


def _alike(char: str) -> str:
    if char.isspace():
        return " "
    if unicodedata.category(char) in {"Cc", "Cf", "Cs"}:
        return ""
    return _MARKS.sub("", unicodedata.normalize("NFKC", char).casefold())


_ALIKE = _Table()


def prepare(text: str) -> str:
    """Return the text as the guard reads it."""
    return _GAPS.sub(" ", text.translate(_ALIKE)).strip()


def windows(tokens: list[int]) -> list[list[int]]:
    """Return the tokens in overlapping windows, a mark at each end; at least one."""
    room = LONGEST_WINDOW - 2
    step = room - OVERLAP
    starts = range(0, max(1, len(tokens) - OVERLAP), step)
    return [[START, *tokens[start : start + room], END] for start in starts]
