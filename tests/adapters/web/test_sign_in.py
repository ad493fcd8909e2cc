from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.web.sign_in import FREE_TRIES_OF_ALL, Doorkeeper, ensure_password
from bot.clock import FakeClock
from bot.errors import UserError
from bot.store.accounts import AccountRepository
from tests.stores import new_store


@pytest.fixture
async def accounts(tmp_path: Path) -> AsyncIterator[AccountRepository]:
    path = tmp_path / "store.sqlite3"
    async with new_store(path, clock=FakeClock()) as store:
        yield AccountRepository(store)


async def made(accounts: AccountRepository, **environ: str) -> str | None:
    return await ensure_password(accounts, password_env="PASSWORD", environ=environ)


async def test_password_is_made_once_and_works(accounts: AccountRepository) -> None:
    password = await made(accounts)
    assert password is not None
    assert len(password) >= 20
    assert await made(accounts) is None
    await Doorkeeper(accounts, FakeClock()).admit(password, address="a")


async def test_password_of_the_environment_counts(accounts: AccountRepository) -> None:
    first = await made(accounts)
    assert await made(accounts, PASSWORD="open sesame") is None
    door = Doorkeeper(accounts, FakeClock())
    await door.admit("open sesame", address="a")
    assert first is not None
    with pytest.raises(UserError, match="not the password"):
        await door.admit(first, address="a")


async def fail(door: Doorkeeper, address: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(UserError):
            await door.admit("wrong", address=address)


async def test_guessing_is_slowed_more_and_more(accounts: AccountRepository) -> None:
    password = await made(accounts) or ""
    clock = FakeClock()
    door = Doorkeeper(accounts, clock)
    await fail(door, "a", 5)
    for wait_s in (2, 4, 8):
        with pytest.raises(UserError, match=f"wait {wait_s} seconds"):
            await door.admit(password, address="a")
        await clock.advance(wait_s)
        with pytest.raises(UserError, match="not the password"):
            await door.admit("wrong", address="a")
    await door.admit(password, address="b")
    await clock.advance(16)
    await door.admit(password, address="a")


async def test_waiting_never_gets_longer_than_a_quarter_hour(
    accounts: AccountRepository,
) -> None:
    clock = FakeClock()
    door = Doorkeeper(accounts, clock)
    for _ in range(20):
        await fail(door, "a", 1)
        await clock.advance(900)
    password = await made(accounts) or ""
    await door.admit(password, address="a")


async def test_many_addresses_together_are_slowed_too(
    accounts: AccountRepository,
) -> None:
    door = Doorkeeper(accounts, FakeClock())
    for number in range(FREE_TRIES_OF_ALL):
        await fail(door, f"address {number}", 1)
    with pytest.raises(UserError, match="too many tries"):
        await door.admit("anything", address="somebody new")


async def test_password_of_a_megabyte_is_only_wrong(
    accounts: AccountRepository,
) -> None:
    with pytest.raises(UserError, match="not the password"):
        await Doorkeeper(accounts, FakeClock()).admit("x" * 2**20, address="a")
