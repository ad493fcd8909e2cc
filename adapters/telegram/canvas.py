"""A text that is written from start to end, with marks that become entities.

Entities leave here as Telegram wants them: none is empty or ends in blanks, code and
links contain no other code, and what is bold around code is cut in two.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from adapters.telegram.entities import RANKS, Entity, Kind, Rendered, utf16_offsets

__all__ = ["Canvas"]

STYLES = (Kind.BOLD, Kind.ITALIC, Kind.UNDERLINE, Kind.STRIKETHROUGH, Kind.SPOILER)
CODE = (Kind.CODE, Kind.PRE)
HOLDS_NO_CODE = (Kind.TEXT_LINK, Kind.SPOILER, *CODE)
OUTER_FIRST = (Kind.BLOCKQUOTE, Kind.EXPANDABLE_BLOCKQUOTE, Kind.TEXT_LINK)


@dataclass(frozen=True, slots=True)
class _Span:
    """A mark, in code points."""

    kind: Kind
    start: int
    end: int
    url: str = ""
    language: str = ""

    @property
    def order(self) -> tuple[int, int, bool, int]:
        is_inner = self.kind not in OUTER_FIRST
        return self.start, -self.end, is_inner, RANKS[self.kind]


class Canvas:
    """Takes text and marks, and gives them back as one `Rendered`."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._num_breaks = 0  # line ends at the end of the text
        self._spans: list[_Span] = []

    @property
    def position(self) -> int:
        """Where the next text will stand, in code points."""
        return self._length

    @property
    def text(self) -> str:
        """What has been written."""
        return "".join(self._parts)

    def text_since(self, start: int) -> str:
        """Return what has been written since a position."""
        return self.text[start:]

    def write(self, text: str) -> None:
        """Add text to the end."""
        if text:
            self._parts.append(text)
            self._length += len(text)
            bare = text.rstrip("\n")
            kept = 0 if bare else self._num_breaks
            self._num_breaks = kept + len(text) - len(bare)

    def break_lines(self, count: int) -> None:
        """See to it that so many line ends stand before what follows, if anything."""
        if self._length:
            self.write("\n" * (count - self._num_breaks))

    def mark(
        self, kind: Kind, start: int, *, url: str = "", language: str = ""
    ) -> None:
        """Mark what has been written since a position."""
        self._spans.append(_Span(kind, start, self._length, url, language))

    def finish(self) -> Rendered:
        """Return the text, without line ends around it, and its entities."""
        text = self.text
        spans = self._clean(text)
        shown = text.lstrip("\n")
        dropped = len(text) - len(shown)
        shown = shown.rstrip()
        offsets = utf16_offsets(shown)
        entities = [
            Entity(
                span.kind,
                offsets[span.start - dropped],
                offsets[span.end - dropped] - offsets[span.start - dropped],
                span.url,
                span.language,
            )
            for span in spans
        ]
        return Rendered(shown, tuple(entities))

    def _clean(self, text: str) -> list[_Span]:
        """Return the marks that Telegram would take as they are."""
        spans = sorted(_trimmed(self._spans, text), key=lambda span: span.order)
        code: list[_Span] = []
        clean: list[_Span] = []
        wall = 0  # where the last one ends that must hold no code
        for span in spans:
            if span.kind in CODE and span.start >= wall:
                code.append(span)
            elif span.kind not in CODE + STYLES:
                clean.append(span)
            if span.kind in HOLDS_NO_CODE:
                wall = max(wall, span.end)
        for kind in STYLES:
            for span in _merged(span for span in spans if span.kind is kind):
                clean += _around(span, code)
        return sorted(_trimmed(code + clean, text), key=lambda span: span.order)


def _trimmed(spans: Iterable[_Span], text: str) -> Iterator[_Span]:
    """Yield the marks without blanks around them; none for a mark of nothing else."""
    for span in spans:
        marked = text[span.start : span.end]
        bare = marked.lstrip("\n" if span.kind is Kind.PRE else None)
        start = span.end - len(bare)
        end = start + len(bare.rstrip())
        if start < end:
            yield replace(span, start=start, end=end)


def _merged(spans: Iterable[_Span]) -> Iterator[_Span]:
    """Yield marks of one kind, ordered, those that overlap made one."""
    last: _Span | None = None
    for span in spans:
        if last is not None and span.start < last.end:
            last = replace(last, end=max(last.end, span.end))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _around(span: _Span, code: list[_Span]) -> Iterator[_Span]:
    """Yield what is left of a mark when code is taken out of it."""
    start = span.start
    first = bisect_left(code, start, key=lambda piece: piece.end)
    for piece in code[first:]:
        if piece.start >= span.end:
            break
        if start < piece.start:
            yield replace(span, start=start, end=piece.start)
        start = max(start, piece.end)
    if start < span.end:
        yield replace(span, start=start)
