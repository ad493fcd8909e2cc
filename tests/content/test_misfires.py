"""What is missed, and clocks that jump; schedules that moderators put in and change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from typing_extensions import override

from bot.clock import FakeClock
from bot.config import BotConfig, Config
from bot.errors import ConfigError
from bot.store.runs import RunRepository, RunState, ScheduleRun
from bot.store.schedules import ScheduleRepository, ScheduleSource, StoredSchedule
from bot.store.store import Store
from content.calendar import Calendar

MakeConfig = Callable[..., Config]
START = datetime(2026, 7, 1, 6, tzinfo=UTC)
HOUR, DAY = 3600.0, 86400.0


class JumpingClock(FakeClock):
    """A clock on a wall that somebody sets; what waits goes on waiting."""

    def __init__(self, start_utc: datetime) -> None:
        super().__init__(start_utc)
        self.moved = timedelta(0)

    @override
    def now_utc(self) -> datetime:
        return super().now_utc() + self.moved


@pytest.fixture
def clock() -> JumpingClock:
    return JumpingClock(START)


@pytest.fixture
def runs(store: Store) -> RunRepository:
    return RunRepository(store)


@pytest.fixture
def calendar(store: Store, runs: RunRepository) -> Calendar:
    return a_calendar(store)


def a_calendar(store: Store) -> Calendar:
    return Calendar(
        bot=BotConfig(),
        schedules=ScheduleRepository(store),
        runs=RunRepository(store),
        clock=store.clock,
    )


def made(**changes: Any) -> StoredSchedule:
    values: dict[str, Any] = {
        "id": "theirs",
        "kind": "article",
        "channels": ("fake:general",),
        "topics": ("x",),
        "timezone": "UTC",
        "created_utc": START,
        "cron": "0 9 * * *",
        "source": ScheduleSource.COMMAND,
        **changes,
    }
    return StoredSchedule(**values)


async def outcome(runs: RunRepository, id: str = "theirs") -> list[tuple[str, str]]:
    rows = await runs.recent(id, limit=99)
    return [(run.state.value, str(run.reason or "")) for run in rows]


@pytest.mark.parametrize(
    ("misfire", "late_h", "state"),
    [
        ("skip", 0.01, RunState.PLANNED),
        ("skip", 0.5, RunState.SKIPPED),
        ("last", 0.5, RunState.PLANNED),
        ("last", 2, RunState.SKIPPED),
        ("ask", 0.01, RunState.PLANNED),
        ("ask", 0.5, RunState.ASKED),
        ("ask", 1000, RunState.ASKED),
    ],
)
async def test_missed_slot_becomes_what_its_schedule_says(
    misfire: str,
    late_h: float,
    state: RunState,
    calendar: Calendar,
    store: Store,
    clock: JumpingClock,
    runs: RunRepository,
) -> None:
    await calendar.put(
        made(misfire=misfire, cron="", at_utc=START + timedelta(hours=3))
    )
    await clock.advance((3 + late_h) * HOUR)
    again = a_calendar(store)
    await again.sync(())
    planned = await again.plan_due()
    (run,) = await runs.recent("theirs", limit=9)
    assert run.state is state
    assert planned == (() if state is RunState.SKIPPED else (run,))
    assert await again.plan_due() == ()


async def test_slot_that_waits_for_the_morning_is_not_missed_in_the_night(
    calendar: Calendar, store: Store, clock: JumpingClock, runs: RunRepository
) -> None:
    await calendar.put(
        made(misfire="skip", cron="0 23 * * *", quiet_hours="22:00-07:00")
    )
    await clock.advance(20 * HOUR)
    again = a_calendar(store)
    await again.sync(())
    (run,) = await again.plan_due()
    assert (run.state, run.reason) == (RunState.PLANNED, None)


async def test_clock_that_jumps_ahead_misses_as_sleep_does(
    calendar: Calendar, clock: JumpingClock, runs: RunRepository
) -> None:
    await calendar.put(made())
    clock.moved = timedelta(days=10)
    assert await calendar.plan_due() == ()
    assert await outcome(runs) == [
        (
            "skipped",
            "missed: the bot was not running; "
            "stands for all since 2026-07-01 09:00 UTC",
        )
    ]


@pytest.mark.parametrize("with_restart", [False, True])
async def test_clock_that_went_back_silences_nothing_and_repeats_nothing(
    with_restart: bool,
    calendar: Calendar,
    store: Store,
    clock: JumpingClock,
    runs: RunRepository,
) -> None:
    """It stood ten years ahead for a while, as after a bad battery."""
    await calendar.put(made())
    await clock.advance(3 * HOUR)
    assert len(await calendar.plan_due()) == 1
    clock.moved = timedelta(days=3650)
    await calendar.plan_due()
    clock.moved = -timedelta(minutes=10)
    if with_restart:
        calendar = a_calendar(store)
        await calendar.sync(())
    assert await calendar.plan_due() == ()
    planned: list[ScheduleRun] = []
    for _ in range(3 * 24 * 6 + 6):
        await clock.advance(HOUR / 6)
        planned += await calendar.plan_due()
    assert [f"{run.due_utc:%d %H:%M}" for run in planned] == [
        "02 09:00",
        "03 09:00",
        "04 09:00",
    ]


async def test_end_of_a_schedule_that_is_put_off_promises_nothing_of_before(
    calendar: Calendar, clock: JumpingClock, runs: RunRepository
) -> None:
    await calendar.put(made(until=date(2026, 7, 1)))
    await clock.advance(3 * DAY)
    await calendar.plan_due()
    assert calendar.next_utc is None
    await calendar.put(made(until=None))
    assert await calendar.plan_due() == ()
    assert (await outcome(runs))[-1] == ("skipped", "its time was changed")
    assert calendar.next_utc == datetime(2026, 7, 4, 9, tzinfo=UTC)


async def test_schedule_that_is_changed_keeps_its_beginning_and_its_slots(
    calendar: Calendar, store: Store, clock: JumpingClock, runs: RunRepository
) -> None:
    await calendar.put(made())
    await clock.advance(3 * HOUR)
    assert len(await calendar.plan_due()) == 1
    changed = made(topics=("y",), created_utc=clock.now_utc(), jitter_minutes=5)
    kept = await calendar.put(changed)
    assert kept == replace(changed, created_utc=START)
    assert await calendar.plan_due() == ()
    again = a_calendar(store)
    await again.sync(())
    assert again.get("theirs") == kept
    await calendar.put(made(cron="30 8 * * *"))
    assert await calendar.plan_due() == ()
    assert calendar.next_utc == datetime(2026, 7, 2, 8, 30, tzinfo=UTC)


async def test_schedule_that_cannot_run_is_not_taken_in(calendar: Calendar) -> None:
    with pytest.raises(ConfigError, match="theirs"):
        await calendar.put(made(cron="99 * * * *"))
    assert calendar.get("theirs") is None


async def test_removed_schedule_has_no_slots(
    calendar: Calendar, store: Store, clock: JumpingClock
) -> None:
    await calendar.put(made())
    await calendar.remove("theirs")
    await clock.advance(DAY)
    assert calendar.next_utc is None
    assert await calendar.plan_due() == ()
    assert await ScheduleRepository(store).all() == ()


async def test_name_that_moderators_gave_is_not_taken_by_the_settings(
    calendar: Calendar, make_config: MakeConfig
) -> None:
    await calendar.put(made(id="daily"))
    with pytest.raises(ConfigError, match="daily: moderators have made"):
        await calendar.sync(make_config().schedule)
    assert calendar.get("daily") == made(id="daily")


async def test_settings_of_the_file_reach_the_store(
    calendar: Calendar, make_config: MakeConfig
) -> None:
    config = make_config(
        quiet_hours="22:00-07:00",
        in_quiet_hours="skip",
        until=date(2026, 12, 31),
        jitter_minutes=5,
        misfire="ask",
        cron="0 9 * * *; 30 17 * * mon-fri",
    )
    await calendar.sync(config.schedule)
    found = calendar.get("daily")
    assert found is not None
    assert found.quiet_hours == "22:00-07:00"
    assert found.in_quiet_hours == "skip"
    assert found.until == date(2026, 12, 31)
    assert (found.jitter_minutes, found.misfire) == (5, "ask")
    entry = calendar.entry("daily")
    assert entry is not None
    times = {f"{moment:%H:%M}" for moment in entry.timetable.upcoming(START, count=6)}
    assert times == {"09:00", "17:30"}


async def test_full_disk_loses_no_slot(
    calendar: Calendar, store: Store, clock: JumpingClock
) -> None:
    class Full(RunRepository):
        is_full = True

        @override
        async def plan_all(self, slots: Any) -> tuple[ScheduleRun, ...]:
            if self.is_full:
                raise OSError("the disk is full")
            return await super().plan_all(slots)

    full = Full(store)
    calendar = Calendar(
        bot=BotConfig(), schedules=ScheduleRepository(store), runs=full, clock=clock
    )
    await calendar.put(made())
    await clock.advance(3 * HOUR)
    with pytest.raises(OSError, match="full"):
        await calendar.plan_due()
    full.is_full = False
    assert len(await calendar.plan_due()) == 1
