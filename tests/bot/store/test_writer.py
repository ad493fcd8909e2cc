import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database
from structlog.testing import capture_logs

from bot.errors import StoreError
from bot.store.writer import Writer

PATH = Path("store.sqlite3")


@contextmanager
def never_opens() -> Iterator[Database]:
    raise OSError("no such disk")
    yield


@contextmanager
def closes_badly() -> Iterator[Database]:
    with closing(Database(memory=True)) as db:
        yield db
    raise OSError("disk gone")


async def test_error_at_opening_comes_back() -> None:
    writer = Writer(PATH, never_opens)
    with pytest.raises(OSError, match="no such disk"):
        await writer.open()
    async with asyncio.timeout(10):
        await writer.close()


async def test_error_at_closing_is_logged_and_keeps_nobody_waiting() -> None:
    with capture_logs() as logs:
        writer = Writer(PATH, closes_badly)
        await writer.open()
        assert await writer.write(lambda db: 1) == 1
        async with asyncio.timeout(10):
            await writer.close()
    assert [entry["event"] for entry in logs] == ["store did not close cleanly"]
    with pytest.raises(StoreError, match="closed already"):
        await writer.write(lambda db: 1)
