"""New stores for tests, without taking their steps of tables one by one each time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.clock import Clock, FakeClock
from bot.store.migrations import MIGRATIONS
from bot.store.opening import open_database
from bot.store.store import Store


@asynccontextmanager
async def new_store(path: Path, *, clock: Clock) -> AsyncIterator[Store]:
    """Open the store at `path`; where there is none, it begins as a copy of a new one.

    What is about the opening itself, and about sealing, opens stores as the bot does.
    """
    _begin(path)
    async with Store.open(path, backups=1, clock=clock) as store:
        yield store


def _begin(path: Path) -> None:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(_blank())


@cache
def _blank() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "new.sqlite3"
        with open_database(path, backups=1, clock=FakeClock(), migrations=MIGRATIONS):
            pass
        return path.read_bytes()
