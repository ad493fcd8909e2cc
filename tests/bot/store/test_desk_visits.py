import asyncio
from datetime import timedelta

import pytest

from bot.clock import FakeClock
from bot.messages import Channel, Role
from bot.store.desk_visits import (
    IDLE,
    LINK_LIFETIME,
    LONGEST,
    DeskGrant,
    DeskVisitRepository,
    link_key,
)
from bot.store.store import Store

PLACE = Channel("discord", "9", "7", name="mods")
GRANT = DeskGrant("77", "Lin", Role.MODERATOR, PLACE)
LINK = link_key("token")


@pytest.fixture
def visits(store: Store) -> DeskVisitRepository:
    return DeskVisitRepository(store)


async def test_link_that_nobody_got_opens_nothing(visits: DeskVisitRepository) -> None:
    assert await visits.begin(LINK, "s1") is None
    assert await visits.get("s1", is_active=True) is None


async def test_link_is_no_visit_and_works_once(visits: DeskVisitRepository) -> None:
    await visits.hand_out(LINK, GRANT)
    assert await visits.get(LINK, is_active=True) is None
    found = await asyncio.gather(*(visits.begin(LINK, f"s{n}") for n in range(5)))
    assert sorted(found, key=bool) == [None, None, None, None, GRANT]


async def test_link_ends_after_five_minutes(
    visits: DeskVisitRepository, clock: FakeClock
) -> None:
    await visits.hand_out(LINK, GRANT)
    await clock.advance(LINK_LIFETIME.total_seconds())
    assert await visits.begin(LINK, "s1") is None


async def test_token_is_not_in_the_store(
    visits: DeskVisitRepository, store: Store
) -> None:
    await visits.hand_out(link_key("very-secret-token"), GRANT)
    dump = await store.read(lambda db: "\n".join(db.conn.iterdump()))
    assert link_key("very-secret-token") in dump
    assert "very-secret-token" not in dump


async def test_visit_ends_when_nobody_does_anything(
    visits: DeskVisitRepository, clock: FakeClock
) -> None:
    await visits.hand_out(LINK, GRANT)
    await visits.begin(LINK, "s1")
    await clock.advance((IDLE - timedelta(minutes=1)).total_seconds())
    assert await visits.get("s1", is_active=True) == GRANT
    await clock.advance((IDLE - timedelta(minutes=1)).total_seconds())
    assert await visits.get("s1", is_active=False) == GRANT  # it only looks on
    await clock.advance(60)
    assert await visits.get("s1", is_active=True) is None


async def test_visit_ends_after_half_a_day_even_if_busy(
    visits: DeskVisitRepository, clock: FakeClock
) -> None:
    await visits.hand_out(LINK, GRANT)
    await visits.begin(LINK, "s1")
    step = timedelta(minutes=20)
    for _ in range(LONGEST // step - 1):
        await clock.advance(step.total_seconds())
        assert await visits.get("s1", is_active=True) == GRANT
    await clock.advance(step.total_seconds())
    assert await visits.get("s1", is_active=True) is None


async def test_signing_out_everywhere_is_for_one_person(
    visits: DeskVisitRepository,
) -> None:
    other = DeskGrant("77", "Not Lin", Role.OWNER, Channel("telegram", "9", "7"))
    for key, grant in (("a", GRANT), ("b", GRANT), ("c", other)):
        await visits.hand_out(key, grant)
    await visits.begin("a", "s1")
    await visits.begin("c", "s3")
    assert await visits.end_all("discord", "77") == 2
    assert await visits.get("s1", is_active=True) is None
    assert await visits.begin("b", "s2") is None
    assert await visits.get("s3", is_active=True) == other
