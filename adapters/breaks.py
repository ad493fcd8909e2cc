"""Where a text may be broken in two, best places first."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

import regex

from adapters.fences import Fence, opened_by

__all__ = ["Break", "Breaks", "Rank"]

_NOT_INSIDE_CLUSTER = r"(?![\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}])"
_IDEOGRAPH = r"[\p{Han}\p{Hiragana}\p{Katakana}]"
# Blanks that may be broken at, not the ones made to hold words together. What follows
# must not look like a fence once it stands at the start of a message.
_BLANK = (
    r"(?<!\p{GCB=Prepend})(?:[^\S\r\n\u00a0\u2007\u202f]|\r(?!\n))"
    + _NOT_INSIDE_CLUSTER
    + r"(?!`{3}|~{3})"
)
_GAP = regex.compile(
    # A point behind a digit numbers an item or belongs to a date.
    r"(?P<sentence>(?:(?<!\d)[.!?…]|[。！？])[\"'”’»)\]*_」』）]*+)?(?P<blank>"
    + _BLANK
    + ")"
    r"|(?P<stop>[。！？][”’」』）]*+)(?=\S)" + _NOT_INSIDE_CLUSTER + r"|(?:"
    rf"{_IDEOGRAPH}|[，、；：])(?={_IDEOGRAPH})"
)
_ITEM = regex.compile(r"[ \t]*+(?:[-*+•]|\d{1,9}[.)])[ \t]")
_LINE_END = regex.compile(r"\r?\n\Z")
_LINK = regex.compile(
    r"!?\[[^\[\]\n]*+(?:!?\[[^\[\]\n]*+\](?:\([^()\s]*+\))?[^\[\]\n]*+)?+\]"
    r"\((?:[^()\s]|\([^()\s]*+\))*+(?:[ \t]++\"[^\"\n]*+\")?\)"
    r"|[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s<>\"，。！？；：、（）「」『』【】《》]++"
)


class Rank(IntEnum):
    """How good a place is, best first."""

    PARAGRAPH = 0
    """At a blank line, or before or behind a block of code."""
    LINE = 1
    """At the end of a line, or at a blank line in code."""
    ITEM = 2
    """Before a list item, or at the end of a line of code."""
    SENTENCE = 3
    """Behind a sentence."""
    WORD = 4
    """Between two words."""
    CODE = 5
    """Within a line of code."""
    AWKWARD = 6
    """It would leave a block of code empty, or a line of code without its blanks."""


@dataclass(frozen=True, slots=True)
class Break:
    """A place to break at.

    Attributes:
        end: where the part before it ends.
        start: where the part behind it starts: one blank or line end further, or none.
        fence: the block of code that is open there.
        is_line_start: whether what follows starts a line.
    """

    rank: Rank
    end: int
    start: int
    fence: Fence | None
    is_line_start: bool


@dataclass(slots=True)
class _Line:
    start: int
    end: int  # behind the line end
    inside: Fence | None  # the block that a break within the line stands in
    after: Fence | None  # the block that is open behind it
    is_marker: bool = False  # it opens or closes a block


class Breaks:
    """The places to break a text at, up to `reach` code points from its start.

    `fence` and `is_line_start` say how the text starts, `fits` whether a text takes
    no more than a share of the limit: lines that open or close a block and are longer
    than half of it are taken for plain text, so that there is room in each piece.
    """

    def __init__(
        self,
        text: str,
        *,
        reach: int,
        fence: Fence | None,
        is_line_start: bool,
        fits: Callable[[str, float], bool],
    ) -> None:
        self._text = text
        self._reach = reach
        self._fits = fits
        self._lines = self._read_lines(fence, is_line_start=is_line_start)
        self._starts = [line.start for line in self._lines]
        has_links = "](" in text or "://" in text
        links = (found.span() for found in _LINK.finditer(text if has_links else ""))
        self._links = [(a, b) for a, b in links if fits(text[a:b], 1.0)]

    def in_order(self) -> Iterator[Break]:
        """Yield the places that leave words and links whole, best first.

        A good place in the second half is better than any in the first, so that no
        message is left nearly empty.
        """
        half = self._reach // 2
        near = self._between(half, self._reach)
        good = [place for place in near if place.rank <= Rank.WORD]
        yield from sorted(good, key=lambda place: (place.rank, -place.end))
        far = self._between(0, half - 1)
        good = [place for place in far if place.rank <= Rank.WORD]
        yield from sorted(good, key=lambda place: -place.end)
        bad = [place for place in near + far if place.rank > Rank.WORD]
        yield from sorted(bad, key=lambda place: (place.rank, -place.end))

    def inside_words(self) -> Iterator[Break]:
        """Yield places between grapheme clusters, then between code points."""
        ends: list[int] = []
        for found in regex.finditer(r"\X", self._text):
            if found.end() > self._reach:
                break
            ends.append(found.end())
        for end in reversed(ends):
            place = self._at(end)
            if place is not None:
                yield place
        for end in range(self._reach, 0, -1):
            place = self._at(end)
            if place is not None:
                yield place

    def _read_lines(self, fence: Fence | None, *, is_line_start: bool) -> list[_Line]:
        lines: list[_Line] = []
        start = 0
        # One line more than needed: what follows a line end tells how good it is.
        while start <= self._reach + 1 and start < len(self._text):
            end = self._text.find("\n", start) + 1 or len(self._text)
            text = self._text[start:end]
            if (start or is_line_start) and self._fits(text, 0.5):
                if fence is not None and fence.is_left_by(text):
                    fence = None
                    if lines:
                        lines[-1].after = None
                line = self._read_line(text, start, fence)
            else:
                line = _Line(start, end, inside=fence, after=fence)
            lines.append(line)
            fence, start = line.after, end
        return lines

    def _read_line(self, text: str, start: int, fence: Fence | None) -> _Line:
        end = start + len(text)
        if fence is not None:
            if fence.is_closed_by(text):
                return _Line(start, end, inside=fence, after=None, is_marker=True)
            return _Line(start, end, inside=fence, after=fence)
        opened = opened_by(text)
        if opened and self._fits(f"{opened.opening}\n{opened.closing}", 0.5):
            return _Line(start, end, inside=None, after=opened, is_marker=True)
        return _Line(start, end, inside=None, after=None)

    def _between(self, low: int, high: int) -> list[Break]:
        """Return the places whose end is in a range, both ends included."""
        places: list[Break] = []
        first = max(0, bisect_right(self._starts, low) - 1)
        for index in range(first, len(self._lines)):
            line = self._lines[index]
            if line.start > high:
                break
            places += self._in_line(line, low)
            place = self._behind_line(index)
            if place is not None:
                places.append(place)
        return [
            place
            for place in places
            if low <= place.end <= high and not self._is_in_link(place.end)
        ]

    def _in_line(self, line: _Line, low: int) -> Iterator[Break]:
        if line.is_marker:
            return
        written = self._text[line.start : line.end]
        left = line.start + len(written) - len(written.lstrip())
        right = line.start + len(written.rstrip())
        for found in _GAP.finditer(self._text, max(line.start, low), line.end):
            if found.start() > self._reach:
                return
            end = found.start("blank") if found["blank"] else found.end()
            if end <= left or (line.inside and end >= right):
                rank = Rank.AWKWARD
            elif line.inside:
                rank = Rank.CODE
            elif found["sentence"] or found["stop"]:
                rank = Rank.SENTENCE
            else:
                rank = Rank.WORD
            yield _place(rank, end, found.end(), line.inside)

    def _behind_line(self, index: int) -> Break | None:
        line = self._lines[index]
        line_end = _LINE_END.search(self._text, line.start, line.end)
        if line_end is None:
            return None
        following = self._lines[index + 1] if index + 1 < len(self._lines) else None
        rank = self._rank(line, following)
        end = line_end.start()
        return _place(rank, end, line.end, line.after, is_line_start=True)

    def _rank(self, line: _Line, following: _Line | None) -> Rank:
        is_marked = following is not None and following.is_marker
        is_blank = self._is_blank(line)
        if line.after is not None:
            if line.is_marker or is_marked:
                return Rank.AWKWARD
            return Rank.LINE if is_blank else Rank.ITEM
        if is_blank or line.is_marker or is_marked:
            return Rank.PARAGRAPH
        if following is None:
            return Rank.LINE
        if self._is_blank(following):
            return Rank.PARAGRAPH
        is_item = _ITEM.match(self._text, following.start, following.end)
        return Rank.ITEM if is_item else Rank.LINE

    def _is_blank(self, line: _Line) -> bool:
        return self._text[line.start : line.end].isspace()

    def _is_in_link(self, position: int) -> bool:
        index = bisect_right(self._links, (position, 0)) - 1
        return index >= 0 and self._links[index][0] < position < self._links[index][1]

    def _at(self, end: int) -> Break | None:
        """Return the place at any position; None within a line that marks a block."""
        line = self._lines[bisect_right(self._starts, end - 1) - 1]
        if end == line.end and self._text[end - 1] == "\n":
            return Break(Rank.AWKWARD, end, end, line.after, True)
        if line.is_marker:
            return None
        return Break(Rank.AWKWARD, end, end, line.inside, False)


def _place(
    rank: Rank,
    end: int,
    start: int,
    fence: Fence | None,
    *,
    is_line_start: bool = False,
) -> Break:
    """Make a break; a blank at the very start stays, or nothing would be before it."""
    return Break(rank, end or start, start, fence, is_line_start)
