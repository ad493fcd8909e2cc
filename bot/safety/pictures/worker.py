"""The process that opens pictures: `python -m bot.safety.pictures.worker LIMITS`.

A decoder that is brought down by a file brings down this process, not the bot. It has
no secrets, bounded memory, and ends when the bot does. How it is talked to is in
bot.confined.child; an answer is JSON, then the pixels of the frames, one after another.
"""

import sys
from collections.abc import Sequence
from typing import BinaryIO

import msgspec

from bot.confined.child import answer, confine, contents
from bot.safety.pictures.opening import open_picture
from bot.safety.pictures.picture import (
    PICTURE_REFUSALS,
    Frame,
    Picture,
    PictureLimits,
    PictureRefusedError,
)

__all__ = ["decode_answer", "limits_text", "serve"]

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
    for content in contents(source):
        said, frames = _answer(content, limits)
        answer(sink, msgspec.json.encode(said), payload=[one.pixels for one in frames])


def decode_answer(text: bytes) -> tuple[Picture, tuple[tuple[int, int], ...]]:
    """Return the picture, still without frames, and the sizes of those that follow.

    Raises:
        PictureRefusedError: the answer says so.
        ValueError: it cannot be understood.
    """
    try:
        said = msgspec.json.decode(text, type=Opened | Refused)
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


if __name__ == "__main__":
    confine(MEMORY_BYTES)
    given = msgspec.json.decode(sys.argv[1], type=PictureLimits)
    serve(sys.stdin.buffer, sys.stdout.buffer, given)
