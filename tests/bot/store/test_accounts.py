import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import FakeClock
from bot.store.accounts import AccountRepository
from bot.store.store import Store
from bot.store.visitors import VisitorRepository
from tests.stores import new_store


@pytest.fixture
def accounts(store: Store) -> AccountRepository:
    return AccountRepository(store)


async def test_no_password_is_right_where_none_was_set(
    accounts: AccountRepository,
) -> None:
    assert not await accounts.has_password("moderators")
    assert not await accounts.check_password("moderators", "")


@pytest.mark.parametrize("guess", ["", "hunter", "hunter22", "Hunter2", "\ud800"])
async def test_wrong_password_is_wrong(accounts: AccountRepository, guess: str) -> None:
    await accounts.set_password("moderators", "hunter2")
    assert not await accounts.check_password("moderators", guess)
    assert not await accounts.check_password("others", "hunter2")


async def test_right_password_is_right_until_changed(
    accounts: AccountRepository,
) -> None:
    await accounts.set_password("moderators", "hunter2 é")
    assert await accounts.has_password("moderators")
    assert await accounts.check_password("moderators", "hunter2 e\u0301")
    await accounts.set_password("moderators", "new")
    assert not await accounts.check_password("moderators", "hunter2 é")
    assert await accounts.check_password("moderators", "new")


async def test_new_password_ends_what_was_opened_with_the_old_one(
    accounts: AccountRepository, store: Store, clock: FakeClock
) -> None:
    await accounts.set_password("moderators", "old")
    visitors = VisitorRepository(store)
    await visitors.take_seat("s", expires_utc=clock.now_utc() + timedelta(hours=1))
    await accounts.set_password("moderators", "new")
    assert await visitors.seat_end_utc("s") is None


async def test_password_is_nowhere_in_the_file(path: Path, clock: FakeClock) -> None:
    async with new_store(path, clock=clock) as store:
        await AccountRepository(store).set_password("moderators", "correct horse")
        await AccountRepository(store).set_password("others", "correct horse")
        hashes = await store.read(
            lambda db: [row[0] for row in db.execute("SELECT hash FROM password")]
        )
    assert b"correct horse" not in _content(path)
    assert len(set(hashes)) == 2, "the same password must not show as the same"


def _content(path: Path) -> bytes:
    return path.read_bytes()


async def test_secret_is_drawn_once(path: Path, clock: FakeClock) -> None:
    async with new_store(path, clock=clock) as store:
        accounts = AccountRepository(store)
        drawn = set(
            await asyncio.gather(*(accounts.secret("session") for _ in range(9)))
        )
        other = await accounts.secret("forms")
    async with new_store(path, clock=clock) as store:
        drawn.add(await AccountRepository(store).secret("session"))
    assert len(drawn) == 1
    assert len(drawn.pop()) == 32 == len(other)


async def test_starts_are_counted(path: Path, clock: FakeClock) -> None:
    for number in (1, 2, 3):
        async with new_store(path, clock=clock) as store:
            accounts = AccountRepository(store)
            assert await accounts.record_start() == number
            assert await accounts.is_first_start() == (number == 1)
