"""Where pictures are opened: in a process that may be killed, or right here."""

import asyncio
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog
from typing_extensions import override

from bot.safety.pictures.opening import open_picture
from bot.safety.pictures.picture import (
    Frame,
    Picture,
    PictureLimits,
    PictureRefusedError,
)
from bot.safety.pictures.worker import (
    ANSWER_LENGTH,
    LENGTH,
    decode_answer,
    limits_text,
)

__all__ = ["DirectOpener", "PictureOpener", "ProcessOpener"]

logger = structlog.get_logger(__name__)

MAX_ANSWER_BYTES = 100_000
KEPT_VARIABLES = ("LANG", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "SYSTEMROOT")
MODULE = "bot.safety.pictures.worker"


class PictureOpener(ABC):
    """Opens pictures. Calls may overlap; none blocks the event loop."""

    @abstractmethod
    async def open(self, content: bytes) -> Picture:
        """Return the picture with its frames.

        Raises:
            PictureRefusedError: it is not opened; says why.
        """


class DirectOpener(PictureOpener):
    """Opens in a thread, one at a time: for tests and for pictures of our own."""

    def __init__(self, limits: PictureLimits | None = None) -> None:
        self._limits = limits or PictureLimits()
        self._turn = asyncio.Lock()

    @override
    async def open(self, content: bytes) -> Picture:
        async with self._turn:
            return await asyncio.to_thread(open_picture, content, self._limits)


class ProcessOpener(PictureOpener):
    """Opens in a process of its own, one at a time.

    The process starts with the first picture. One that takes longer than
    `time_limit_s` seconds for a picture is killed, and the next picture gets a new
    one. Use it with `async with`.

    Args:
        command: what to start; by default the process that ships.
    """

    def __init__(
        self,
        limits: PictureLimits | None = None,
        *,
        time_limit_s: float = 3.0,
        command: Sequence[str] | None = None,
    ) -> None:
        self._limits = limits or PictureLimits()
        self._time_limit_s = time_limit_s
        self._command = tuple(command or (sys.executable, "-m", MODULE))
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

    @override
    async def open(self, content: bytes) -> Picture:
        if len(content) > self._limits.max_bytes:
            raise PictureRefusedError("size", limit=self._limits.max_bytes)
        async with self._turn:
            is_fit = False  # whatever stops it half-way leaves nothing half-read behind
            try:
                process = await self._running()
                async with asyncio.timeout(self._time_limit_s):
                    answer = await self._ask(process, content)
                is_fit = True
            except TimeoutError as error:
                logger.warning("picture takes too long", limit_s=self._time_limit_s)
                raise PictureRefusedError("slow") from error
            except PictureRefusedError:
                is_fit = True
                raise
            except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
                logger.warning("picture brought its process down")
                raise PictureRefusedError("broken") from error
            finally:
                if not is_fit:
                    await self._end()
            return answer

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            await self._end()
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                limits_text(self._limits),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=_environment(os.environ),
            )
            logger.info("picture process started", pid=self._process.pid)
        return self._process

    async def _ask(
        self, process: asyncio.subprocess.Process, content: bytes
    ) -> Picture:
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(LENGTH.pack(len(content)))
        process.stdin.write(content)
        await process.stdin.drain()
        head = await process.stdout.readexactly(ANSWER_LENGTH.size)
        (length,) = ANSWER_LENGTH.unpack(head)
        if length > MAX_ANSWER_BYTES:
            raise ValueError("an answer that long is none")
        picture, sizes = decode_answer(await process.stdout.readexactly(length))
        most = self._limits.sample_pixels
        if len(sizes) > self._limits.num_samples or any(
            min(size) < 1 or size[0] * size[1] > most for size in sizes
        ):
            raise ValueError("more frames than were asked for")
        frames = [
            Frame(width, height, await process.stdout.readexactly(width * height * 3))
            for width, height in sizes
        ]
        return replace(picture, frames=tuple(frames))

    async def _end(self) -> None:
        """Kill the process, if there is one, and wait until it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


def _environment(base: Mapping[str, str]) -> dict[str, str]:
    """Return what the process needs to start, and none of the bot's secrets."""
    kept = {name: base[name] for name in KEPT_VARIABLES if name in base}
    root = str(Path(__file__).parents[3])
    paths = [root, *filter(None, kept.get("PYTHONPATH", "").split(os.pathsep))]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONSAFEPATH": "1"}
