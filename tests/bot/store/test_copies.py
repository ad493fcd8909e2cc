"""Copies of the store while it is in use, and the way back."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from bot.clock import FakeClock
from bot.errors import (
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreTooNewError,
)
from bot.store.copies import copy_store, prune_copies, restore_store, stamped_name
from bot.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bot.store.conftest import Gate

NOW_UTC = datetime(2026, 5, 1, 12, tzinfo=UTC)


def put(number: int) -> Callable[[Database], None]:
    """Write two rows that belong together."""

    def write(db: Database) -> None:
        for half in "ab":
            db.execute(
                "INSERT INTO start (started_utc) VALUES (?)", (f"{half}{number}",)
            )

    return write


def rows(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT started_utc FROM start ORDER BY rowid").fetchall()
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return [row[0] for row in found]


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def written(path: Path, *numbers: int) -> None:
    asyncio.run(write_all(path, numbers))


async def write_all(path: Path, numbers: tuple[int, ...]) -> None:
    async with Store.open(path, backups=1, clock=FakeClock()) as store:
        for number in numbers:
            await store.write(put(number))


def test_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database"):
        copy_store(tmp_path / "none.sqlite3", tmp_path / "copy.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_copy_takes_no_other_files_place(path: Path, tmp_path: Path) -> None:
    written(path, 1)
    out = tmp_path / "copy.sqlite3"
    out.write_text("mine")
    with pytest.raises(StoreError, match="there already"):
        copy_store(path, out)
    assert out.read_text() == "mine"


def test_copy_of_what_is_no_store_is_refused(tmp_path: Path) -> None:
    other, out = tmp_path / "other.sqlite3", tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE cake (name TEXT)")
    with pytest.raises(StoreError, match="no database of Hearthbot's"):
        copy_store(other, out)
    assert [file.name for file in tmp_path.iterdir()] == ["other.sqlite3"]


def test_copy_that_cannot_be_written_names_its_own_place(
    path: Path, tmp_path: Path
) -> None:
    written(path, 1)
    (tmp_path / "full").touch()  # a file where a folder should be
    with pytest.raises(StoreFullError, match=r"The copy .* cannot be .* --out"):
        copy_store(path, tmp_path / "full" / "copy.sqlite3")


def test_damaged_store_is_not_copied(path: Path, tmp_path: Path) -> None:
    written(path, 1)
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"burnt" * 2000)
    with pytest.raises(StoreCorruptError, match="is damaged"):
        copy_store(path, tmp_path / "copy.sqlite3")
    assert not list(tmp_path.glob("copy*"))


async def test_copy_waits_for_no_writer_and_has_nothing_half(
    store: Store, path: Path, tmp_path: Path, held_writer: Callable[[], Gate]
) -> None:
    await store.write(put(1))
    out = tmp_path / "copies" / "copy.sqlite3"
    async with asyncio.timeout(20), held_writer():
        await asyncio.to_thread(copy_store, path, out)
    assert rows(out)[-2:] == ["a1", "b1"]
    assert out.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in out.parent.iterdir()] == ["copy.sqlite3"]


async def test_copies_amid_writes_are_each_one_moment(
    store: Store, path: Path, tmp_path: Path
) -> None:
    copied = asyncio.Event()

    async def keep_writing() -> int:
        number = 0
        while not copied.is_set():
            await store.write(put(number))
            number += 1
        return number

    async with asyncio.timeout(30):
        writing = asyncio.create_task(keep_writing())
        outs = [tmp_path / f"copy{number}.sqlite3" for number in range(4)]
        for out in outs:
            await asyncio.to_thread(copy_store, path, out)
        copied.set()
        assert await writing > 0, "nothing was written meanwhile"
    for out in outs:
        found = [row for row in rows(out) if row[0] in "ab"]
        expected = [f"{half}{n}" for n in range(len(found) // 2) for half in "ab"]
        assert found == expected


def test_store_comes_back_as_it_was_copied(path: Path, tmp_path: Path) -> None:
    written(path, 1, 2)
    copy = tmp_path / "copy.sqlite3"
    copy_store(path, copy)
    before = dump(path)
    written(path, 3)
    later = dump(path)
    kept = restore_store(path, copy, now_utc=NOW_UTC)
    # What is new is a note of when that was.
    assert [line for line in dump(path) if "'restored'" not in line] == before
    assert kept is not None
    assert kept.parent == path.parent
    assert dump(kept) == later
    assert dump(copy) == before
    written(path, 4)  # and it can be used


async def test_what_was_only_in_the_log_is_kept(path: Path, tmp_path: Path) -> None:
    await write_all(path, (1,))
    copy = tmp_path / "copy.sqlite3"
    copy_store(path, copy)
    crashed = tmp_path / "crashed" / path.name
    crashed.parent.mkdir()
    async with Store.open(path, backups=1, clock=FakeClock()) as store:
        await store.write(put(2))
        for suffix in ("", "-wal"):  # as they are when the machine goes down
            shutil.copy(f"{path}{suffix}", f"{crashed}{suffix}")
    kept = restore_store(crashed, copy, now_utc=NOW_UTC)
    assert kept is not None
    assert rows(kept)[-2:] == ["a2", "b2"]
    assert rows(crashed)[-2:] == ["a1", "b1"], "the log was played into the copy"


def test_damaged_store_is_replaced_and_kept(path: Path, tmp_path: Path) -> None:
    written(path, 1)
    copy = tmp_path / "copy.sqlite3"
    copy_store(path, copy)
    path.write_bytes(b"burnt" * 1000)
    kept = restore_store(path, copy, now_utc=NOW_UTC)
    assert kept is not None
    assert kept.read_bytes() == b"burnt" * 1000
    assert rows(path)[-2:] == ["a1", "b1"]


def test_lost_store_comes_back(path: Path, tmp_path: Path) -> None:
    written(path, 1)
    copy = tmp_path / "copy.sqlite3"
    copy_store(path, copy)
    path.unlink()
    assert restore_store(path, copy, now_utc=NOW_UTC) is None
    assert rows(path)[-2:] == ["a1", "b1"]


async def test_nothing_is_restored_while_the_bot_runs(
    store: Store, path: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite3"
    copy_store(path, copy)
    await store.write(put(1))
    with pytest.raises(StoreLockedError, match="Another Hearthbot"):
        restore_store(path, copy, now_utc=NOW_UTC)
    assert rows(path)[-2:] == ["a1", "b1"]


@pytest.mark.parametrize(
    ("spoil", "error", "said"),
    [
        (lambda file: file.unlink(), StoreError, "no file"),
        (lambda file: file.write_bytes(b"x" * 9000), StoreCorruptError, "damaged"),
        (lambda file: file.write_bytes(b""), StoreError, "no database of"),
        (
            lambda file: file.write_bytes(file.read_bytes()[:-40_000]),
            StoreCorruptError,
            "damaged",
        ),
        (
            lambda file: _execute(file, "PRAGMA application_id = 7"),
            StoreError,
            "no dat",
        ),
        (
            lambda file: _execute(
                file,
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
                " SELECT migration_set, 'm999_later', '' FROM _sqlite_migrations"
                " LIMIT 1",
            ),
            StoreTooNewError,
            "newer Hearthbot",
        ),
    ],
    ids=["gone", "no-database", "empty", "cut-short", "anothers", "newer"],
)
def test_what_is_no_whole_copy_changes_nothing(
    path: Path,
    tmp_path: Path,
    spoil: Callable[[Path], object],
    error: type[StoreError],
    said: str,
) -> None:
    written(path, 1)
    copy = tmp_path / "copies" / "copy.sqlite3"
    copy_store(path, copy)
    spoil(copy)
    before = path.read_bytes()
    with pytest.raises(error, match=said):
        restore_store(path, copy, now_utc=NOW_UTC)
    assert path.read_bytes() == before
    names = {file.name for file in path.parent.iterdir()}
    readers = {f"{path.name}-wal", f"{path.name}-shm"}  # SQLite's own, of the copying
    assert names - readers == {path.name, f"{path.name}.lock", "copies"}


def test_store_itself_is_no_copy(path: Path) -> None:
    written(path, 1)
    with pytest.raises(StoreError, match="itself"):
        restore_store(path, path, now_utc=NOW_UTC)
    assert rows(path)[-2:] == ["a1", "b1"]


def test_only_old_copies_are_deleted(tmp_path: Path) -> None:
    names = [stamped_name(NOW_UTC.replace(day=day)) for day in (3, 1, 2, 4)]
    for name in (*names, "hearthbot-precious.sqlite3", "hearthbot.sqlite3"):
        (tmp_path / name).touch()
    prune_copies(tmp_path, keep=2)
    assert {file.name for file in tmp_path.iterdir()} == {
        names[0],
        names[3],
        "hearthbot-precious.sqlite3",
        "hearthbot.sqlite3",
    }


def _execute(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(sql)
