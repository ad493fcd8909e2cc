"""Where documents from outside are read: in a process that may be killed, or here."""

import asyncio
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog
from typing_extensions import override

from bot.clock import Clock
from bot.words import T
from content.sources.errors import NotReadableError
from content.sources.feed import FeedEntry, read_feed
from content.sources.fetching import Fetched
from content.sources.limits import within
from content.sources.page import read_page
from content.sources.parsing import (
    MAX_ANSWER_BYTES,
    Task,
    decode_answer,
    encode_task,
)

__all__ = ["DirectParser", "DocumentParser", "ProcessParser"]

logger = structlog.get_logger(__name__)

LIMIT_S = 20.0
NUM_AT_ONCE = 2
MODULE = "content.sources.parsing"
KEPT_VARIABLES = ("LANG", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "SYSTEMROOT")


class DocumentParser(ABC):
    """Reads documents. Calls may overlap; none blocks the event loop."""

    @abstractmethod
    async def feed(self, fetched: Fetched, *, now_utc: datetime) -> list[FeedEntry]:
        """Return the entries of a feed.

        Raises:
            SourceError: it is no feed, or reading it takes too much.
        """

    @abstractmethod
    async def page(self, fetched: Fetched) -> str:
        """Return the text of a page.

        Raises:
            SourceError: it has none, or reading it takes too much.
        """


class DirectParser(DocumentParser):
    """Reads in a thread: for tests and for documents of our own."""

    @override
    async def feed(self, fetched: Fetched, *, now_utc: datetime) -> list[FeedEntry]:
        found = await asyncio.to_thread(
            read_feed,
            fetched.content,
            url=fetched.url,
            charset=fetched.charset,
            now_utc=now_utc,
        )
        return list(found)

    @override
    async def page(self, fetched: Fetched) -> str:
        return await asyncio.to_thread(
            read_page,
            fetched.content,
            media_type=fetched.media_type,
            charset=fetched.charset,
        )


class ProcessParser(DocumentParser):
    """Reads each document in a process of its own, with bounded time and memory.

    A few kilobytes can keep a parser busy for minutes; a thread could not be stopped.

    Args:
        command: what to start; by default the process that ships.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        limit_s: float = LIMIT_S,
        command: Sequence[str] | None = None,
    ) -> None:
        self._clock = clock
        self._limit_s = limit_s
        self._command = tuple(command or (sys.executable, "-m", MODULE))
        self._turns = asyncio.Semaphore(NUM_AT_ONCE)

    @override
    async def feed(self, fetched: Fetched, *, now_utc: datetime) -> list[FeedEntry]:
        task = Task("feed", fetched.url, fetched.media_type, fetched.charset, now_utc)
        return (await self._answer(task, fetched.content))[0]

    @override
    async def page(self, fetched: Fetched) -> str:
        now_utc = self._clock.now_utc()
        task = Task("page", fetched.url, fetched.media_type, fetched.charset, now_utc)
        return (await self._answer(task, fetched.content))[1]

    async def _answer(self, task: Task, content: bytes) -> tuple[list[FeedEntry], str]:
        async with self._turns:
            answer = await within(self._limit_s, self._run(task, content), self._clock)
        try:
            return decode_answer(answer)
        except ValueError as error:
            logger.warning("document brought its process down", kind=task.what)
            raise NotReadableError(T("it cannot be read")) from error

    async def _run(self, task: Task, content: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=MAX_ANSWER_BYTES,
            env=_environment(os.environ),
        )
        try:
            answer, _ = await process.communicate(encode_task(task, content))
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        return answer


def _environment(base: Mapping[str, str]) -> dict[str, str]:
    """Return what the process needs to start, and none of the bot's secrets."""
    kept = {name: base[name] for name in KEPT_VARIABLES if name in base}
    root = str(Path(__file__).parents[2])
    paths = [root, *filter(None, kept.get("PYTHONPATH", "").split(os.pathsep))]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONSAFEPATH": "1"}
