import asyncio
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from sqlite_utils import Database
from structlog.testing import capture_logs

from bot.clock import FakeClock
from bot.errors import StoreError, StoreFullError, StoreLockedError
from bot.store.store import Store

Held = Callable[[], AbstractAsyncContextManager[object]]


def add(text: str) -> Callable[[Database], None]:
    def write(db: Database) -> None:
        db.execute("INSERT INTO start (started_utc) VALUES (?)", (text,))

    return write


def texts(db: Database) -> list[str]:
    rows = db.execute("SELECT started_utc FROM start ORDER BY number")
    return [row[0] for row in rows]


def content(path: Path) -> bytes:
    return path.read_bytes()


def fail(db: Database) -> None:
    add("undone")(db)
    raise KeyError("on purpose")


async def test_failed_write_is_undone_and_its_error_comes_back(store: Store) -> None:
    with pytest.raises(KeyError, match="on purpose"):
        await store.write(fail)
    assert await store.read(texts) == []


async def test_failed_read_comes_back_and_the_connection_lives(store: Store) -> None:
    with pytest.raises(StoreError, match="no such table"):
        await store.read(lambda db: db.execute("SELECT * FROM nowhere"))
    assert await store.read(texts) == []


async def test_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StoreFullError, match="readonly"):
        await store.read(add("sneaked in"))
    assert await store.read(texts) == []


async def test_sql_error_names_the_database(store: Store) -> None:
    with pytest.raises(StoreError, match=r"hearth bot\.sqlite3 did not take it: near"):
        await store.write(lambda db: db.execute("SELEKT"))


async def test_half_a_character_is_replaced_in_named_values_too(store: Store) -> None:
    await store.write(
        lambda db: db.execute(
            "INSERT INTO start (number, started_utc) VALUES (:number, :text)",
            {"number": 7, "text": "a\ud800"},
        )
    )
    assert await store.read(texts) == ["a\ufffd"]


async def test_write_returns_what_the_function_returned(store: Store) -> None:
    assert await store.write(lambda db: 42) == 42


async def test_read_sees_what_was_written_before(store: Store) -> None:
    for number in range(20):
        await store.write(add(str(number)))
        assert (await store.read(texts))[-1] == str(number)


async def test_writes_that_wait_share_a_commit_but_not_errors(
    store: Store, held_writer: Held
) -> None:
    async with held_writer():
        waiting = [
            asyncio.ensure_future(store.write(fn))
            for fn in (add("a"), fail, add("b"), add("c"))
        ]
        await asyncio.sleep(0)
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [
        type(None),
        KeyError,
        type(None),
        type(None),
    ]
    assert await store.read(texts) == ["held", "a", "b", "c"]


async def test_commit_that_fails_as_a_whole_hurts_only_the_guilty(
    store: Store, held_writer: Held
) -> None:
    def orphan(db: Database) -> None:
        db.execute("PRAGMA defer_foreign_keys = ON")  # found out at the commit only
        db.execute("INSERT INTO turn_message VALUES ('s', 'm', 404)")

    async with held_writer():
        waiting = [
            asyncio.ensure_future(store.write(fn))
            for fn in (add("a"), orphan, add("b"))
        ]
        await asyncio.sleep(0)
    first, guilty, last = await asyncio.gather(*waiting, return_exceptions=True)
    assert first is None
    assert last is None
    assert isinstance(guilty, StoreError)
    assert "FOREIGN KEY" in str(guilty)
    assert await store.read(texts) == ["held", "a", "b"]


async def test_transaction_that_is_lost_hurts_only_the_guilty(
    store: Store, held_writer: Held
) -> None:
    def lose(db: Database) -> None:
        db.rollback()  # as SQLite itself does when the disk fails
        raise sqlite3.OperationalError("lost")

    async with held_writer():
        waiting = [
            asyncio.ensure_future(store.write(fn)) for fn in (add("a"), lose, add("b"))
        ]
        await asyncio.sleep(0)
    first, guilty, last = await asyncio.gather(*waiting, return_exceptions=True)
    assert (first, last) == (None, None)
    assert isinstance(guilty, StoreError)
    assert await store.read(texts) == ["held", "a", "b"]


async def test_readers_do_not_wait_for_a_long_write(
    store: Store, held_writer: Held
) -> None:
    await store.write(add("before"))
    async with held_writer(), asyncio.timeout(10):
        many = [store.read(texts) for _ in range(20)]
        assert await asyncio.gather(*many) == [["before"]] * 20
    assert await store.read(texts) == ["before", "held"]


