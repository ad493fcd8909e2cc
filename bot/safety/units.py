"""Cuts a growing text into pieces that can be judged: sentences, lines, code blocks.

Where a piece ends depends on the text alone, not on how it was fed, and every character
comes out again. Each needs at most the one character behind it, so that little is held
back for long; a text that never pauses is cut at `max_hold`.
"""

import re
import unicodedata

__all__ = ["MAX_FENCE", "MAX_HOLD", "Units"]

MAX_HOLD = 400
"""The most characters that wait for the end of a sentence or line."""

MAX_FENCE = 6000
"""The most characters of a code block that wait for its end."""

# These end a sentence where a space follows (not in "3.14" or "a.example")…
_STOPS = r".!?…‼⁇⁈⁉"
# …and these always: CJK, Devanagari, Arabic, Urdu, Armenian, Ethiopic, Khmer, Burmese.
_FULL_STOPS = r"。！？｡।॥؟۔։።፧፨។៕။"
_CLOSERS = r"\"'”’»)\]}*_~`」』）】》〉］｝"

# Takes a row of stops as a whole: trying each of its ends would take quadratic time.
_END = re.compile(
    rf"\n|(?P<stop>[{_STOPS}]++)[{_CLOSERS}]*+"
    rf"|[{_FULL_STOPS}][{_FULL_STOPS}{_STOPS}]*+[{_CLOSERS}]*+"
)

# A fence may stand in a quote or a list.
_LEAD = r"[ \t>*+\-\d.)]{0,20}"
_FENCE_OPENS = re.compile(rf"{_LEAD}(`{{3,}}(?=[^`\n]*\n)|~{{3,}})[^\n]*\n")
_FENCE_MAY_OPEN = re.compile(rf"{_LEAD}(?:`{{0,2}}|~{{0,2}}|`{{3,}}[^`\n]*|~{{3,}}.*)")
_FENCE_CLOSES = re.compile(r"[ \t>]{0,20}(`{3,}|~{3,})[ \t]*\r?\n")

_SHORTENED = re.compile(
    r"approx|bzw|ca|cf|dept|dr|ed|est|etc|evtl|fig|ggf|inc|jr|ltd|mme|mrs?|ms|mt|nr|pp"
    r"|prof|rev|sra?|st|str|usw|vol|vs"
    r"|\w|(?:\w{1,2}\.)+\w{1,2}|\d{1,2}"  # initials, "e.g", "z. B", "3.14", "1"
)

_PAUSES = ",;:，、；："
_SIGNS = "@\uff20\ufe6b<"
_MENTION_LENGTH = 40


