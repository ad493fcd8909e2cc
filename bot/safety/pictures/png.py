"""What a PNG file is made of, read without keeping its pixels."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from bot.safety.pictures.outline import MAX_PIECES, BrokenError, Outline, TooMuchError

__all__ = ["SIGNATURE", "Chunk", "check_pixels", "chunks", "outline"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # samples in a pixel, by colour type
HEAD_BYTES = 8  # length and kind
CHUNK_BYTES = 12  # and the checksum
FEED_BYTES = 1 << 14  # small: what one step leaves unread is copied
STEP_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the file; `start` and `end` hold its length and checksum too."""

    kind: bytes
    start: int
    end: int

    def content_of(self, file: bytes) -> bytes:
        """Return what is in the chunk."""
        return file[self.start + HEAD_BYTES : self.end - 4]


def chunks(file: bytes) -> Iterator[Chunk]:
    """Walk the chunks up to and with IEND.

    Raises:
        BrokenError: a chunk goes past the end, or its checksum is wrong.
        TooMuchError: there are more chunks than any picture needs.
    """
    view = memoryview(file)
    start, kind, number = len(SIGNATURE), b"", 0
    while kind != b"IEND":
        number += 1
        if number > MAX_PIECES:
            raise TooMuchError("too many chunks")
        if start + CHUNK_BYTES > len(file):
            raise BrokenError("no end")
        length, kind = struct.unpack_from(">I4s", file, start)
        end = start + CHUNK_BYTES + length
        if end > len(file):
            raise BrokenError("a chunk is cut off")
        checksum = int.from_bytes(view[end - 4 : end], "big")
        if zlib.crc32(view[start + 4 : end - 4]) != checksum:
            raise BrokenError("a checksum is wrong")
        yield Chunk(kind, start, end)
        start = end


def outline(file: bytes) -> Outline:
    """Read size, frames and end.

    Raises:
        BrokenError: it is no whole PNG.
        TooMuchError: there are more chunks than any picture needs.
    """
    pieces = list(chunks(file))
    header = pieces[0].content_of(file)
    if pieces[0].kind != b"IHDR" or len(header) != 13:
        raise BrokenError("no header")
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", header)
    kinds = [piece.kind for piece in pieces]
    if colour not in CHANNELS or b"IDAT" not in kinds:
        raise BrokenError("no pixels")
    row_bytes = 1 + (width * depth * CHANNELS[colour] + 7) // 8
    return Outline(
        "PNG",
        width,
        height,
        max(1, kinds.count(b"fcTL")),
        pieces[-1].end,
        # Seven passes of an interlaced picture round up each row of each.
        unpacked_bytes=height * row_bytes * (2 if interlace else 1) + 64,
    )


def check_pixels(file: bytes, unpacked_bytes: int) -> None:
    """Unpack the main image piece by piece, keeping none, to see that it ends.

    Raises:
        BrokenError: the pixels cannot be unpacked.
        TooMuchError: there is more than `unpacked_bytes`.
    """
    unpacker = zlib.decompressobj()
    num_bytes = 0
    for piece in chunks(file):
        if piece.kind != b"IDAT":
            continue
        start, end = piece.start + HEAD_BYTES, piece.end - 4
        for position in range(start, end, FEED_BYTES):
            packed = file[position : min(position + FEED_BYTES, end)]
            while packed and not unpacker.eof:
                try:
                    num_bytes += len(unpacker.decompress(packed, STEP_BYTES))
                except zlib.error as error:
                    raise BrokenError("the pixels are damaged") from error
                packed = unpacker.unconsumed_tail
                if num_bytes > unpacked_bytes:
                    raise TooMuchError("more pixels than the header says")
