"""What a calendar shows: often repeated things as one, and no more than fits."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import FakeClock
from bot.config import BotConfig
from bot.store.diary import DiaryRepository
from bot.store.runs import RunRepository, RunState
from bot.store.schedules import ScheduleRepository, ScheduleSource, StoredSchedule
from bot.store.store import Store
from content.calendar import Calendar
from content.coming import days_of
from content.diary import Diary
from content.diary_item import OF_POSTS, OF_RUNS, DiaryItem, DiaryState
from content.posts import PostStatus

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)  # as the clock of these tests has it
HOUR = timedelta(hours=1)
TODAY = days_of(date(2026, 7, 1), 1, ZoneInfo("UTC"))


@pytest.fixture
async def calendar(store: Store, clock: FakeClock) -> Calendar:
    calendar = Calendar(
        bot=BotConfig(),
        schedules=ScheduleRepository(store),
        runs=RunRepository(store),
        clock=clock,
    )
    await calendar.put(
        StoredSchedule(
            id="often",
            kind="article",
            channels=("fake:general",),
            topics=("x",),
            timezone="UTC",
            created_utc=NOW - 6 * HOUR,
            every_minutes=30,
            source=ScheduleSource.COMMAND,
        )
    )
    return calendar


async def read(
    calendar: Calendar, store: Store, *, most_a_day: int = 60, is_mine: bool = True
) -> tuple[tuple[DiaryItem, ...], int]:
    async def sees_post(schedule_id: str | None, channels: object) -> bool:
        return is_mine

    diary = Diary(
        calendar=calendar,
        runs=RunRepository(store),
        posts=DiaryRepository(store),
        clock=store.clock,
    )
    schedules = [entry.schedule for entry in calendar.entries] if is_mine else []
    page = await diary.read(
        schedules, TODAY, sees_post=sees_post, most_a_day=most_a_day
    )
    return page.items, page.more.get(TODAY[0].date, 0)


def test_every_status_has_its_place_in_the_calendar() -> None:
    assert set(OF_POSTS) == set(PostStatus)
    assert set(OF_RUNS) == set(RunState)


async def test_what_came_often_is_counted_by_how_it_went(
    calendar: Calendar, store: Store
) -> None:
    runs = RunRepository(store)
    for number in range(1, 12):
        state = RunState.SKIPPED if number % 5 == 0 else RunState.DONE
        await runs.plan("often", NOW - 6 * HOUR + number * HOUR / 2, state=state)
    items, more = await read(calendar, store)
    assert [(item.state, item.count) for item in items] == [
        (DiaryState.PUBLISHED, 9),
        (DiaryState.SKIPPED, 2),
        (DiaryState.COMING, 36),
    ]
    assert more == 0


async def test_what_does_not_fit_is_counted(calendar: Calendar, store: Store) -> None:
    await RunRepository(store).plan("often", NOW - HOUR, state=RunState.FAILED)
    items, more = await read(calendar, store, most_a_day=1)
    assert [item.state for item in items] == [DiaryState.FAILED]
    assert more == 36


async def test_what_others_have_is_not_there(calendar: Calendar, store: Store) -> None:
    await RunRepository(store).plan("often", NOW - HOUR, state=RunState.FAILED)
    assert await read(calendar, store, is_mine=False) == ((), 0)
