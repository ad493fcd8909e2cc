from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.store.schedules import ScheduleRepository, ScheduleSource, StoredSchedule
from bot.store.store import Store

DAILY = StoredSchedule(
    id="daily",
    kind="article",
    channels=("web:announcements", "discord:1/2"),
    topics=("The moon", '月亮, "quoted"'),
    timezone="Europe/Berlin",
    created_utc=datetime(2026, 1, 1, tzinfo=UTC),
    cron="0 9 * * *",
    at_first_start=True,
    config_hash="abc",
)
ONCE = StoredSchedule(
    id="once",
    kind="article",
    channels=("web:announcements",),
    topics=("Christmas",),
    timezone="UTC",
    created_utc=datetime(2026, 1, 2, tzinfo=UTC),
    at_utc=datetime(2026, 12, 24, 18, tzinfo=UTC),
    grace_minutes=5,
    persona="hearth",
    language="zh",
    source=ScheduleSource.COMMAND,
    topic_source="feeds",
    feeds=("https://a.example/feed", "https://b.example/feed"),
    folder="topics",
)


@pytest.fixture
def schedules(store: Store) -> ScheduleRepository:
    return ScheduleRepository(store)


async def test_unknown_schedule_is_none(schedules: ScheduleRepository) -> None:
    assert await schedules.get("daily") is None
    assert await schedules.all() == ()
    assert not await schedules.set_enabled("daily", is_enabled=False)
    assert not await schedules.remove("daily")


async def test_schedules_come_back_as_they_were(schedules: ScheduleRepository) -> None:
    await schedules.put(ONCE)
    await schedules.put(DAILY)
    assert await schedules.get("daily") == DAILY
    assert await schedules.all() == (DAILY, ONCE)


async def test_schedule_put_again_keeps_when_it_was_made(
    schedules: ScheduleRepository,
) -> None:
    await schedules.put(DAILY)
    changed = replace(
        DAILY,
        cron="",
        every_minutes=30,
        topics=("Mars",),
        config_hash="def",
        created_utc=datetime(2027, 1, 1, tzinfo=UTC),
    )
    await schedules.put(changed)
    assert await schedules.all() == (replace(changed, created_utc=DAILY.created_utc),)


async def test_schedule_can_rest_and_run_again(schedules: ScheduleRepository) -> None:
    await schedules.put(DAILY)
    assert await schedules.set_enabled("daily", is_enabled=False)
    assert await schedules.get("daily") == replace(DAILY, is_enabled=False)
    assert await schedules.set_enabled("daily", is_enabled=True)
    assert await schedules.get("daily") == DAILY


async def test_removed_schedule_is_gone(schedules: ScheduleRepository) -> None:
    await schedules.put(DAILY)
    assert await schedules.remove("daily")
    assert await schedules.all() == ()