class Units:
    """Takes text in and gives complete pieces out, with `feed` and `flush`."""

    def __init__(self, *, max_hold: int = MAX_HOLD, max_fence: int = MAX_FENCE) -> None:
        self._max_hold = max_hold
        self._max_fence = max_fence
        self._rest = ""
        self._searched = 0  # so much of the rest has no end in it
        self._is_line_start = True
        self._fence = ""  # what opened the block that goes on; "" outside of one

    @property
    def rest(self) -> str:
        """What is held back."""
        return self._rest

    def feed(self, text: str) -> list[str]:
        """Add text; return the pieces that are complete now, in order."""
        buffer = self._rest + text
        units: list[str] = []
        start = 0
        while (end := self._end_of_unit(buffer, start)) is not None:
            units.append(buffer[start:end])
            self._is_line_start = buffer[end - 1] == "\n"
            self._searched = 0
            start = end
        self._rest = buffer[start:]
        return units

    def flush(self) -> str:
        """Return what is left, complete or not, and begin anew."""
        rest = self._rest
        self._rest, self._searched = "", 0
        self._is_line_start, self._fence = True, ""
        return rest

    def _end_of_unit(self, buffer: str, start: int) -> int | None:
        """Return where the piece that begins at `start` ends; None: not yet known."""
        if start == len(buffer):
            return None
        limit = start + self._max_hold
        if self._fence:
            return self._end_of_code_line(buffer, start, limit)
        if self._is_line_start:
            opening = _FENCE_OPENS.match(buffer, start, limit)
            if opening:
                return self._end_of_fence(buffer, start, opening)
            if len(buffer) < limit and _FENCE_MAY_OPEN.fullmatch(buffer, start):
                return None
        end = self._end_of_sentence(buffer, start, limit)
        return end or self._cut(buffer, start, limit)

    def _end_of_fence(
        self, buffer: str, start: int, opening: re.Match[str]
    ) -> int | None:
        limit = start + self._max_fence
        line = max(opening.end(), start + self._searched)
        while (newline := buffer.find("\n", line, limit)) >= 0:
            if _closes(opening[1], buffer, line, newline + 1):
                return newline + 1
            line = newline + 1
        self._searched = line - start
        if len(buffer) < limit:
            return None
        self._fence = opening[1]
        return opening.end()

    def _end_of_code_line(self, buffer: str, start: int, limit: int) -> int | None:
        newline = buffer.find("\n", start + self._searched, limit)
        if newline < 0:
            self._searched = min(len(buffer), limit) - start
            return self._cut(buffer, start, limit)
        if self._is_line_start and _closes(self._fence, buffer, start, newline + 1):
            self._fence = ""
        return newline + 1

    def _end_of_sentence(self, buffer: str, start: int, limit: int) -> int | None:
        position = start + self._searched
        while found := _END.search(buffer, position, limit):
            position = found.end()
            if buffer[position - 1] == "\n":
                return position
            if position == min(len(buffer), limit):  # what follows is not yet known
                self._searched = found.start() - start
                return None
            if _is_end(buffer, start, found):
                return position
        self._searched = min(len(buffer), limit) - start
        return None

    def _cut(self, buffer: str, start: int, limit: int) -> int | None:
        """Return where to cut a piece that has become too long, if it has."""
        if len(buffer) < limit:
            return None
        return start + _cut_position(buffer[start:limit])


def _closes(opened: str, buffer: str, start: int, end: int) -> bool:
    closing = _FENCE_CLOSES.fullmatch(buffer, start, end)
    return closing is not None and closing[1].startswith(opened)


def _is_end(buffer: str, start: int, found: re.Match[str]) -> bool:
    """Return whether a sentence ends at a row of stops with something behind it."""
    follower = buffer[found.end()]
    if follower == "\n":  # the line goes with it
        return False
    if found["stop"] is None:
        return True
    if not follower.isspace():
        return False
    return found["stop"] != "." or not _is_shortened(buffer, start, found)


def _is_shortened(buffer: str, start: int, stop: re.Match[str]) -> bool:
    """Return whether a dot ends "Dr", "e.g" or a number of a list, not a sentence."""
    words = buffer[max(start, stop.start() - 16) : stop.start()].split()
    if not words:
        return False
    word = words[-1].lstrip("([\"'“‘«*_").lower()
    return _SHORTENED.fullmatch(word) is not None


def _cut_position(window: str) -> int:
    """Return where a long text can be cut: at a space, a pause, or where it must be."""
    last = len(window) - 1
    for index in range(last, 0, -1):
        if window[index].isspace():
            return index
    for index in range(last, 0, -1):
        if window[index - 1] in _PAUSES:
            return index
    cut = last
    while cut > max(1, last - 60) and _belong_together(window[cut - 1], window[cut]):
        cut -= 1
    # A mention cut in two would be judged in two.
    near = max(1, cut - _MENTION_LENGTH)
    sign = max(window.rfind(sign, near, cut) for sign in _SIGNS)
    if sign < 0:
        return cut
    return sign - 1 if sign > 1 and window[sign - 1] == "<" else sign


def _belong_together(left: str, right: str) -> bool:
    """Return whether two characters are read as one, as in emoji sequences."""
    return (
        unicodedata.category(right)[0] == "M"
        or "\u200d" in (left, right)
        or "\U0001f3fb" <= right <= "\U0001f3ff"
        or ("\U0001f1e6" <= left <= "\U0001f1ff" and right >= "\U0001f1e6")
    )
