"""What stands behind buttons."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.telegram.callbacks import MAX_BYTES, Callbacks, Pressed
from bot.clock import FakeClock
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from tests.stores import new_store

LONG = "/say " + "a very long line that fits into no button " * 3


async def key() -> bytes:
    return b"k" * 32


async def other_key() -> bytes:
    return b"o" * 32


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    path = tmp_path / "store.sqlite3"
    async with new_store(path, clock=FakeClock()) as store:
        yield store


@pytest.fixture
def callbacks(store: Store) -> Callbacks:
    return Callbacks(key, SettingsRepository(store), clock=store.clock)


@pytest.mark.parametrize("command", ["/stop 1", "/decide 7 uphold", LONG, "/sag 你好"])
async def test_command_comes_back_in_its_own_chat_only(
    callbacks: Callbacks, command: str
) -> None:
    written = await callbacks.write("-1001", command)
    assert 1 <= len(written.encode()) <= MAX_BYTES
    assert await callbacks.read("-1001", written) == Pressed(command)
    assert await callbacks.read("-1002", written) is None


@settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(command=st.text(min_size=1, max_size=80), cut=st.integers(0, 63))
async def test_any_change_of_a_letter_is_found_out(
    callbacks: Callbacks, command: str, cut: int
) -> None:
    try:
        command.encode()
    except UnicodeEncodeError:
        return
    written = await callbacks.write("5", command)
    assert len(written.encode()) <= MAX_BYTES
    assert await callbacks.read("5", written) == Pressed(command)
    at = cut % len(written)
    forged = written[:at] + ("x" if written[at] != "x" else "y") + written[at + 1 :]
    assert await callbacks.read("5", forged) is None


@pytest.mark.parametrize("text", ["", "s", "k", "/stop 1", "sshort", "k" + "a" * 22])
async def test_text_that_is_none_of_ours_is_nothing(
    callbacks: Callbacks, text: str
) -> None:
    assert await callbacks.read("5", text) is None


async def test_button_of_another_bots_key_is_nothing(
    callbacks: Callbacks, store: Store
) -> None:
    other = Callbacks(other_key, SettingsRepository(store), clock=store.clock)
    assert await callbacks.read("5", await other.write("5", "/stop 1")) is None


async def test_button_survives_a_restart(callbacks: Callbacks, store: Store) -> None:
    short = await callbacks.write("5", "/stop 1")
    long = await callbacks.write("5", LONG, origin="telegram:-1001/4")
    again = Callbacks(key, SettingsRepository(store), clock=store.clock)
    assert await again.read("5", short) == Pressed("/stop 1")
    assert await again.read("5", long) == Pressed(LONG, "telegram:-1001/4")


async def test_long_lines_are_forgotten_after_two_months(tmp_path: Path) -> None:
    clock = FakeClock()
    async with new_store(tmp_path / "s.sqlite3", clock=clock) as store:
        callbacks = Callbacks(key, SettingsRepository(store), clock=clock)
        old = await callbacks.write("5", LONG)
        await clock.advance(timedelta(days=40).total_seconds())
        new = await callbacks.write("5", LONG)
        await callbacks.prune()
        assert await callbacks.read("5", old) == Pressed(LONG)
        await clock.advance(timedelta(days=21).total_seconds())
        await callbacks.prune()
        assert await callbacks.read("5", old) is None
        assert await callbacks.read("5", new) == Pressed(LONG)
