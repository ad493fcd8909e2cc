"""What a GIF file is made of, read without unpacking its pixels."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from bot.safety.pictures.outline import BrokenError, Outline, TooMuchError

__all__ = ["EXTENSION", "IMAGE", "SIGNATURES", "Block", "blocks", "outline"]

SIGNATURES = (b"GIF87a", b"GIF89a")
IMAGE, EXTENSION, END = 0x2C, 0x21, 0x3B
HEADER_BYTES = 13
MAX_PARTS = 1_000_000
"""How many parts the blocks may be made of; each holds up to 255 bytes."""


@dataclass(frozen=True, slots=True)
class Block:
    """An image, an extension or the end.

    Attributes:
        label: what kind of extension; 0 for other blocks.
        body: where the parts of its content begin.
    """

    kind: int
    label: int
    start: int
    body: int
    end: int


def blocks(file: bytes) -> Iterator[Block]:
    """Walk the blocks up to and with the end.

    Raises:
        BrokenError: a block goes past the end, or is of no known kind.
        TooMuchError: it is cut into more parts than any picture needs.
    """
    if len(file) < HEADER_BYTES:
        raise BrokenError("no header")
    position = HEADER_BYTES + _table_bytes(file[10])
    num_left = MAX_PARTS
    try:
        while True:
            start, kind, label = position, file[position], 0
            if kind == END:
                yield Block(kind, label, start, start + 1, start + 1)
                return
            if kind == IMAGE:  # the rectangle, its colours, how the pixels are packed
                body = start + 11 + _table_bytes(file[start + 9])
            elif kind == EXTENSION:
                label, body = file[start + 1], start + 2
            else:
                raise BrokenError("no known block")
            position, num_left = _skip_parts(file, body, num_left)
            yield Block(kind, label, start, body, position)
    except IndexError as error:
        raise BrokenError("no end") from error


def outline(file: bytes) -> Outline:
    """Read size, frames and end. A frame may reach beyond the size in the header.

    Raises:
        BrokenError: it is no whole GIF.
        TooMuchError: it is cut into more parts than any picture needs.
    """
    num_frames, end = 0, 0
    width, height = 0, 0
    for block in blocks(file):
        end = block.end
        if block.kind == IMAGE:
            left, top, wide, high = struct.unpack_from("<HHHH", file, block.start + 1)
            width, height = max(width, left + wide), max(height, top + high)
            num_frames += 1
    screen = struct.unpack_from("<HH", file, 6)
    if not num_frames:
        raise BrokenError("no pixels")
    return Outline(
        "GIF", max(width, screen[0]), max(height, screen[1]), num_frames, end
    )


def _table_bytes(flags: int) -> int:
    """Return how long the table of colours is that the flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _skip_parts(file: bytes, position: int, num_left: int) -> tuple[int, int]:
    """Return where the parts end, and how many more the file may have."""
    while length := file[position]:
        position += length + 1
        num_left -= 1
        if num_left < 0:
            raise TooMuchError("too many parts")
    return position + 1, num_left
