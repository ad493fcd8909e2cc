"""The process that opens files: `python -m bot.files.worker WAY LIMITS`.

WAY is "pdf" or "audio". What a file brings down here is not the bot. How it is talked
to is in bot.confined.child; an answer is JSON, then the text or the samples.
"""

import sys
from typing import BinaryIO

import msgspec

from bot.confined.child import answer, confine, contents
from bot.files.pdf import pdf_text
from bot.files.recording import recording_sound
from bot.files.refused import FILE_REFUSALS, FileRefusedError
from bot.files.types import Way

__all__ = ["FileLimits", "arguments", "decode_answer", "serve"]

MEMORY_BYTES = 512 * 1024**2
"""Address space; an hour of samples takes two thirds of it, with the libraries."""


class FileLimits(msgspec.Struct, frozen=True):
    """What is too much."""

    max_pages: int
    max_characters: int
    max_seconds: float


class Opened(msgspec.Struct, tag=True):
    """It was opened; so many bytes follow."""

    num_bytes: int


class Refused(msgspec.Struct, tag=True):
    """It was not; see FileRefusedError."""

    category: str
    limit: int | None


def arguments(way: Way, limits: FileLimits) -> tuple[str, str]:
    """Return the arguments of the process."""
    return way.value, msgspec.json.encode(limits).decode()


def serve(source: BinaryIO, sink: BinaryIO, way: Way, limits: FileLimits) -> None:
    """Answer for one file after another until no whole one comes."""
    for content in contents(source):
        try:
            opened = _opened(content, way, limits)
        except FileRefusedError as error:
            refused = Refused(error.category, error.limit)
            answer(sink, msgspec.json.encode(refused))
        else:
            said = msgspec.json.encode(Opened(len(opened)))
            answer(sink, said, payload=(opened,))


def decode_answer(text: bytes, *, max_bytes: int) -> int | FileRefusedError:
    """Return how many bytes follow, or why none do.

    Raises:
        ValueError: it cannot be understood.
    """
    try:
        said = msgspec.json.decode(text, type=Opened | Refused)
    except msgspec.MsgspecError as error:
        raise ValueError("that is no answer") from error
    if isinstance(said, Opened):
        if not 0 <= said.num_bytes <= max_bytes:
            raise ValueError("more than was asked for")
        return said.num_bytes
    if said.category not in FILE_REFUSALS:
        raise ValueError("that is no answer that is known")
    return FileRefusedError(said.category, limit=said.limit)


def _opened(content: bytes, way: Way, limits: FileLimits) -> bytes:
    if way is Way.PDF:
        text = pdf_text(
            content, max_pages=limits.max_pages, max_characters=limits.max_characters
        )
        return text.encode("utf-8", "replace")
    return recording_sound(content, max_seconds=limits.max_seconds).samples


if __name__ == "__main__":
    confine(MEMORY_BYTES)
    serve(
        sys.stdin.buffer,
        sys.stdout.buffer,
        Way(sys.argv[1]),
        msgspec.json.decode(sys.argv[2], type=FileLimits),
    )
