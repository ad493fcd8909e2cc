"""The keys of a sealed store: missing, wrong, changed; values tampered with."""

import asyncio
import base64
import hashlib
import os
import sqlite3
import sys
from contextlib import AbstractAsyncContextManager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import FakeClock
from bot.conversation import Turn
from bot.errors import StoreSealedError
from bot.generation.requests import TurnRole
from bot.messages import Scope
from bot.store.copies import copy_store
from bot.store.seal_sweep import BATCH_ROWS, SealSweep
from bot.store.sealing import Sealer
from bot.store.store import Store
from bot.store.turns import TurnRepository

SCOPE = Scope("web", "home", "general", None, None)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
OLD, NEW, OTHER_KEY = b"o" * 32, b"n" * 32, b"x" * 32
NUM_TURNS = 5 * BATCH_ROWS
ROOT = Path(__file__).parents[3]
WAIT_S = 30


def opened(
    path: Path, clock: FakeClock, *keys: bytes
) -> AbstractAsyncContextManager[Store]:
    sealer = Sealer(keys) if keys else None
    return Store.open(path, backups=1, clock=clock, sealer=sealer)


def turn(number: int) -> Turn:
    return Turn(SCOPE, TurnRole.USER, f"text {number}", f"m{number}", NOW)


async def say(store: Store, num_turns: int) -> None:
    turns = TurnRepository(store)
    await asyncio.gather(*(turns.add(turn(number)) for number in range(num_turns)))


async def assert_said(store: Store, num_turns: int) -> None:
    turns = await TurnRepository(store).recent(SCOPE, limit=num_turns + 1)
    assert {one.text for one in turns} == {f"text {n}" for n in range(num_turns)}


async def seal(store: Store) -> SealSweep:
    assert store.sealer is not None
    sweep = SealSweep(store, store.sealer)
    while await sweep.step():
        pass
    await sweep.finish()
    return sweep


def content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def test_without_the_key_it_does_not_open_and_nothing_changes(
    path: Path, clock: FakeClock
) -> None:
    async with opened(path, clock, OLD) as store:
        await say(store, 3)
    before = content(path)
    with pytest.raises(StoreSealedError, match="key_env"):
        async with opened(path, clock):
            pass
    with pytest.raises(StoreSealedError, match="another key"):
        async with opened(path, clock, NEW):
            pass
    assert content(path) == before
    async with opened(path, clock, OLD) as store:
        await assert_said(store, 3)


async def test_rotation_goes_on_after_a_kill(path: Path, clock: FakeClock) -> None:
    async with opened(path, clock, OLD) as store:
        await say(store, NUM_TURNS)
    keys = ",".join(base64.b64encode(key).decode() for key in (NEW, OLD))
    killed = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-W",
            "ignore",
            str(ROOT / "tests/bot/store/seals_slowly.py"),
        ),
        *(str(path), keys),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    )
    assert killed.stdout is not None
    async with asyncio.timeout(WAIT_S):
        assert int(await killed.stdout.readline()) == BATCH_ROWS
        killed.kill()
        await killed.wait()
    for keys_only in ([OLD], [NEW]):  # half of it needs the one, half the other
        with pytest.raises(StoreSealedError, match="another key"):
            async with opened(path, clock, *keys_only):
                pass
    async with opened(path, clock, NEW, OLD) as store:
        await assert_said(store, NUM_TURNS)
        sweep = await seal(store)
        assert 3 * BATCH_ROWS < sweep.num_sealed <= 5 * BATCH_ROWS
    assert Sealer([OLD]).prefixes[0] not in await asyncio.to_thread(path.read_bytes)
    async with opened(path, clock, NEW) as store:
        await assert_said(store, NUM_TURNS)


async def test_value_that_was_moved_is_named_and_not_shown(
    path: Path, clock: FakeClock
) -> None:
    async with opened(path, clock, NEW) as store:
        await TurnRepository(store).add(turn(1))
        await TurnRepository(store).add(turn(2))
    with closing(sqlite3.connect(path)) as db, db:
        first = db.execute("SELECT text FROM turn WHERE id = 1").fetchone()[0]
        db.execute("UPDATE turn SET text = ? WHERE id = 2", (first,))
    async with opened(path, clock, NEW) as store:
        turns = TurnRepository(store)
        with pytest.raises(StoreSealedError, match=r"turn\.text:2"):
            await turns.recent(SCOPE, limit=5)
        assert await turns.by_message(SCOPE, "m1") == turn(1)
    both = path.parent / "both.sqlite3"
    await asyncio.to_thread(copy_store, path, both)
    async with opened(both, clock, OTHER_KEY, NEW) as store:
        assert (await seal(store)).num_sealed == 1  # the other stays as it is
        assert await TurnRepository(store).by_message(SCOPE, "m1") == turn(1)
    with pytest.raises(StoreSealedError):  # and needs its key
        async with opened(both, clock, OTHER_KEY):
            pass
