"""Reading, beside the writer: a few threads, on connections that cannot write."""

import asyncio
import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.store.connection import connect_reader
from bot.store.failures import store_failures
from bot.store.writer import closed_error

__all__ = ["Readers"]

R = TypeVar("R")

NUM_READERS = 4


class Readers:
    """Runs functions on read-only connections, each on one state of the database."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pool = ThreadPoolExecutor(NUM_READERS, thread_name_prefix="store-reader")
        self._idle: queue.SimpleQueue[Database] = queue.SimpleQueue()
        self._is_closed = False

    async def read(self, fn: Callable[[Database], R]) -> R:
        """Run a function and return what it returned."""
        if self._is_closed:
            raise closed_error(self._path)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._read, fn)

    async def close(self) -> None:
        """Wait for running reads and close the connections."""
        self._is_closed = True
        await asyncio.to_thread(self._close)

    def _read(self, fn: Callable[[Database], R]) -> R:
        with store_failures(self._path):
            try:
                db = self._idle.get_nowait()
            except queue.Empty:
                db = connect_reader(self._path)
            try:
                with db.atomic():
                    return fn(db)
            finally:
                self._idle.put(db)

    def _close(self) -> None:
        self._pool.shutdown()
        while not self._idle.empty():
            self._idle.get_nowait().close()
