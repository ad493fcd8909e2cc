"""What only other processes can show: kills, locks, full disks, missing rights."""

import asyncio
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.clock import FakeClock
from bot.errors import StoreFullError
from bot.store.audit_chain import Chain
from bot.store.store import Store

ROOT = Path(__file__).parents[3]
KEEPS_WRITING = Path(__file__).with_name("keeps_writing.py")
WAIT_S = 60

OPEN_ONCE = """
import asyncio, sys
from pathlib import Path
from bot.clock import SystemClock
from bot.errors import StoreError
from bot.store.store import Store

async def main() -> None:
    async with Store.open(Path(sys.argv[1]), backups=1, clock=SystemClock()):
        print("opened")

try:
    asyncio.run(main())
except StoreError as error:
    print(type(error).__name__, error)
"""

# The disk is full as soon as a file would grow beyond a limit, until that is lifted.
FILL_UP = """
import asyncio, resource, sys
from pathlib import Path
from bot.clock import SystemClock
from bot.errors import StoreFullError
from bot.store.settings import SettingsRepository
from bot.store.store import Store

def limit(size_bytes: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))

async def main() -> None:
    async with Store.open(Path(sys.argv[1]), backups=1, clock=SystemClock()) as store:
        settings = SettingsRepository(store)
        limit(1_500_000)
        number = 0
        try:
            while True:
                await settings.set("key", str(number), "x" * 10_000)
                number += 1
        except StoreFullError as error:
            print(error)
        print(number, len(await settings.all("key")))
        limit(resource.RLIM_INFINITY)
        await settings.set("key", str(number), "after")
        print(len(await settings.all("key")))

asyncio.run(main())
"""

# Loads all that is needed, then becomes nobody and tries the folder of another.
AS_NOBODY = """
import os, sys, tempfile
from pathlib import Path
wanted = sys.argv[1]
with tempfile.TemporaryDirectory() as folder:
    sys.argv[1] = str(Path(folder) / "store.sqlite3")
    exec(sys.argv[2])
os.setuid(65534)
sys.argv[1] = wanted
exec(sys.argv[2])
"""


async def python(*arguments: str | Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )


async def output_of(*arguments: str | Path) -> list[str]:
    async with asyncio.timeout(WAIT_S):
        process = await python(*arguments)
        stdout, _ = await process.communicate()
    assert process.returncode == 0
    return stdout.decode().splitlines()


async def killed_after(num_lines: int, path: Path, name: str) -> list[list[str]]:
    """Let it write, kill it after so many lines, return all that it reported."""
    async with asyncio.timeout(WAIT_S):
        process = await python(KEEPS_WRITING, path, name)
        assert process.stdout is not None
        lines = [await process.stdout.readline() for _ in range(num_lines)]
        process.kill()
        rest, _ = await process.communicate()
    reported = b"".join([*lines, rest]).decode()
    # A line without its end was cut short by the kill, and so never reported.
    return [line.split() for line in reported.split("\n")[:-1]]


class Expected:
    """What must be in the store, by what was reported, newest last."""

    def __init__(self) -> None:
        self.turns: set[str] = set()
        self.posts: dict[str, str] = {}
        self.deliveries: dict[int, str] = {}

    def note(self, lines: list[list[str]]) -> None:
        for kind, *words in lines:
            if kind == "turn":
                self.turns.add(words[0])
            elif kind == "post":
                self.posts[words[0]] = words[1]
            elif kind == "delivery":
                self.deliveries[int(words[0])] = words[1]

    def check(self, db: Database) -> None:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        turns = {row[0] for row in db.execute("SELECT message_id FROM turn_message")}
        assert self.turns <= turns
        for post_id, status in self.posts.items():
            row = db.execute("SELECT status FROM post WHERE id = ?", (post_id,))
            assert row.fetchone()[0] in {status, "publishing"}
        for delivery_id, state in self.deliveries.items():
            row = db.execute("SELECT state FROM delivery WHERE id = ?", (delivery_id,))
            assert row.fetchone()[0] in {state, "sent"}
        assert not db.execute(
            "SELECT id FROM post WHERE id NOT IN (SELECT post_id FROM post_transition)"
        ).fetchall()
        steps = db.execute("SELECT post_id, to_status FROM post_transition ORDER BY id")
        rows = db.execute("SELECT subject, substr(what, 6) FROM audit ORDER BY number")
        assert [*map(tuple, steps)] == [*map(tuple, rows)]
        assert Chain().step(db, limit=100_000) is False


async def test_nothing_reported_as_written_is_lost_by_a_kill(
    path: Path, clock: FakeClock
) -> None:
    seed = random.randrange(2**32)  # noqa: S311
    chance = random.Random(seed)  # noqa: S311
    # One line: while it opens, or makes, the store.
    moments = [1, *(chance.randrange(2, 600) for _ in range(4)), 1]
    expected = Expected()
    for number, num_lines in enumerate(moments):
        expected.note(await killed_after(num_lines, path, f"r{number}"))
        async with Store.open(path, backups=1, clock=clock) as store:
            await store.read(expected.check)
    assert len(expected.turns) > 0, f"nothing was written; seed {seed}"


async def test_second_process_is_refused_with_the_pid(path: Path, store: Store) -> None:
    (line,) = await output_of("-c", OPEN_ONCE, path)
    assert line == (
        f"StoreLockedError Another Hearthbot (process {os.getpid()}) is using the "
        f"database {path}. Stop it, or give this one its own [store] path in "
        "config.toml."
    )


async def test_store_can_be_opened_after_a_process_was_killed(path: Path) -> None:
    await killed_after(2, path, "r0")
    assert await output_of("-c", OPEN_ONCE, path) == ["opened"]


async def test_full_disk_is_said_and_nothing_before_it_is_lost(path: Path) -> None:
    said, counts, after = await output_of("-c", FILL_UP, path)
    assert said.startswith(f"The database {path} cannot be written: ")
    assert "Make room on the disk" in said
    written, kept = (int(count) for count in counts.split())
    assert written == kept > 5
    assert int(after) == kept + 1


async def test_full_database_refuses_the_large_and_takes_the_small(
    store: Store,
) -> None:
    async def add(size: int) -> None:
        await store.write(
            lambda db: db.execute(
                "INSERT INTO start (started_utc) VALUES (?)", ("x" * size,)
            )
        )

    await store.write(
        lambda db: db.execute(
            f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}"
        )
    )
    small, large, other = await asyncio.gather(
        *(add(size) for size in (10, 1_000_000, 20)), return_exceptions=True
    )
    assert (small, other) == (None, None)
    assert isinstance(large, StoreFullError)
    sizes = await store.read(
        lambda db: [
            row[0] for row in db.execute("SELECT length(started_utc) FROM start")
        ]
    )
    assert sizes == [10, 20]


@pytest.fixture
def foreign_folder() -> Iterator[Path]:
    """A folder that everybody can read and one user cannot write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


async def test_folder_that_cannot_be_written_is_said(foreign_folder: Path) -> None:
    wanted = foreign_folder / "store.sqlite3"
    if os.geteuid() == 0:  # whom no permission stops
        lines = await output_of("-c", AS_NOBODY, wanted, OPEN_ONCE)
        assert lines.pop(0) == "opened"
    else:
        lines = await output_of("-c", OPEN_ONCE, wanted)
    assert lines == [
        f"StoreFullError The database {wanted} cannot be written: Permission denied. "
        "Make room on the disk, see that the folder belongs to whoever runs "
        "Hearthbot, or choose another [store] path in config.toml."
    ]
