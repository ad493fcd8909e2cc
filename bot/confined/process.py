"""A process that takes files and answers, and may be killed at any time."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import structlog

from bot.confined.child import ANSWER_LENGTH, LENGTH

__all__ = ["BrokenDownError", "ConfinedProcess", "TooSlowError", "read_answer"]

logger = structlog.get_logger(__name__)

KEPT_VARIABLES = ("LANG", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "SYSTEMROOT")
MAX_ANSWER_BYTES = 100_000

T = TypeVar("T")


class TooSlowError(Exception):
    """The process took too long for a file, and was killed."""


class BrokenDownError(Exception):
    """A file brought the process down, or made it say what makes no sense."""


class ConfinedProcess:
    """Asks a process about one file at a time.

    It starts with the first file, knows none of the bot's secrets, and is killed where
    it takes longer than `time_limit_s` seconds; the next file gets a new one. Use it
    with `async with`.

    Args:
        command: what to start; see bot.confined.child for what it reads and says.
    """

    def __init__(self, command: Sequence[str], *, time_limit_s: float) -> None:
        self._command = tuple(command)
        self._time_limit_s = time_limit_s
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        async with self._turn:
            await self._end()

    async def ask(
        self, content: bytes, read: Callable[[asyncio.StreamReader], Awaitable[T]]
    ) -> T:
        """Hand in a file, and return what `read` makes of the answer.

        `read` raises ValueError where the answer makes no sense.

        Raises:
            TooSlowError, BrokenDownError: there is no answer.
        """
        async with self._turn:
            is_fit = False  # whatever stops it half-way leaves nothing half-read behind
            try:
                process = await self._running()
                async with asyncio.timeout(self._time_limit_s):
                    answer = await _asked(process, content, read)
                is_fit = True
            except TimeoutError as error:
                logger.warning("file takes too long", limit_s=self._time_limit_s)
                raise TooSlowError from error
            except (asyncio.IncompleteReadError, OSError, ValueError) as error:
                logger.warning("file brought its process down")
                raise BrokenDownError from error
            finally:
                if not is_fit:
                    await self._end()
            return answer

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            await self._end()
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=_environment(os.environ),
            )
            logger.info("process for files started", pid=self._process.pid)
        return self._process

    async def _end(self) -> None:
        """Kill the process, if there is one, and wait until it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def read_answer(source: asyncio.StreamReader) -> bytes:
    """Return the next answer of a process.

    Raises:
        ValueError: it is too long to be one.
    """
    (length,) = ANSWER_LENGTH.unpack(await source.readexactly(ANSWER_LENGTH.size))
    if length > MAX_ANSWER_BYTES:
        raise ValueError("an answer that long is none")
    return await source.readexactly(length)


async def _asked(
    process: asyncio.subprocess.Process,
    content: bytes,
    read: Callable[[asyncio.StreamReader], Awaitable[T]],
) -> T:
    assert process.stdin is not None  # noqa: S101
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(LENGTH.pack(len(content)))
    process.stdin.write(content)
    await process.stdin.drain()
    return await read(process.stdout)


def _environment(base: Mapping[str, str]) -> dict[str, str]:
    """Return what the process needs to start, and none of the bot's secrets."""
    kept = {name: base[name] for name in KEPT_VARIABLES if name in base}
    root = str(Path(__file__).parents[2])
    paths = [root, *filter(None, kept.get("PYTHONPATH", "").split(os.pathsep))]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONSAFEPATH": "1"}
