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


async def test_seat_ends_by_itself_and_when_it_is_left(
    visitors: VisitorRepository,
) -> None:
    assert not await visitors.has_seat("s", now_utc=NOW)
    await visitors.take_seat("s", expires_utc=NOW + timedelta(days=1))
    assert await visitors.has_seat("s", now_utc=NOW)
    assert not await visitors.has_seat("s", now_utc=NOW + timedelta(days=1))
    await visitors.leave_seat("s")
    assert not await visitors.has_seat("s", now_utc=NOW)
