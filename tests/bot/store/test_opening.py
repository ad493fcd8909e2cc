import os
import shlex
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import FakeClock
from bot.errors import (
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
)
from bot.store.store import Store


def content(path: Path) -> bytes:
    return path.read_bytes()


def run(command: str) -> None:
    subprocess.run(["sh", "-c", command], check=True)  # noqa: S603, S607


def leave_lock(path: Path) -> None:
    path.with_name(f"{path.name}.lock").write_text("1\n")


def make_folder(path: Path) -> None:
    path.mkdir()


def damage_header(path: Path) -> None:
    path.write_bytes(b"not a database" * 1000)


def damage_tail(path: Path) -> None:
    path.write_bytes(content(path)[: path.stat().st_size // 2])


def damage_page(path: Path) -> None:
    damaged = bytearray(content(path))
    damaged[4096 * 2 : 4096 * 3] = bytes(range(256)) * 16
    path.write_bytes(damaged)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def damage_all_but_first_page(path: Path) -> None:
    size = path.stat().st_size - 4096
    path.write_bytes(content(path)[:4096] + b"\xff" * size)


def make_backup(path: Path, day: int) -> Path:
    stamp = f"202601{day:02}T000000000000Z"
    backup = path.with_name(f"{path.name}.v1-{stamp}.backup.sqlite3")
    backup.write_bytes(path.read_bytes())
    return backup


async def test_second_store_on_one_file_is_refused_with_the_pid(
    store: Store, path: Path, clock: FakeClock
) -> None:
    with pytest.raises(StoreLockedError) as caught:
        async with Store.open(path, backups=1, clock=clock):
            pass
    assert str(caught.value) == (
        f"Another Hearthbot (process {os.getpid()}) is using the database {path}. "
        "Stop it, or give this one its own [store] path in config.toml."
    )


async def test_lock_of_a_process_that_ended_does_not_hold(
    path: Path, clock: FakeClock
) -> None:
    leave_lock(path)
    async with Store.open(path, backups=1, clock=clock):
        pass


async def test_folder_that_is_a_file_is_refused(
    tmp_path: Path, clock: FakeClock
) -> None:
    empty(tmp_path / "file")
    wanted = tmp_path / "file" / "store.sqlite3"
    with pytest.raises(StoreFullError, match=r"cannot be written: .+ Make room"):
        async with Store.open(wanted, backups=1, clock=clock):
            pass


async def test_path_that_is_a_folder_is_refused(path: Path, clock: FakeClock) -> None:
    make_folder(path)
    with pytest.raises(StoreFullError, match="unable to open database file"):
        async with Store.open(path, backups=1, clock=clock):
            pass


async def test_missing_folders_are_made(tmp_path: Path, clock: FakeClock) -> None:
    path = tmp_path / "a" / "b" / "store.sqlite3"
    async with Store.open(path, backups=1, clock=clock):
        assert path.exists()


async def test_database_of_another_program_is_left_alone(
    path: Path, clock: FakeClock
) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmark (url TEXT)")
    before = content(path)
    with pytest.raises(StoreError, match="belongs to another program"):
        async with Store.open(path, backups=1, clock=clock):
            pass
    assert content(path) == before


@pytest.mark.parametrize("damage", [damage_header, damage_tail, damage_page, empty])
async def test_damaged_file_is_left_alone_and_the_way_back_works(
    path: Path, clock: FakeClock, damage: Callable[[Path], None]
) -> None:
    async with Store.open(path, backups=1, clock=clock) as store:
        await store.write(
            lambda db: db.execute("INSERT INTO start (started_utc) VALUES ('kept')")
        )
    make_backup(path, 1)
    newest = make_backup(path, 2)
    damage(path)
    before = content(path)
    with pytest.raises(StoreCorruptError) as caught:
        async with Store.open(path, backups=1, clock=clock):
            pass
    assert content(path) == before
    message = str(caught.value)
    assert f"{path} is damaged" in message
    assert f"newest backup is {newest}." in message
    run(message.split("run: ")[1])
    assert content(Path(f"{path}.damaged")) == before
    async with Store.open(path, backups=1, clock=clock) as store:
        rows = await store.read(
            lambda db: db.execute("SELECT started_utc FROM start").fetchall()
        )
    assert [row[0] for row in rows] == ["kept"]


async def test_damaged_file_without_backup_says_how_to_begin_anew(
    path: Path, clock: FakeClock
) -> None:
    damage_header(path)
    with pytest.raises(StoreCorruptError, match="There is no backup") as caught:
        async with Store.open(path, backups=1, clock=clock):
            pass
    command = str(caught.value).split("run: ")[1]
    assert shlex.quote(str(path)) in command
    run(command)
    async with Store.open(path, backups=1, clock=clock):
        pass


async def test_empty_file_without_backup_is_a_new_store(
    path: Path, clock: FakeClock
) -> None:
    empty(path)
    async with Store.open(path, backups=1, clock=clock) as store:
        assert await store.read(lambda db: "turn" in db.table_names())


async def test_damage_found_later_is_said_as_such(path: Path, clock: FakeClock) -> None:
    async with Store.open(path, backups=1, clock=clock) as store:
        for _ in range(50):
            await store.write(
                lambda db: db.execute(
                    "INSERT INTO start (started_utc) VALUES (?)", ("x" * 4000,)
                )
            )
        shell = sqlite3.connect(path)
        shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shell.close()
        damage_all_but_first_page(path)
        with pytest.raises(StoreCorruptError, match="is damaged"):
            await store.read(
                lambda db: db.execute("SELECT started_utc FROM start").fetchall()
            )
