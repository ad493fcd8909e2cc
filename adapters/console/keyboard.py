"""What a person types, or what a pipe holds, without blocking the loop."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Protocol

from adapters.console.lines import Line, LineReader
from bot.clock import Clock

__all__ = ["ByteSource", "Keyboard"]

PASTE_GAP_S = 0.05
"""Lines that follow one another faster than this were pasted: they are one entry."""
CHUNK_BYTES = 64 * 1024
NUM_CHUNKS = 16


class ByteSource(Protocol):
    """Where bytes come from: a raw stream, which returns what is there."""

    def read(self, size: int, /) -> bytes | None:
        """Wait for bytes and return some; none means the end."""

    def isatty(self) -> bool:
        """Whether a person types there."""


class Keyboard:
    """Reads lines in a thread of its own.

    Attributes:
        is_typed: a person is there; lines that are pasted together are one entry.
    """

    def __init__(self, source: ByteSource, *, clock: Clock) -> None:
        self.is_typed = source.isatty()
        self._source = source
        self._clock = clock
        self._chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self._slots = threading.Semaphore(NUM_CHUNKS)
        self._is_closed = False

    def open(self) -> None:
        """Begin to read."""
        # A daemon: nothing can wake a thread that waits for a key.
        threading.Thread(
            target=self._read,
            args=(asyncio.get_running_loop(),),
            name="console-input",
            daemon=True,
        ).start()

    def close(self) -> None:
        """Read no more, once what is being waited for has come."""
        self._is_closed = True
        self._slots.release()

    async def entries(self) -> AsyncIterator[Line]:
        """Yield what is entered, until the end."""
        reader = LineReader()
        while chunk := await self._next_chunk():
            lines = reader.feed(chunk)
            if lines and self.is_typed:
                lines = [_joined(lines + await self._pasted(reader))]
            for line in lines:
                yield line
        for line in reader.flush():
            yield line

    async def _pasted(self, reader: LineReader) -> list[Line]:
        """Return the lines that come right behind the ones that are there."""
        lines: list[Line] = []
        while True:
            await self._clock.sleep(PASTE_GAP_S)
            if self._chunks.empty():
                return lines
            while not self._chunks.empty():
                chunk = await self._next_chunk()
                if not chunk:
                    self._chunks.put_nowait(chunk)  # the end is for `entries`
                    return lines
                lines += reader.feed(chunk)

    async def _next_chunk(self) -> bytes:
        chunk = await self._chunks.get()
        self._slots.release()
        return chunk

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand bytes to the loop, a few chunks ahead at most: runs in the thread."""
        while not self._is_closed:
            try:
                chunk = self._source.read(CHUNK_BYTES) or b""
            except (OSError, ValueError):
                chunk = b""  # it was closed
            self._slots.acquire()
            try:
                loop.call_soon_threadsafe(self._chunks.put_nowait, chunk)
            except RuntimeError:
                return  # the loop has ended
            if not chunk:
                return


def _joined(lines: list[Line]) -> Line:
    return Line(
        "\n".join(line.text for line in lines),
        is_damaged=any(line.is_damaged for line in lines),
    )
