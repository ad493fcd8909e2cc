from pathlib import Path

import pytest

from bot.clock import FakeClock
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from tests.stores import new_store


@pytest.fixture
def settings(store: Store) -> SettingsRepository:
    return SettingsRepository(store)


async def test_setting_that_was_never_set_is_none(settings: SettingsRepository) -> None:
    assert await settings.get("web:general", "persona") is None
    assert await settings.all("web:general") == {}
    assert not await settings.unset("web:general", "persona")


async def test_setting_counts_for_its_key_only(settings: SettingsRepository) -> None:
    await settings.set("web:general", "persona", "pirate")
    assert await settings.get("web:general", "persona") == "pirate"
    assert await settings.get("web:other", "persona") is None
    assert await settings.get("web:general", "model") is None


async def test_setting_set_again_takes_the_place(settings: SettingsRepository) -> None:
    await settings.set("web:general", "persona", "pirate")
    await settings.set("web:general", "persona", "hearth")
    await settings.set("web:general", "model", "starter")
    assert await settings.all("web:general") == {
        "model": "starter",
        "persona": "hearth",
    }


async def test_setting_unset_is_gone(settings: SettingsRepository) -> None:
    await settings.set("web:general", "persona", "pirate")
    assert await settings.unset("web:general", "persona")
    assert await settings.get("web:general", "persona") is None


async def test_setting_outlives_a_restart(path: Path, clock: FakeClock) -> None:
    async with new_store(path, clock=clock) as store:
        await SettingsRepository(store).set("person:web:ann", "language", "zh")
    async with new_store(path, clock=clock) as store:
        stored = await SettingsRepository(store).get("person:web:ann", "language")
    assert stored == "zh"
