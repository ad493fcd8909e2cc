from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import FakeClock
from bot.store.picture_hashes import EVERYWHERE, ListedPicture, PictureHashRepository
from bot.store.store import Store
from tests.stores import new_store

HOME, AWAY = "web:home", "web:away"
LARGEST = 2**64 - 1


@pytest.fixture
def hashes(store: Store) -> PictureHashRepository:
    return PictureHashRepository(store)


async def test_list_that_was_never_filled_is_empty(
    hashes: PictureHashRepository,
) -> None:
    assert await hashes.all(HOME) == ()
    assert len(await hashes.list_of(HOME)) == 0
    assert not await hashes.remove(HOME, "0" * 16)


async def test_picture_without_a_hash_cannot_be_listed(
    hashes: PictureHashRepository,
) -> None:
    with pytest.raises(ValueError, match="without a hash"):
        await hashes.add(HOME, [], note="white", added_by="1")


async def test_entry_counts_in_its_own_community(
    hashes: PictureHashRepository,
) -> None:
    await hashes.add(HOME, [5, 80], note="spam", added_by="1")

    assert (await hashes.list_of(HOME)).matches(5, max_distance=0) == "spam"
    assert (await hashes.list_of(HOME)).matches(80, max_distance=0) == "spam"
    assert (await hashes.list_of(AWAY)).matches(5, max_distance=0) is None


async def test_entry_for_all_counts_in_every_community(
    hashes: PictureHashRepository,
) -> None:
    await hashes.add(EVERYWHERE, [LARGEST], note="never", added_by="owner")

    assert (await hashes.list_of(HOME)).matches(LARGEST, max_distance=0) == "never"
    assert await hashes.all(HOME) == ()


async def test_list_tells_who_added_what_and_when(
    hashes: PictureHashRepository, clock: FakeClock
) -> None:
    start = clock.now_utc()
    await hashes.add(HOME, [1], note="first \ud83d", added_by="1")
    await clock.advance(60)
    name = await hashes.add(HOME, [LARGEST, 2], note="second", added_by="2")

    newest, oldest = await hashes.all(HOME)

    assert newest == ListedPicture(
        hash=name,
        community=HOME,
        note="second",
        added_by="2",
        created_utc=start + timedelta(seconds=60),
    )
    assert name == "f" * 16
    assert (oldest.hash, oldest.note) == ("0" * 15 + "1", "first \ufffd")


async def test_same_picture_added_again_takes_the_place(
    hashes: PictureHashRepository,
) -> None:
    await hashes.add(HOME, [1, 2, 3], note="old", added_by="1")
    await hashes.add(HOME, [1, 4], note="new", added_by="1")

    assert [entry.note for entry in await hashes.all(HOME)] == ["new"]
    assert len(await hashes.list_of(HOME)) == 2


async def test_removed_entry_is_gone_with_all_its_hashes(
    hashes: PictureHashRepository,
) -> None:
    name = await hashes.add(HOME, [1, 2, 3], note="spam", added_by="1")

    assert not await hashes.remove(AWAY, name)
    assert await hashes.remove(HOME, name)
    assert len(await hashes.list_of(HOME)) == 0


async def test_list_outlives_a_restart(path: Path, clock: FakeClock) -> None:
    async with new_store(path, clock=clock) as store:
        await PictureHashRepository(store).add(HOME, [7], note="spam", added_by="1")
    async with new_store(path, clock=clock) as store:
        kept = await PictureHashRepository(store).list_of(HOME)
    assert kept.matches(7, max_distance=0) == "spam"
