"""The process that reads one document: `python -m content.sources.parsing`.

What a document does to its parser, it does to this process and not to the bot. On
standard input come a line of JSON that says what it is, and the document; on standard
output goes one answer in JSON. Memory and time of the processor are bounded.
"""

import signal
import sys
from datetime import datetime
from typing import BinaryIO, Literal

import msgspec

from bot.words import dump_text, load_text
from content.sources.errors import NotReadableError, SourceError
from content.sources.feed import FeedEntry, read_feed
from content.sources.page import read_page

__all__ = ["MAX_ANSWER_BYTES", "Task", "decode_answer", "encode_task", "serve"]

MAX_ANSWER_BYTES = 4_000_000
MEMORY_BYTES = 1024**3
PROCESSOR_S = 30


class Task(msgspec.Struct, frozen=True):
    """What is to be read, and what is known about it."""

    what: Literal["feed", "page"]
    url: str
    media_type: str
    charset: str
    now_utc: datetime


class Answer(msgspec.Struct, frozen=True):
    """What was read; `refused` is a Text that says why nothing was."""

    entries: list[FeedEntry] = []
    text: str = ""
    refused: str = ""


def encode_task(task: Task, content: bytes) -> bytes:
    """Return what the process is to be given."""
    return msgspec.json.encode(task) + b"\n" + content


def decode_answer(answer: bytes) -> tuple[list[FeedEntry], str]:
    """Return the entries of a feed, or the text of a page.

    Raises:
        NotReadableError: the answer says so.
        ValueError: it is no answer.
    """
    if len(answer) > MAX_ANSWER_BYTES:
        raise ValueError("an answer that long is none")
    try:
        said = msgspec.json.decode(answer, type=Answer)
    except msgspec.MsgspecError as error:
        raise ValueError("that is no answer") from error
    if said.refused:
        raise NotReadableError(load_text(said.refused))
    return said.entries, said.text


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Read the one document and answer."""
    task = msgspec.json.decode(source.readline(), type=Task)
    sink.write(msgspec.json.encode(_answer(task, source.read())))


def _answer(task: Task, content: bytes) -> Answer:
    try:
        if task.what == "page":
            text = read_page(content, media_type=task.media_type, charset=task.charset)
            return Answer(text=text)
        entries = read_feed(
            content, url=task.url, charset=task.charset, now_utc=task.now_utc
        )
        return Answer(entries=list(entries))
    except SourceError as error:
        return Answer(refused=dump_text(error.text))


def _bound() -> None:
    """Let an allocation fail rather than the machine, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    wanted = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: PROCESSOR_S,
        resource.RLIMIT_CORE: 0,
    }
    for what, limit in wanted.items():
        _, hard = resource.getrlimit(what)
        is_lower = hard != resource.RLIM_INFINITY and hard < limit
        resource.setrlimit(what, (hard if is_lower else limit, hard))


if __name__ == "__main__":
    # Ctrl+C reaches the whole group: the bot decides what follows.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _bound()
    serve(sys.stdin.buffer, sys.stdout.buffer)
