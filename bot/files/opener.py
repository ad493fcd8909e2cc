"""Where PDFs and recordings are opened: in processes that may be killed."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from bot.confined.process import (
    BrokenDownError,
    ConfinedProcess,
    TooSlowError,
    read_answer,
)
from bot.files.recording import SAMPLE_RATE_HZ
from bot.files.refused import FileRefusedError
from bot.files.types import Way
from bot.files.worker import FileLimits, arguments, decode_answer
from bot.generation.requests import Sound

__all__ = ["FileOpener"]

COMMAND = (sys.executable, "-m", "bot.files.worker")

MAX_WAITING = 20
"""So many files of a kind may wait; more would only make everybody wait longer."""

_Read = Callable[[asyncio.StreamReader], Awaitable[bytes | FileRefusedError]]


class FileOpener:
    """Opens files, one at a time of each kind. Use it with `async with`.

    Args:
        time_limit_s: how long one file may take.
        command: what to start; by default the process that ships.
    """

    def __init__(
        self,
        limits: FileLimits,
        *,
        time_limit_s: float,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._limits = limits
        self._processes = {
            way: ConfinedProcess(
                (*command, *arguments(way, limits)), time_limit_s=time_limit_s
            )
            for way in (Way.PDF, Way.AUDIO)
        }
        self._num_waiting = dict.fromkeys(self._processes, 0)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for process in self._processes.values():
            await self._stack.enter_async_context(process)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def pdf(self, content: bytes) -> str:
        """Return the text of a PDF.

        Raises:
            FileRefusedError: it is not opened; says why.
        """
        most = 4 * self._limits.max_characters
        return (await self._open(Way.PDF, content, max_bytes=most)).decode("utf-8")

    async def recording(self, content: bytes) -> Sound:
        """Return what sounds in a recording, at 16 kHz.

        Raises:
            FileRefusedError: it is not opened; says why.
        """
        most = round(2 * SAMPLE_RATE_HZ * self._limits.max_seconds)
        samples = await self._open(Way.AUDIO, content, max_bytes=most)
        return Sound(SAMPLE_RATE_HZ, samples)

    async def _open(self, way: Way, content: bytes, *, max_bytes: int) -> bytes:
        if self._num_waiting[way] >= MAX_WAITING:
            raise FileRefusedError("busy")
        self._num_waiting[way] += 1
        try:
            answer = await self._processes[way].ask(content, _reader(max_bytes))
        except TooSlowError as error:
            raise FileRefusedError("slow") from error
        except BrokenDownError as error:
            raise FileRefusedError("broken") from error
        finally:
            self._num_waiting[way] -= 1
        if isinstance(answer, FileRefusedError):
            raise answer
        return answer


def _reader(max_bytes: int) -> _Read:
    async def read(source: asyncio.StreamReader) -> bytes | FileRefusedError:
        size = decode_answer(await read_answer(source), max_bytes=max_bytes)
        if isinstance(size, FileRefusedError):
            return size
        return await source.readexactly(size)

    return read
