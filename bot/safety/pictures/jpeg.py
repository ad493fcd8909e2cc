"""What a JPEG file is made of, read without unpacking its pixels."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from bot.safety.pictures.outline import BrokenError, Outline, TooMuchError

__all__ = ["START", "Segment", "outline", "segments"]

START = b"\xff\xd8"
END, SCAN, APP2 = 0xD9, 0xDA, 0xE2
SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # markers of headers with the size
ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without content
MAX_SEGMENTS = 10_000
MAX_SCANS = 100
"""A progressive picture has about ten; each is worked through over all pixels."""
MAX_PICTURES = 8
"""How many whole pictures one file may have: depth and brightness come as such."""

# In packed pixels a marker's first byte is followed by 0 or by a restart number.
_NEXT_MARKER = re.compile(rb"\xff(?=[^\x00\xd0-\xd7\xff])")


@dataclass(frozen=True, slots=True)
class Segment:
    """A marker with what belongs to it; a scan has its packed pixels with it.

    Attributes:
        body: where its content begins, after marker and length.
    """

    marker: int
    start: int
    body: int
    end: int


def segments(file: bytes, start: int = 0) -> Iterator[Segment]:
    """Walk the segments of the picture at `start`, up to and with its end marker.

    Raises:
        BrokenError: a segment goes past the end, or something stands between two.
        TooMuchError: there are more segments than any picture needs.
    """
    if file[start : start + 2] != START:
        raise BrokenError("no beginning")
    end = start + 2
    for _ in range(MAX_SEGMENTS):
        segment = _segment(file, end)
        yield segment
        if segment.marker == END:
            return
        end = segment.end
    raise TooMuchError("too many segments")


def outline(file: bytes) -> Outline:
    """Read the sizes and where the last picture of the file ends.

    Further pictures after the first belong to it only where it says so.

    Raises:
        BrokenError: it is no whole JPEG.
        TooMuchError: there are more segments or pictures than any camera writes.
    """
    width, height, end, has_more = _measure(file, 0)
    starts = [0]
    while has_more and (start := _skip_padding(file, end)) is not None:
        if len(starts) == MAX_PICTURES:
            raise TooMuchError("too many pictures in one")
        further_width, further_height, end, _ = _measure(file, start)
        width, height = max(width, further_width), max(height, further_height)
        starts.append(start)
    return Outline("JPEG", width, height, len(starts), end, tuple(starts))


def _measure(file: bytes, start: int) -> tuple[int, int, int, bool]:
    """Return width, height and end of one picture, and whether it announces more."""
    size: tuple[int, int] | None = None
    num_scans, end, has_more = 0, start, False
    for segment in segments(file, start):
        end = segment.end
        if segment.marker in SIZES:
            if size is not None or segment.end - segment.body < 6:
                raise BrokenError("no clear size")
            height, width = struct.unpack_from(">HH", file, segment.body + 1)
            size = width, height
        elif segment.marker == SCAN:
            num_scans += 1
        elif segment.marker == APP2:
            has_more |= file[segment.body : segment.body + 4] == b"MPF\x00"
    if size is None or not num_scans:
        raise BrokenError("no pixels")
    if num_scans > MAX_SCANS:
        raise TooMuchError("too many scans")
    return *size, end, has_more


def _segment(file: bytes, start: int) -> Segment:
    position = start
    while file[position : position + 2] == b"\xff\xff":  # padding is allowed
        position += 1
    if position + 2 > len(file) or file[position] != 0xFF:
        raise BrokenError("no marker where one must be")
    marker, position = file[position + 1], position + 2
    if marker == END or marker in ALONE:
        return Segment(marker, start, position, position)
    length = int.from_bytes(file[position : position + 2], "big")
    end = position + length
    if length < 2 or end > len(file):
        raise BrokenError("a segment is cut off")
    if marker == SCAN:
        following = _NEXT_MARKER.search(file, end)
        if following is None:
            raise BrokenError("no end")
        end = following.start()
    return Segment(marker, start, position + 2, end)


def _skip_padding(file: bytes, end: int) -> int | None:
    """Return where a further picture begins behind zeros, None if there is none."""
    start = file.find(START, end)
    if start < 0 or file[end:start].strip(b"\x00"):
        return None
    return start
