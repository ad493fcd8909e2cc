"""What every confined process has in common, seen from inside.

On standard input come files: 8 bytes of length, then content. On standard output go
answers: 4 bytes of length and a text, then whatever the text announces. The process
ends when the bot does: when nothing comes any more.
"""

import signal
import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

__all__ = ["ANSWER_LENGTH", "LENGTH", "answer", "confine", "contents"]

LENGTH = struct.Struct(">Q")
ANSWER_LENGTH = struct.Struct(">I")


def contents(source: BinaryIO) -> Iterator[bytes]:
    """Yield one file after another until no whole one comes."""
    while len(head := source.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        content = source.read(length)
        if len(content) < length:
            return
        yield content


def answer(sink: BinaryIO, text: bytes, *, payload: Sequence[bytes] = ()) -> None:
    """Say something about a file, with what the text announces."""
    sink.write(ANSWER_LENGTH.pack(len(text)) + text)
    for part in payload:
        sink.write(part)
    sink.flush()


def confine(memory_bytes: int) -> None:
    """Bound this process's memory, and let the bot decide when it ends.

    An allocation fails then rather than the machine, where the system can do that.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    is_lower = hard != resource.RLIM_INFINITY and hard < memory_bytes
    soft = hard if is_lower else memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
