from datetime import UTC, datetime, timedelta

import pytest

from bot.store.store import Store
from bot.store.visitors import Visitor, VisitorRepository

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def visitors(store: Store) -> VisitorRepository:
    return VisitorRepository(store)


async def test_name_of_somebody_else_is_refused(visitors: VisitorRepository) -> None:
    assert await visitors.set_name("p1", "Ann", name_key="ann", seen_utc=NOW)
    assert not await visitors.set_name("p2", "ANN", name_key="ann", seen_utc=NOW)
    assert await visitors.get("p2") is None


async def test_name_can_be_changed_and_is_free_again(
    visitors: VisitorRepository,
) -> None:
    await visitors.set_name("p1", "Ann", name_key="ann", seen_utc=NOW)
    assert await visitors.set_name("p1", "Anna", name_key="anna", seen_utc=NOW)
    assert await visitors.set_name("p2", "Ann", name_key="ann", seen_utc=NOW)
    assert await visitors.get("p1") == Visitor("p1", "Anna")


async def test_language_is_kept_before_and_after_a_name(
    visitors: VisitorRepository,
) -> None:
    await visitors.set_language("p1", "zh", seen_utc=NOW)
    await visitors.set_language("p2", "zh", seen_utc=NOW)
    assert await visitors.get("p1") == Visitor("p1", "", "zh")
    await visitors.set_name("p1", "Ann", name_key="ann", seen_utc=NOW)
    assert await visitors.get("p1") == Visitor("p1", "Ann", "zh")
    await visitors.set_language("p1", "en", seen_utc=NOW)
    assert await visitors.get("p1") == Visitor("p1", "Ann", "en")


async def test_seat_can_last_longer_until_it_is_left(
    visitors: VisitorRepository,
) -> None:
    assert await visitors.seat_end_utc("s") is None
    await visitors.take_seat("s", expires_utc=NOW)
    assert await visitors.seat_end_utc("s") == NOW
    later_utc = NOW + timedelta(hours=1)
    await visitors.prolong_seat("s", expires_utc=later_utc)
    assert await visitors.seat_end_utc("s") == later_utc
    await visitors.leave_seat("s")
    assert await visitors.seat_end_utc("s") is None


async def test_seat_that_was_left_cannot_be_prolonged(
    visitors: VisitorRepository,
) -> None:
    await visitors.take_seat("s", expires_utc=NOW)
    await visitors.leave_seat("s")
    await visitors.prolong_seat("s", expires_utc=NOW + timedelta(hours=1))
    assert await visitors.seat_end_utc("s") is None
