"""The one thread that writes; everything that crosses threads for writing is here."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlite_utils import Database

from bot.errors import StoreError
from bot.store.failures import store_failures
from bot.words import T

__all__ = ["Writer", "closed_error"]

logger = structlog.get_logger(__name__)

R = TypeVar("R")

MAX_BATCH = 256
"""How many waiting writes are put to the disk in one go."""


@dataclass(frozen=True, slots=True)
class _Job:
    fn: Callable[[Database], Any]
    future: asyncio.Future[Any]
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class _Outcome:
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None


class Writer:
    """Runs functions on the writing connection, each in a transaction.

    What waits is written together: each function in a savepoint of its own, one commit
    for all, and nobody is told before the commit.
    """

    def __init__(
        self, path: Path, opening: Callable[[], AbstractContextManager[Database]]
    ) -> None:
        self._path = path
        self._opening = opening
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._is_closed = False
        # A daemon: if the program ends without closing, that is what a kill would be.
        self._thread = threading.Thread(
            target=self._run, name="store-writer", daemon=True
        )

    async def open(self) -> None:
        """Start the thread, which opens the database and keeps it.

        Raises:
            StoreError: it could not be opened.
        """
        self._thread.start()
        await asyncio.shield(self._opened)

    async def write(self, fn: Callable[[Database], R]) -> R:
        """Run a function in a transaction; return what it returned, once committed."""
        result: R = await self._put(_Job(fn, self._loop.create_future()))
        return result

    async def alone(self, fn: Callable[[Database], R]) -> R:
        """Run a function between transactions, for what cannot be in one."""
        job = _Job(fn, self._loop.create_future(), is_alone=True)
        result: R = await self._put(job)
        return result

    async def close(self) -> None:
        """Finish what waits, then close the database. Nothing may be written after."""
        self._is_closed = True
        self._jobs.put(None)
        await asyncio.shield(self._ended)

    async def _put(self, job: _Job) -> Any:
        if self._is_closed:
            raise closed_error(self._path)
        self._jobs.put(job)
        return await job.future

    def _run(self) -> None:
        opened = False
        try:
            with self._opening() as db:
                opened = True
                self._deliver([_Outcome(self._opened)])
                self._work(db)
        except Exception as error:
            # The caller of open() gets it; a failure to close has nobody but the log.
            if opened:
                logger.exception("store did not close cleanly")
            else:
                self._deliver([_Outcome(self._opened, error=error)])
        finally:
            self._deliver([_Outcome(self._ended)])

    def _work(self, db: Database) -> None:
        is_last = False
        while not is_last:
            jobs, is_last = self._next_batch()
            self._deliver(self._settle(db, jobs))

    def _next_batch(self) -> tuple[list[_Job], bool]:
        """Wait for a job and take those behind it; True: the end was among them."""
        jobs: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == MAX_BATCH or self._jobs.empty():
                return jobs, False
            job = self._jobs.get()
        return jobs, True

    def _settle(self, db: Database, jobs: Sequence[_Job]) -> list[_Outcome]:
        """Write a batch; where that fails as a whole, each job on its own."""
        if len(jobs) > 1 and any(job.is_alone for job in jobs):
            return [outcome for job in jobs for outcome in self._settle(db, [job])]
        try:
            return self._commit(db, jobs)
        except Exception as error:
            if len(jobs) == 1:
                return [_Outcome(jobs[0].future, error=error)]
        return [outcome for job in jobs for outcome in self._settle(db, [job])]

    def _commit(self, db: Database, jobs: Sequence[_Job]) -> list[_Outcome]:
        if not jobs:
            return []
        if jobs[0].is_alone:
            with store_failures(self._path):
                return [_Outcome(jobs[0].future, jobs[0].fn(db))]
        with store_failures(self._path), _transaction(db):
            return [self._attempt(db, job) for job in jobs]

    def _attempt(self, db: Database, job: _Job) -> _Outcome:
        """Run one job in a savepoint; its error is its own caller's only."""
        try:
            with store_failures(self._path), db.atomic():
                return _Outcome(job.future, job.fn(db))
        except Exception as error:
            if not db.conn.in_transaction:
                # A full disk can take the whole transaction, the others' part too.
                raise
            return _Outcome(job.future, error=error)

    def _deliver(self, outcomes: list[_Outcome]) -> None:
        """Hand a whole batch to the event loop in one call."""
        try:
            self._loop.call_soon_threadsafe(_tell, outcomes)
        except RuntimeError:
            # The loop is gone, and with it everybody who could wait.
            logger.debug("nobody waits for the store any more")


def closed_error(path: Path) -> StoreError:
    """Return the error for using a store after it was closed."""
    return StoreError(T("The database {path} is closed already.", path=path))


@contextmanager
def _transaction(db: Database) -> Iterator[None]:
    # IMMEDIATE: wait for the right to write here, where waiting is possible.
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def _tell(outcomes: Sequence[_Outcome]) -> None:
    for outcome in outcomes:
        if not outcome.future.done():
            if outcome.error is None:
                outcome.future.set_result(outcome.result)
            else:
                outcome.future.set_exception(outcome.error)
        elif outcome.error is not None:
            # Whoever asked was cancelled meanwhile: the failure must not be silent.
            logger.error("write failed unseen", exc_info=outcome.error)
