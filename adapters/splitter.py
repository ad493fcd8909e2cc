"""Cut a text into pieces that a platform takes.

Nothing is lost: `join` gives back the text that the pieces were made of. A piece is a
part of the text, between the opening and the closing of a code fence where the cut
goes through a block of code; at a cut one blank or line end may be left out.
"""

import copy
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from adapters.breaks import Break, Breaks
from adapters.fences import Fence
from bot.adapter import Limits
from bot.messages import Reply

__all__ = [
    "LEAST_UNITS",
    "Piece",
    "Splitter",
    "as_messages",
    "join",
    "split",
    "split_reply",
]

LEAST_UNITS = 32
"""The smallest limit that leaves room for a code fence and something in it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, as one message shows it.

    Attributes:
        body: the part itself.
        opening: what was added before it to open a block of code again, or "".
        closing: what was added behind it to close the block, or "".
        dropped: the blank or line end behind it that no piece shows, or "".
    """

    body: str = field(repr=False)
    opening: str = ""
    closing: str = ""
    dropped: str = ""

    @property
    def text(self) -> str:
        """What is shown."""
        return f"{self.opening}{self.body}{self.closing}"


class Splitter:
    """Cuts a text that comes bit by bit; the bits' sizes do not change the pieces.

    A piece ends, best first, at a blank line, a line, a list item, a sentence, a word.
    Words, links and grapheme clusters stay whole unless one alone is longer than a
    piece. A piece that ends in a block of code is closed and the next one opened again.
    A text that fits is one piece, unchanged. A piece may be blank where the text is.

    The platform's way to count must count each code point as one unit or more, and
    must not find a longer text shorter.

    Raises:
        ValueError: the limit is below LEAST_UNITS.
    """

    def __init__(self, limits: Limits) -> None:
        if limits.text_units < LEAST_UNITS:
            raise ValueError(f"a limit of {limits.text_units} is below {LEAST_UNITS}")
        self._limits = limits
        # A link that starts within the limit and is no longer than it ends in here.
        # Always looking as far, and no farther, makes the pieces independent of when
        # the text came.
        self._sight = 2 * limits.text_units
        self._rest = ""
        self._fence: Fence | None = None
        self._is_line_start = True

    def feed(self, text: str) -> list[str]:
        """Add text and return the pieces that are finished.

        They are finished once twice the limit is there; `peek` shows the rest.
        """
        return [piece.text for piece in self.feed_pieces(text)]

    def flush(self) -> list[str]:
        """End the text and return the pieces that are left; start anew."""
        return [piece.text for piece in self.flush_pieces()]

    def peek(self) -> list[str]:
        """Return the pieces that `flush` would, and go on."""
        return copy.copy(self).flush()

    def feed_pieces(self, text: str) -> list[Piece]:
        """Do what `feed` does, telling the text from what was added to it."""
        rest = self._rest + text
        pieces: list[Piece] = []
        position = 0
        while len(rest) - position > self._sight:
            window = rest[position : position + self._sight]
            place = self._choose(window)
            pieces.append(self._cut(window, place))
            position += place.start
        self._rest = rest[position:]
        return pieces

    def flush_pieces(self) -> list[Piece]:
        """Do what `flush` does, telling the text from what was added to it."""
        pieces: list[Piece] = []
        while self._rest:
            if self._fits(self._opening + self._rest):
                pieces.append(Piece(self._rest, self._opening))
                break
            place = self._choose(self._rest)
            pieces.append(self._cut(self._rest, place))
            self._rest = self._rest[place.start :]
        self._rest, self._fence, self._is_line_start = "", None, True
        return pieces

    @property
    def _opening(self) -> str:
        return self._fence.opening if self._fence else ""

    def _choose(self, window: str) -> Break:
        reach = bisect_right(
            range(len(window) + 1),
            self._limits.text_units,
            key=lambda end: self._limits.count_units(self._opening + window[:end]),
        )
        breaks = Breaks(
            window,
            reach=max(1, reach - 1),
            fence=self._fence,
            is_line_start=self._is_line_start,
            fits=self._fits,
        )
        for place in breaks.in_order():
            if self._fits(self._piece(window, place).text):
                return place
        for place in breaks.inside_words():
            if self._fits(self._piece(window, place).text):
                return place
        raise ValueError("the platform's way to count leaves no room for a letter")

    def _cut(self, window: str, place: Break) -> Piece:
        piece = self._piece(window, place)
        self._fence, self._is_line_start = place.fence, place.is_line_start
        return piece

    def _piece(self, window: str, place: Break) -> Piece:
        body = window[: place.end]
        closing = ""
        if place.fence is not None:
            line_end = "" if (self._opening + body).endswith("\n") else "\n"
            closing = line_end + place.fence.closing
        return Piece(body, self._opening, closing, window[place.end : place.start])

    def _fits(self, text: str, share: float = 1.0) -> bool:
        return self._limits.count_units(text) <= share * self._limits.text_units


def split(text: str, limits: Limits) -> list[str]:
    """Cut a whole text into pieces."""
    splitter = Splitter(limits)
    return splitter.feed(text) + splitter.flush()


def join(pieces: Iterable[Piece]) -> str:
    """Return the text that pieces were made of."""
    return "".join(piece.body + piece.dropped for piece in pieces)


def split_reply(reply: Reply, limits: Limits) -> list[Reply]:
    """Return a reply as the messages that a platform takes, none of them blank."""
    return as_messages(split(reply.text, limits), reply, limits)


def as_messages(texts: Iterable[str], reply: Reply, limits: Limits) -> list[Reply]:
    """Return the messages for a reply whose text is already in pieces.

    The first one answers, the last one has the buttons and the files; files beyond
    what one message carries follow in messages of their own. Blank texts are left out:
    no platform takes them. Where there is neither text nor file there is no message.
    """
    step = max(1, limits.attachments)
    files = [
        reply.attachments[start : start + step]
        for start in range(0, len(reply.attachments), step)
    ]
    bare = Reply("", only_for=reply.only_for)
    messages = [replace(bare, text=text) for text in texts if text.strip()]
    if files and messages:
        messages[-1] = replace(messages[-1], attachments=files.pop(0))
    messages += [replace(bare, attachments=batch) for batch in files]
    if messages:
        messages[0] = replace(messages[0], reply_to_id=reply.reply_to_id)
        messages[-1] = replace(messages[-1], buttons=reply.buttons)
    return messages
