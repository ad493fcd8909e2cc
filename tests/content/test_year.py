"""A year in virtual time: both changes of the clock, in zones with odd rules."""

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clock import FakeClock
from bot.config import BotConfig, ScheduleConfig
from bot.store.runs import RunRepository, RunState, ScheduleRun
from bot.store.schedules import ScheduleRepository, ScheduleSource, StoredSchedule
from bot.store.store import Store
from content.agenda import Agenda, Entry, slot_plan
from content.calendar import Calendar
from content.slots import Slots

ZONES = {
    "Europe/Berlin": ("2026-10-25", "2027-03-28"),
    "America/New_York": ("2026-11-01", "2027-03-14"),
    "Australia/Lord_Howe": ("2027-04-04", "2026-10-04"),
    "Africa/Casablanca": ("2027-02-07", "2027-03-14"),
    "Asia/Kathmandu": ("", ""),
}
"""Days whose small hours come twice, and days that lack some of them."""
AT = {
    "America/New_York": ("30 1 * * *", "30 2 * * *"),
    "Australia/Lord_Howe": ("45 1 * * *", "15 2 * * *"),
}
NIGHT = ("30 2 * * *", "30 2 * * *")
NUM_SCHEDULES = 10_000
DAY_S = 86400.0


def config(id: str, zone: str, cron: str) -> ScheduleConfig:
    return ScheduleConfig(
        id=id, channels=("fake:general",), topics=("x",), cron=cron, timezone=zone
    )


def days_of(rows: Sequence[ScheduleRun], calendar: Calendar, id: str) -> list[date]:
    entry = calendar.entry(id)
    assert entry is not None
    return [run.due_utc.astimezone(entry.timetable.zone).date() for run in rows]


def said(rows: Sequence[ScheduleRun], days: Sequence[date]) -> dict[str, str]:
    """Return the day and the reason of the rows that have one."""
    return {
        day.isoformat(): str(run.reason)
        for day, run in zip(days, rows, strict=True)
        if run.reason is not None
    }


@pytest.mark.parametrize("zone", ZONES)
async def test_year_posts_once_a_day_and_says_what_the_clock_did(
    zone: str, store: Store, clock: FakeClock
) -> None:
    runs = RunRepository(store)
    twice, gone = AT.get(zone, NIGHT)
    calendar = Calendar(
        bot=BotConfig(), schedules=ScheduleRepository(store), runs=runs, clock=clock
    )
    await calendar.sync((config("twice", zone, twice), config("gone", zone, gone)))
    # Not 24 hours: slots come at any time between two looks, as in a life.
    while clock.now_utc() < datetime(2027, 7, 2, tzinfo=UTC):
        wait = (calendar.next_utc or clock.now_utc()) - clock.now_utc()
        await clock.advance(wait.total_seconds())
        for run in await calendar.plan_due():
            assert run.state is RunState.PLANNED
    twice_day, gone_day = ZONES[zone]
    for id, day, words in (
        ("twice", twice_day, "comes twice that day"),
        ("gone", gone_day, "that day: it came when the clocks went forward"),
    ):
        rows = await runs.recent(id, limit=1000)
        days = days_of(rows, calendar, id)
        assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
        assert len(days) >= 365
        reasons = said(rows, days)
        assert words in reasons.get(day, words if not day else "")
        assert len(reasons) <= 2
        assert (zone == "Asia/Kathmandu") == (not reasons)


async def test_made_up_slot_says_what_the_clock_did_too(
    store: Store, clock: FakeClock
) -> None:
    runs = RunRepository(store)
    calendar = Calendar(
        bot=BotConfig(), schedules=ScheduleRepository(store), runs=runs, clock=clock
    )
    await calendar.sync((config("gone", "Europe/Berlin", "30 2 * * *"),))
    entry = calendar.entry("gone")
    assert entry is not None
    entry.handle(datetime(2027, 3, 27, 12, tzinfo=UTC))
    plan = slot_plan(entry, datetime(2027, 3, 28, 1, 30, tzinfo=UTC))
    assert plan is not None
    assert str(plan.reason) == (
        "made up for; there is no 02:30 that day: it came when the clocks went forward"
    )


def stored(number: int) -> StoredSchedule:
    zones = tuple(ZONES)
    return StoredSchedule(
        id=f"s{number}",
        kind="article",
        channels=("fake:general",),
        topics=("x",),
        timezone=zones[number % len(zones)],
        created_utc=datetime(2026, 7, 1, 6, tzinfo=UTC),
        cron=f"{number % 60} {number % 24} * * *",
        source=ScheduleSource.COMMAND,
    )


def test_ten_thousand_schedules_cost_nothing_while_nothing_is_due() -> None:
    agenda = Agenda()
    start = datetime(2026, 7, 1, tzinfo=UTC)
    for number in range(NUM_SCHEDULES):
        slots = Slots(stored(number))
        following = start + timedelta(hours=1, seconds=number)  # not what it would be
        agenda.put(Entry(stored(number), slots, start, following))
    begun = time.process_time()
    for _ in range(NUM_SCHEDULES):
        assert agenda.next_utc == start + timedelta(hours=1)
        assert agenda.take_due(start) == []
    # A look at each of them would be a hundred million steps.
    assert time.process_time() - begun < 2
    due = agenda.take_due(start + timedelta(hours=1, seconds=2))
    assert [entry.schedule.id for entry in due] == ["s0", "s1", "s2"]


async def test_ten_thousand_schedules_each_have_a_row_a_day(
    store: Store, clock: FakeClock
) -> None:
    schedules, runs = ScheduleRepository(store), RunRepository(store)
    await schedules.put_all(stored(number) for number in range(NUM_SCHEDULES))
    calendar = Calendar(bot=BotConfig(), schedules=schedules, runs=runs, clock=clock)
    await calendar.sync(())
    assert len(calendar.entries) == NUM_SCHEDULES
    planned: list[ScheduleRun] = []
    for _ in range(24 * 4):
        await clock.advance(DAY_S / 24 / 4)
        planned += await calendar.plan_due()
    latest = await runs.latest_due()
    assert len(latest) == NUM_SCHEDULES
    assert len({run.schedule_id for run in planned}) == len(planned) == NUM_SCHEDULES
