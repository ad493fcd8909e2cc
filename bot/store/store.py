"""The store: where everything that must outlive the process is kept."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database, Migrations

from bot.clock import Clock
from bot.store.migrations import MIGRATIONS
from bot.store.opening import open_database
from bot.store.readers import Readers
from bot.store.sealing import Sealer
from bot.store.tidying import rewrite, rewrite_whole, shorten_log
from bot.store.writer import Writer

__all__ = ["Store"]

R = TypeVar("R")


class Store:
    """One SQLite file: one thread writes, a few read, nobody waits for the other.

    Repositories (bot.store.turns and its neighbours) say what is in it.
    """

    def __init__(
        self, path: Path, clock: Clock, writer: Writer, sealer: Sealer | None = None
    ) -> None:
        self.path = path
        self.clock = clock
        self.sealer = sealer
        self._writer = writer
        self._readers = Readers(path, sealer)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        path: Path,
        *,
        backups: int,
        clock: Clock,
        migrations: Migrations = MIGRATIONS,
        sealer: Sealer | None = None,
    ) -> AsyncIterator["Store"]:
        """Open the store at `path`; it is made if it is not there.

        One from an older version is upgraded, with a copy of it kept beside it, of
        which the newest `backups` stay. With a sealer, texts are sealed in the file
        (bot.store.sealed_columns says which). On leaving, what waits is written first.

        Raises:
            StoreError: it cannot be opened; kind and text say why and what to do.
        """
        opening = partial(
            open_database,
            path,
            backups=backups,
            clock=clock,
            migrations=migrations,
            sealer=sealer,
        )
        writer = Writer(path, opening)
        try:
            await writer.open()
            store = cls(path, clock, writer, sealer)
            try:
                yield store
            finally:
                # The last to close tidies the file up, and only the writer can.
                await store._readers.close()
        finally:
            await writer.close()

    async def write(self, fn: Callable[[Database], R]) -> R:
        """Run `fn` in a transaction and return what it returned.

        It is on the disk when this returns, and undone where `fn` raised. It is written
        even if the caller is cancelled while waiting. `fn` runs in another thread and
        may run twice (the first attempt undone): it touches nothing but the database.

        Raises:
            StoreError: the database did not take it.
        """
        return await self._writer.write(fn)

    async def tidy(self, *, is_whole: bool = True) -> bool:
        """Leave nothing in the files of what was deleted: they are written anew.

        A large one is not, and none where `is_whole` is False: then only the log is
        emptied. Returns False where readers were in the way of that.

        Raises:
            StoreError: the disk did not take it; nothing is lost.
        """
        return await self._writer.alone(rewrite if is_whole else shorten_log)

    async def read(self, fn: Callable[[Database], R]) -> R:
        """Run `fn` on a connection that cannot write and return what it returned.

        It sees everything that was written before the call, and one state throughout.

        Raises:
            StoreError: the database could not be read.
        """
        return await self._readers.read(fn)

    async def rewrite(self) -> None:
        """Write the whole file anew, so that no traces of old contents stay in it.

        Whoever writes meanwhile waits; it needs room for one more file on the disk.

        Raises:
            StoreError: it could not be done; nothing is lost.
        """
        await self._writer.alone(rewrite_whole)
