"""What a WebP file is made of, read without unpacking its pixels."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.safety.pictures.outline import MAX_PIECES, BrokenError, Outline, TooMuchError

__all__ = [
    "FRAME_HEADER_BYTES",
    "HEADER_BYTES",
    "Chunk",
    "chunks",
    "is_webp",
    "outline",
]

HEADER_BYTES = 12
FRAME_HEADER_BYTES = 16


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the file; `end` counts the byte that makes its length even."""

    kind: bytes
    start: int
    body: int
    end: int


def is_webp(file: bytes) -> bool:
    """Return whether the file begins as a WebP does."""
    return file[:4] == b"RIFF" and file[8:HEADER_BYTES] == b"WEBP"


def chunks(file: bytes, start: int = HEADER_BYTES, end: int = 0) -> Iterator[Chunk]:
    """Walk the chunks between two places; by default those of the whole picture.

    Raises:
        BrokenError: a chunk goes past the end.
        TooMuchError: there are more chunks than any picture needs.
    """
    end = end or _end_of(file)
    for _ in range(MAX_PIECES):
        if start >= end:
            return
        length = int.from_bytes(file[start + 4 : start + 8], "little")
        chunk_end = start + 8 + length + length % 2
        # Some writers leave out the last even byte.
        if start + 8 + length > end:
            raise BrokenError("a chunk is cut off")
        yield Chunk(file[start : start + 4], start, start + 8, min(chunk_end, end))
        start = chunk_end
    raise TooMuchError("too many chunks")


def outline(file: bytes) -> Outline:
    """Read size, frames and end.

    Raises:
        BrokenError: it is no whole WebP.
        TooMuchError: there are more chunks than any picture needs.
    """
    sizes: list[tuple[int, int]] = []
    num_frames = 0
    for chunk in chunks(file):
        if chunk.kind == b"VP8X":
            sizes.append(_canvas(file, chunk.body + 4))
        elif chunk.kind in (b"VP8 ", b"VP8L"):
            sizes.append(_image(file, chunk))
            num_frames += 1
        elif chunk.kind == b"ANMF":
            body = chunk.body + FRAME_HEADER_BYTES
            sizes.extend(
                _image(file, inner)
                for inner in chunks(file, body, chunk.end)
                if inner.kind in (b"VP8 ", b"VP8L")
            )
            num_frames += 1
    if not num_frames:
        raise BrokenError("no pixels")
    width = max(size[0] for size in sizes)
    height = max(size[1] for size in sizes)
    return Outline("WEBP", width, height, num_frames, _end_of(file))


def _end_of(file: bytes) -> int:
    """Return where the picture ends, by its header."""
    end = int.from_bytes(file[4:8], "little") + 8
    if end > len(file):
        raise BrokenError("no end")
    return end


def _canvas(file: bytes, position: int) -> tuple[int, int]:
    """Return a size that is stored as three bytes each, less one."""
    width = int.from_bytes(file[position : position + 3], "little") + 1
    height = int.from_bytes(file[position + 3 : position + 6], "little") + 1
    return width, height


def _image(file: bytes, chunk: Chunk) -> tuple[int, int]:
    """Return the size that the packed pixels themselves begin with."""
    head = file[chunk.body : min(chunk.body + 10, chunk.end)]
    if chunk.kind == b"VP8 " and head[3:6] == b"\x9d\x01\x2a" and len(head) == 10:
        width = int.from_bytes(head[6:8], "little") & 0x3FFF
        height = int.from_bytes(head[8:10], "little") & 0x3FFF
        return width, height
    if chunk.kind == b"VP8L" and head[:1] == b"\x2f" and len(head) >= 5:
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise BrokenError("no size")
