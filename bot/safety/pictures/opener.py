"""Where pictures are opened: in a process that may be killed, or right here."""

import asyncio
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from typing_extensions import override

from bot.confined.process import (
    BrokenDownError,
    ConfinedProcess,
    TooSlowError,
    read_answer,
)
from bot.safety.pictures.opening import open_picture
from bot.safety.pictures.picture import (
    Frame,
    Picture,
    PictureLimits,
    PictureRefusedError,
)
from bot.safety.pictures.worker import decode_answer, limits_text

__all__ = ["DirectOpener", "PictureOpener", "ProcessOpener"]

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
        self._process = ConfinedProcess(
            (*(command or (sys.executable, "-m", MODULE)), limits_text(self._limits)),
            time_limit_s=time_limit_s,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._process.__aexit__(exc_type, exc, traceback)

    @override
    async def open(self, content: bytes) -> Picture:
        if len(content) > self._limits.max_bytes:
            raise PictureRefusedError("size", limit=self._limits.max_bytes)
        try:
            answer = await self._process.ask(content, self._read)
        except TooSlowError as error:
            raise PictureRefusedError("slow") from error
        except BrokenDownError as error:
            raise PictureRefusedError("broken") from error
        if isinstance(answer, PictureRefusedError):
            raise answer
        return answer

    async def _read(
        self, source: asyncio.StreamReader
    ) -> Picture | PictureRefusedError:
        try:
            picture, sizes = decode_answer(await read_answer(source))
        except PictureRefusedError as refusal:
            return refusal
        most = self._limits.sample_pixels
        if len(sizes) > self._limits.num_samples or any(
            min(size) < 1 or size[0] * size[1] > most for size in sizes
        ):
            raise ValueError("more frames than were asked for")
        frames = [
            Frame(width, height, await source.readexactly(width * height * 3))
            for width, height in sizes
        ]
        return replace(picture, frames=tuple(frames))
