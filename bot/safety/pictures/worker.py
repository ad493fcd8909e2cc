"""The process that opens pictures: `python -m bot.safety.pictures.worker LIMITS`.

A decoder that is brought down by a file brings down this process, not the bot. It has
no secrets, bounded memory, and ends when the bot does: when nothing comes any more.

On standard input come files: 8 bytes of length, then content. On standard output go
answers: 4 bytes of length and JSON, then the pixels of the frames, one after another.
"""

import signal
import struct
import sys
from collections.abc import Sequence
from typing import BinaryIO

import msgspec

from bot.safety.pictures.opening import open_picture
from bot.safety.pictures.picture import (
    PICTURE_REFUSALS,
    Frame,
    Picture,
    PictureLimits,
    PictureRefusedError,
)

__all__ = ["ANSWER_LENGTH", "LENGTH", "decode_answer", "limits_text", "serve"]

LENGTH = struct.Struct(">Q")
ANSWER_LENGTH = struct.Struct(">I")
MEMORY_BYTES = 1024**3
"""Address space; the largest picture that the limits allow takes three quarters."""


class Opened(msgspec.Struct, tag=True):
    """A picture was opened; the frames of these sizes follow."""

    format: str
    width: int
    height: int
    num_frames: int
    sizes: tuple[tuple[int, int], ...]


class Refused(msgspec.Struct, tag=True):
    """It was not; see PictureRefusedError."""

    category: str
    limit: int | None


def limits_text(limits: PictureLimits) -> str:
    """Return limits as the argument of the process."""
    return msgspec.json.encode(limits).decode()


def serve(source: BinaryIO, sink: BinaryIO, limits: PictureLimits) -> None:
    """Answer for one file after another until no whole one comes."""
    while len(head := source.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        content = source.read(length)
        if len(content) < length:
            return
        answer, frames = _answer(content, limits)
        packed = msgspec.json.encode(answer)
        sink.write(ANSWER_LENGTH.pack(len(packed)) + packed)
        for frame in frames:
            sink.write(frame.pixels)
        sink.flush()


def decode_answer(answer: bytes) -> tuple[Picture, tuple[tuple[int, int], ...]]:
    """Return the picture, still without frames, and the sizes of those that follow.

    Raises:
        PictureRefusedError: the answer says so.
        ValueError: it cannot be understood.
    """
    try:
        said = msgspec.json.decode(answer, type=Opened | Refused)
    except msgspec.MsgspecError as error:
        raise ValueError("that is no answer") from error
    if isinstance(said, Opened):
        picture = Picture(said.format, said.width, said.height, said.num_frames, ())
        return picture, said.sizes
    if f"picture_{said.category}" not in PICTURE_REFUSALS:
        raise ValueError("that is no answer that is known")
    raise PictureRefusedError(said.category, limit=said.limit)


def _answer(
    content: bytes, limits: PictureLimits
) -> tuple[Opened | Refused, Sequence[Frame]]:
    try:
        picture = open_picture(content, limits)
    except PictureRefusedError as error:
        return Refused(error.category, error.limit), ()
    return Opened(
        picture.format,
        picture.width,
        picture.height,
        picture.num_frames,
        tuple((frame.width, frame.height) for frame in picture.frames),
    ), picture.frames


def _bound_memory() -> None:
    """Let an allocation fail rather than the machine, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    is_lower = hard != resource.RLIM_INFINITY and hard < MEMORY_BYTES
    soft = hard if is_lower else MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    # Ctrl+C reaches the whole group: the bot decides what follows.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _bound_memory()
    given = msgspec.json.decode(sys.argv[1], type=PictureLimits)
    serve(sys.stdin.buffer, sys.stdout.buffer, given)
