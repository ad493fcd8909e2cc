"""Reading, beside the writer: a few threads, on connections that cannot write."""

import asyncio
import queue
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.store.connection import connect_reader
from bot.store.failures import store_failures
from bot.store.sealed_columns import Failures, unseal_reads
from bot.store.sealing import Sealer
from bot.store.writer import closed_error

__all__ = ["Readers"]

R = TypeVar("R")

NUM_READERS = 4


class Readers:
    """Runs functions on read-only connections, each on one state of the database."""

    def __init__(self, path: Path, sealer: Sealer | None = None) -> None:
        self._path = path
        self._sealer = sealer
        self._pool = ThreadPoolExecutor(NUM_READERS, thread_name_prefix="store-reader")
        self._idle: queue.SimpleQueue[_Reader] = queue.SimpleQueue()
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
                reader = self._idle.get_nowait()
            except queue.Empty:
                reader = self._connect()
            try:
                with reader.db.atomic():
                    return fn(reader.db)
            except sqlite3.OperationalError as error:
                if failure := reader.failures.take():
                    raise failure from error
                raise
            finally:
                self._idle.put(reader)

    def _connect(self) -> "_Reader":
        db = connect_reader(self._path)
        if self._sealer is None:
            return _Reader(db, Failures())
        return _Reader(db, unseal_reads(db, self._sealer))

    def _close(self) -> None:
        self._pool.shutdown()
        while not self._idle.empty():
            self._idle.get_nowait().db.close()


@dataclass(frozen=True, slots=True)
class _Reader:
    db: Database
    failures: Failures
