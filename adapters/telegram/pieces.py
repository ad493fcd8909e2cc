"""Cut a rendered text into messages, and show one that grows.

The adapter cuts the Markdown and renders each piece by itself: `LIMITS` makes sure that
every piece fits, so `LiveEdit` works as it is, and what is finished never changes.
What is rendered already, such as a text that becomes a caption, is cut here.
"""

from bisect import bisect_right
from itertools import chain

from adapters.breaks import Break, Breaks, Rank
from adapters.splitter import Splitter, split
from adapters.telegram.canvas import Span, compose
from adapters.telegram.entities import Kind, Rendered, utf16_offsets, utf16_units
from adapters.telegram.limits import LIMITS
from adapters.telegram.markup import render

__all__ = ["GrowingText", "render_pieces", "split_rendered"]


def render_pieces(text: str) -> list[Rendered]:
    """Return a text as the messages that it takes, none of them blank."""
    return _rendered(split(text, LIMITS))


def _rendered(pieces: list[str]) -> list[Rendered]:
    return [render(piece) for piece in pieces if piece.strip()]


class GrowingText:
    """A text that comes bit by bit, as messages.

    A message that is followed by another stays as it is when it no longer fits into
    twice the limit with what follows; the ones behind may change until then.
    """

    def __init__(self) -> None:
        self._splitter = Splitter(LIMITS)
        self._finished: list[Rendered] = []

    def feed(self, text: str) -> None:
        """Add text to the end."""
        self._finished += _rendered(self._splitter.feed(text))

    def pieces(self) -> list[Rendered]:
        """Return all messages, as far as the text has come."""
        return self._finished + _rendered(self._splitter.peek())

    def finish(self, text: str) -> list[Rendered]:
        """Return the messages of the whole text, whatever was fed; start anew."""
        self._splitter = Splitter(LIMITS)
        self._finished = []
        return render_pieces(text)


def split_rendered(
    rendered: Rendered, limit: int = LIMITS.text_units
) -> list[Rendered]:
    """Cut a text into pieces of at most so many units, none of them blank.

    A piece ends, best first, at a blank line, a line, a list item, a sentence, a word,
    and rather beside a block of code than in it. An entity that is cut goes on in the
    next piece. Grapheme clusters stay whole unless one alone is longer than a piece.
    At a cut one blank may be left out, and line ends, which Telegram would not show.

    Raises:
        ValueError: the limit is below two, which one letter can take.
    """
    if limit < 2:
        raise ValueError(f"a limit of {limit} leaves no room for a letter")
    text = rendered.text
    offsets = utf16_offsets(text)
    spans = _spans(rendered, offsets)
    pieces: list[Rendered] = []
    start = 0
    while start < len(text):
        end, following = len(text), len(text)
        if offsets[end] - offsets[start] > limit:
            place = _place(text, offsets, spans, start, limit)
            end, following = start + place.end, start + place.start
        pieces.append(compose(text[start:end], _within(spans, start, end)))
        start = following
    return [piece for piece in pieces if piece.text.strip()]


def _spans(rendered: Rendered, offsets: list[int] | range) -> list[Span]:
    """Return the entities in code points."""
    return [
        Span(
            entity.type,
            bisect_right(offsets, entity.offset) - 1,
            bisect_right(offsets, entity.end) - 1,
            entity.url,
            entity.language,
        )
        for entity in rendered.entities
    ]


def _within(spans: list[Span], start: int, end: int) -> list[Span]:
    """Return the marks on a part of a text, counted from its start."""
    return [
        Span(
            span.kind,
            max(span.start, start) - start,
            min(span.end, end) - start,
            span.url,
            span.language,
        )
        for span in spans
        if span.start < end and start < span.end
    ]


def _place(
    text: str,
    offsets: list[int] | range,
    spans: list[Span],
    start: int,
    limit: int,
) -> Break:
    """Return the best place to cut a text that is too long, counted from a start."""
    reach = bisect_right(offsets, offsets[start] + limit) - 1 - start
    breaks = Breaks(
        text[start : start + 2 * limit],
        reach=reach,
        fence=None,
        is_line_start=True,
        fits=lambda part, share: utf16_units(part) <= share * limit,
    )
    places = [place for place in breaks.in_order() if place.end]
    blocks = [span for span in spans if span.kind is Kind.PRE]
    for place in places:
        position = start + place.end
        is_good = place.rank <= Rank.ITEM and place.end >= reach // 2
        if is_good and not any(span.start < position < span.end for span in blocks):
            return place
    awkward = Break(Rank.AWKWARD, reach, reach, None, False)
    return next(chain(places, breaks.inside_words()), awkward)
