"""A text that is written from start to end, with marks that become entities.

Entities leave here as Telegram wants them: none is empty or ends in blanks, code and
links contain no other code, and what is bold around code is cut in two.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from adapters.telegram.entities import RANKS, Entity, Kind, Rendered, utf16_offsets

__all__ = ["Canvas", "Span", "compose"]

STYLES = (Kind.BOLD, Kind.ITALIC, Kind.UNDERLINE, Kind.STRIKETHROUGH, Kind.SPOILER)
CODE = (Kind.CODE, Kind.PRE)
INDENTED = (Kind.PRE, Kind.BLOCKQUOTE, Kind.EXPANDABLE_BLOCKQUOTE)
HOLDS_NO_CODE = (Kind.TEXT_LINK, Kind.SPOILER, *CODE)
DEPTHS = {Kind.BLOCKQUOTE: 0, Kind.EXPANDABLE_BLOCKQUOTE: 0, Kind.TEXT_LINK: 1}


@dataclass(frozen=True, slots=True)
class Span:
    """A mark on a part of a text, in code points."""

    kind: Kind
    start: int
    end: int
    url: str = ""
    language: str = ""

    @property
    def order(self) -> tuple[int, int, int, int]:
        """What to sort by: what starts first comes first, then what is around it."""
        return self.start, -self.end, DEPTHS.get(self.kind, 2), RANKS[self.kind]


class Canvas:
    """Takes text and marks, and gives them back as one `Rendered`."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._num_breaks = 0  # line ends at the end of the text
        self._spans: list[Span] = []

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
        self._spans.append(Span(kind, start, self._length, url, language))

    def finish(self) -> Rendered:
        """Return the text, without line ends around it, and its entities."""
        return compose(self.text, self._spans)


def compose(text: str, spans: Iterable[Span]) -> Rendered:
    """Return a text, without line ends around it, and its marks as entities."""
    shown = text.lstrip("\n")
    dropped = len(text) - len(shown)
    shown = shown.rstrip()
    offsets = utf16_offsets(shown)
    entities: list[Entity] = []
    for span in _clean(spans, text):
        start, end = offsets[span.start - dropped], offsets[span.end - dropped]
        entities.append(Entity(span.kind, start, end - start, span.url, span.language))
    return Rendered(shown, tuple(entities))


def _clean(spans: Iterable[Span], text: str) -> list[Span]:
    """Return the marks that Telegram would take as they are."""
    ordered = sorted(_trimmed(spans, text), key=lambda span: span.order)
    code: list[Span] = []
    clean: list[Span] = []
    wall = 0  # where the last one ends that must hold no code
    for span in ordered:
        if span.kind in CODE and span.start >= wall:
            code.append(span)
        elif span.kind not in CODE + STYLES:
            clean.append(span)
        if span.kind in HOLDS_NO_CODE:
            wall = max(wall, span.end)
    for kind in STYLES:
        for span in _merged(span for span in ordered if span.kind is kind):
            clean += _around(span, code)
    return sorted(_trimmed(code + clean, text), key=lambda span: span.order)


def _trimmed(spans: Iterable[Span], text: str) -> Iterator[Span]:
    """Yield the marks without blanks around them; none for a mark of nothing else."""
    for span in spans:
        marked = text[span.start : span.end]
        start = span.end - len(marked.lstrip("\n" if span.kind in INDENTED else None))
        end = span.start + len(marked.rstrip())
        if (start, end) == (span.start, span.end) and marked:
            yield span
        elif start < end:
            yield replace(span, start=start, end=end)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield marks of one kind, ordered, those that overlap made one."""
    last: Span | None = None
    for span in spans:
        if last is not None and span.start < last.end:
            last = replace(last, end=max(last.end, span.end))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _around(span: Span, code: list[Span]) -> Iterator[Span]:
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
