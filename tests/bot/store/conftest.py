import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from threading import Event

import pytest
from sqlite_utils import Database

from bot.clock import FakeClock
from bot.store.store import Store
from tests.stores import new_store

WAIT_S = 20


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hearth bot.sqlite3"  # a space: commands must quote it


@pytest.fixture
async def store(path: Path, clock: FakeClock) -> AsyncIterator[Store]:
    async with new_store(path, clock=clock) as opened:
        yield opened


class Gate:
    """Holds the writer's thread inside a transaction until it is opened."""

    def __init__(self, store: Store) -> None:
        self._entered = Event()
        self._opened = Event()
        self._writing = asyncio.create_task(store.write(self._wait))

    def _wait(self, db: Database) -> None:
        db.execute("INSERT INTO start (started_utc) VALUES ('held')")
        self._entered.set()
        assert self._opened.wait(WAIT_S)

    async def __aenter__(self) -> "Gate":
        assert await asyncio.to_thread(self._entered.wait, WAIT_S)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._opened.set()
        await self._writing


@pytest.fixture
def held_writer(store: Store) -> Callable[[], Gate]:
    """Make `async with held_writer():` a time in which the writer is busy."""
    return lambda: Gate(store)
