"""Topics from files that people drop into a folder."""

import asyncio
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from typing_extensions import override

from bot.clock import Clock
from bot.outside import quoted
from bot.words import T
from content.sources.charsets import decoded
from content.sources.errors import NoTopicError
from content.sources.feed_topics import fitting
from content.sources.plain_text import one_line, plain_lines, shortened
from content.sources.source import Topic, TopicSource

__all__ = ["Folder"]

logger = structlog.get_logger(__name__)

ENDINGS = (".txt", ".md")
USED = "used"
MAX_BYTES = 64_000
MAX_TOPIC = 120  # characters
MAX_FILES = 1000
SETTLED = timedelta(seconds=10)
"""A file that was written to a moment ago may still grow."""


class Folder(TopicSource):
    """Takes the files in the order of their names, and moves each to `used/`.

    A file's first line is the topic, the rest are notes for the writer. Links, folders
    and hidden files are left alone, and so is what is still being written.
    """

    name = "folder"

    def __init__(self, folder: Path, *, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    @override
    async def next_topic(self) -> Topic:
        return await asyncio.to_thread(self._take, self._clock.now_utc())

    def _take(self, now_utc: datetime) -> Topic:
        """Return the first file's topic. Blocks.

        Raises:
            NoTopicError: there is none, or the folder cannot be used.
        """
        try:
            for path in self._candidates():
                topic = self._read(path, now_utc)
                if topic is not None and self._put_away(path):
                    return topic
        except OSError as error:
            raise NoTopicError(
                T(
                    "the folder {folder} cannot be used ({reason})",
                    folder=self._folder.name,
                    reason=error.strerror or type(error).__name__,
                )
            ) from error
        raise NoTopicError(
            T("there is no new file in the folder {folder}", folder=self._folder.name)
        )

    def _candidates(self) -> Iterator[Path]:
        names = sorted(entry.name for entry in self._folder.iterdir())
        for name in names[:MAX_FILES]:
            if name.lower().endswith(ENDINGS) and not name.startswith((".", "~")):
                yield self._folder / name

    def _read(self, path: Path, now_utc: datetime) -> Topic | None:
        """Return what a file says; None where it is left for later, or for good."""
        try:
            content = _content(path, now_utc)
        except OSError as error:
            logger.info("file left alone", file=path.name, reason=error.strerror)
            return None
        if content is None:
            return None
        first, *rest = plain_lines(decoded(content)).splitlines() or [""]
        text = shortened(one_line(first.lstrip("#")), MAX_TOPIC)
        if not text:
            logger.info("file left alone", file=path.name, reason="it is empty")
            return None
        notes = fitting("\n".join(rest))
        return Topic(text, quoted(notes, "a file with notes") if notes else "")

    def _put_away(self, path: Path) -> bool:
        """Move a file to those that were used; False where it is no longer there."""
        used = self._folder / USED
        used.mkdir(exist_ok=True)
        if used.is_symlink():
            raise NotADirectoryError(0, f"{USED} is a link")
        try:
            path.rename(_free_name(used, path))
        except FileNotFoundError:
            return False
        return True


def _content(path: Path, now_utc: datetime) -> bytes | None:
    """Return what is in a plain, settled file of normal size; else None."""
    # Links are refused by the system itself: the name could change after a look at it.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if path.is_symlink():
        return None
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - no path has it
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode) or before.st_size > MAX_BYTES:
            logger.info("file left alone", file=path.name, size=before.st_size)
            return None
        changed_utc = datetime.fromtimestamp(before.st_mtime, UTC)
        if abs(now_utc - changed_utc) < SETTLED:
            return None
        content = file.read(MAX_BYTES + 1)
        after = os.fstat(file.fileno())
    is_same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return content if is_same and len(content) == after.st_size else None


def _free_name(folder: Path, path: Path) -> Path:
    """Return a name in a folder that is not taken."""
    target, number = folder / path.name, 1
    while target.exists() or target.is_symlink():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    return target