async def test_writer_does_not_wait_for_readers_which_see_one_state(
    store: Store,
) -> None:
    begun, written = threading.Event(), threading.Event()

    def read_twice(db: Database) -> tuple[list[str], list[str]]:
        before = texts(db)
        begun.set()
        assert written.wait(10)
        return before, texts(db)

    reading = asyncio.create_task(store.read(read_twice))
    assert await asyncio.to_thread(begun.wait, 10)
    async with asyncio.timeout(10):
        await store.write(add("meanwhile"))
    written.set()
    assert await reading == ([], [])
    assert await store.read(texts) == ["meanwhile"]


async def test_event_loop_goes_on_while_the_writer_is_busy(
    store: Store, held_writer: Held
) -> None:
    async with held_writer(), asyncio.timeout(10):
        writing = asyncio.create_task(store.write(add("late")))
        for _ in range(100):
            await asyncio.sleep(0)
        assert not writing.done()
    await writing


async def test_cancelled_caller_leaves_a_whole_write(
    store: Store, held_writer: Held
) -> None:
    async with held_writer():
        waiting = asyncio.create_task(store.write(add("left behind")))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await store.write(add("next"))
    assert await store.read(texts) == ["held", "left behind", "next"]


async def test_failure_that_nobody_waits_for_is_logged(
    store: Store, held_writer: Held
) -> None:
    with capture_logs() as logs:
        async with held_writer():
            waiting = asyncio.create_task(store.write(fail))
            await asyncio.sleep(0)
            waiting.cancel()
        await store.write(add("next"))
    assert [entry["event"] for entry in logs] == ["write failed unseen"]


async def test_closed_store_refuses(path: Path, clock: FakeClock) -> None:
    async with Store.open(path, backups=1, clock=clock) as store:
        pass
    with pytest.raises(StoreError, match="closed already"):
        await store.write(add("too late"))
    with pytest.raises(StoreError, match="closed already"):
        await store.read(texts)


async def test_closing_writes_what_waits_and_tidies_up(
    path: Path, clock: FakeClock
) -> None:
    async with Store.open(path, backups=1, clock=clock) as store:
        await store.read(texts)
        waiting = [
            asyncio.create_task(store.write(add(str(number)))) for number in range(600)
        ]
        await asyncio.sleep(0)
    assert all(task.done() for task in waiting)
    assert {file.name for file in path.parent.iterdir()} == {
        path.name,
        f"{path.name}.lock",
    }
    async with Store.open(path, backups=1, clock=clock) as store:
        assert await store.read(texts) == [str(number) for number in range(600)]


async def test_store_outlives_an_error_in_its_block(
    path: Path, clock: FakeClock
) -> None:

    async def stumble() -> None:
        async with Store.open(path, backups=1, clock=clock) as store:
            await store.write(add("kept"))
            raise KeyError

    with pytest.raises(KeyError):
        await stumble()
    async with Store.open(path, backups=1, clock=clock) as store:
        assert await store.read(texts) == ["kept"]


def test_loop_that_is_gone_does_not_trouble_the_writer(
    path: Path, clock: FakeClock
) -> None:
    entered, released = threading.Event(), threading.Event()

    def write(db: Database) -> None:
        add("kept")(db)
        entered.set()
        assert released.wait(10)

    loop = asyncio.new_event_loop()
    opening = Store.open(path, backups=1, clock=clock)
    store = loop.run_until_complete(opening.__aenter__())
    writing = loop.create_task(store.write(write))
    loop.run_until_complete(asyncio.to_thread(entered.wait, 10))
    writing.cancel()
    loop.run_until_complete(asyncio.wait({writing}))
    closing = loop.create_task(opening.__aexit__(None, None, None))
    while not closing.done():
        loop.run_until_complete(asyncio.sleep(0))
        closing.cancel()
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    released.set()
    _join_writer()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT started_utc FROM start").fetchall() == [
            ("kept",)
        ]
    connection.close()


def _join_writer() -> None:
    for thread in threading.enumerate():
        if thread.name == "store-writer":
            thread.join(10)
            assert not thread.is_alive()


async def test_other_program_that_writes_is_named_as_the_reason(
    store: Store, path: Path
) -> None:
    # Wait less than the five seconds that a person's shell is given.
    await store.write(lambda db: db.execute("PRAGMA busy_timeout = 1"))
    shell = sqlite3.connect(path, isolation_level=None)
    shell.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreLockedError, match="Another program"):
        await store.write(add("blocked"))
    shell.close()
    await store.write(add("free again"))
    assert await store.read(texts) == ["free again"]


async def test_file_is_readable_to_its_owner_only(store: Store, path: Path) -> None:
    await store.write(add("x"))
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


async def test_forgotten_text_is_not_left_in_the_file(
    path: Path, clock: FakeClock
) -> None:
    async with Store.open(path, backups=1, clock=clock) as store:
        await store.write(add("forget-me-" * 2000))
        await store.write(lambda db: db.execute("DELETE FROM start"))
    assert b"forget-me" not in content(path)
