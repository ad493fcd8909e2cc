from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import FakeClock
from bot.config import BotConfig, Config, ScheduleConfig
from bot.errors import ConfigError
from bot.store.runs import RunRepository, RunState
from bot.store.schedules import ScheduleRepository, ScheduleSource, StoredSchedule
from bot.store.store import Store
from bot.words import T
from content.calendar import Calendar, check_schedules

MakeConfig = Callable[..., Config]
HOUR = 3600.0


@pytest.fixture
def runs(store: Store) -> RunRepository:
    return RunRepository(store)


@pytest.fixture
async def calendar(store: Store, clock: FakeClock, runs: RunRepository) -> Calendar:
    """Make a calendar; another of them is the bot after a restart."""
    return Calendar(
        bot=BotConfig(), schedules=ScheduleRepository(store), runs=runs, clock=clock
    )


async def restarted(calendar: Calendar, store: Store, config: Config) -> Calendar:
    fresh = Calendar(
        bot=config.bot,
        schedules=ScheduleRepository(store),
        runs=RunRepository(store),
        clock=store.clock,
    )
    await fresh.sync(config.schedule)
    return fresh


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"kind": "haiku"}, "haiku"),
        ({"cron": "99 * * * *"}, "99 * * * *"),
        ({"cron": "0 9 * * someday"}, "someday"),
    ],
)
def test_schedule_that_cannot_run_is_refused(
    changes: dict[str, str], named: str, make_config: MakeConfig
) -> None:
    with pytest.raises(ConfigError) as caught:
        check_schedules(make_config(**changes).schedule, bot=BotConfig())
    assert "daily" in str(caught.value)
    assert named in str(caught.value)


async def test_sync_with_a_wrong_schedule_changes_nothing(
    calendar: Calendar, store: Store, make_config: MakeConfig
) -> None:
    await calendar.sync(make_config().schedule)
    with pytest.raises(ConfigError):
        await calendar.sync(make_config(kind="haiku", topics=["x"]).schedule)
    (stored,) = await ScheduleRepository(store).all()
    assert stored.kind == "article"
    assert len(stored.topics) == 2


async def test_sync_takes_over_what_config_adds_changes_and_drops(
    calendar: Calendar, store: Store, make_config: MakeConfig
) -> None:
    schedules = ScheduleRepository(store)
    await calendar.sync(make_config().schedule)
    await calendar.sync(make_config(topics=["Only this"]).schedule)
    assert [schedule.topics for schedule in await schedules.all()] == [("Only this",)]
    await calendar.sync(make_config(id="weekly").schedule)
    assert [schedule.id for schedule in await schedules.all()] == ["weekly"]
    assert calendar.get("daily") is None


async def test_sync_leaves_what_moderators_made(
    calendar: Calendar, store: Store, clock: FakeClock, make_config: MakeConfig
) -> None:
    made = StoredSchedule(
        id="theirs",
        kind="article",
        channels=("fake:general",),
        topics=("x",),
        timezone="UTC",
        created_utc=clock.now_utc(),
        every_minutes=60,
        source=ScheduleSource.COMMAND,
    )
    await ScheduleRepository(store).put(made)
    await calendar.sync(make_config().schedule)
    assert calendar.get("theirs") == made
    assert len(calendar.entries) == 2


@pytest.mark.parametrize("configured", [True, False])
async def test_word_of_a_moderator_wins_over_a_changed_config(
    configured: bool, calendar: Calendar, store: Store, make_config: MakeConfig
) -> None:
    await calendar.sync(make_config(enabled=configured).schedule)
    await calendar.set_enabled("daily", is_enabled=not configured)
    changed = make_config(enabled=configured, topics=["Another"])
    found = (await restarted(calendar, store, changed)).get("daily")
    assert found is not None
    assert found.topics == ("Another",)
    assert found.is_enabled is not configured


async def test_pause_in_config_counts_where_no_moderator_spoke(
    calendar: Calendar, store: Store, make_config: MakeConfig
) -> None:
    await calendar.sync(make_config().schedule)
    found = (await restarted(calendar, store, make_config(enabled=False))).get("daily")
    assert found is not None
    assert not found.is_enabled


async def test_slot_is_planned_once_and_has_a_row(
    calendar: Calendar, clock: FakeClock, runs: RunRepository, make_config: MakeConfig
) -> None:
    await calendar.sync(make_config().schedule)
    assert calendar.next_utc == datetime(2026, 7, 1, 9, tzinfo=UTC)
    await clock.advance(3 * HOUR - 1)
    assert await calendar.plan_due() == ()
    await clock.advance(1)
    (run,) = await calendar.plan_due()
    assert run.state is RunState.PLANNED
    assert await calendar.plan_due() == ()
    assert await runs.recent("daily", limit=9) == (run,)
    assert calendar.next_utc == datetime(2026, 7, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away_h", "planned", "state", "reason"),
    [
        (3.5, 1, RunState.PLANNED, "made up for"),
        (4.5, 0, RunState.SKIPPED, "missed: the bot was not running"),
        (
            24 * 3 + 3.5,
            1,
            RunState.PLANNED,
            "made up for; stands for all since 2026-07-01 09:00 UTC",
        ),
        (
            24 * 3 + 12,
            0,
            RunState.SKIPPED,
            "missed: the bot was not running; "
            "stands for all since 2026-07-01 09:00 UTC",
        ),
    ],
)
async def test_missed_slots_count_as_one_within_the_grace(
    away_h: float,
    planned: int,
    state: RunState,
    reason: str,
    calendar: Calendar,
    store: Store,
    clock: FakeClock,
    runs: RunRepository,
    make_config: MakeConfig,
) -> None:
    config = make_config(grace_minutes=60)
    await calendar.sync(config.schedule)
    await clock.advance(away_h * HOUR)
    again = await restarted(calendar, store, config)
    assert len(await again.plan_due()) == planned
    (run,) = await runs.recent("daily", limit=9)
    assert (run.state, str(run.reason)) == (state, reason)
    assert await (await restarted(calendar, store, config)).plan_due() == ()


async def test_paused_slot_is_recorded_and_not_made_up_for(
    calendar: Calendar,
    store: Store,
    clock: FakeClock,
    runs: RunRepository,
    make_config: MakeConfig,
) -> None:
    await calendar.sync(make_config().schedule)
    assert await calendar.set_enabled("daily", is_enabled=False)
    await clock.advance(3 * HOUR)
    assert await calendar.plan_due() == ()
    assert await calendar.set_enabled("daily", is_enabled=True)
    again = await restarted(calendar, store, make_config())
    assert await again.plan_due() == ()
    (run,) = await runs.recent("daily", limit=9)
    assert (run.state, run.reason) == (RunState.SKIPPED, T("paused"))


async def test_changed_time_does_not_run_at_once(
    calendar: Calendar,
    store: Store,
    clock: FakeClock,
    runs: RunRepository,
    make_config: MakeConfig,
) -> None:
    await calendar.sync(make_config().schedule)
    await clock.advance(3 * HOUR)
    await calendar.plan_due()
    await clock.advance(2 * HOUR)
    again = await restarted(calendar, store, make_config(cron="30 10 * * *"))
    assert await again.plan_due() == ()
    assert (await runs.recent("daily", limit=1))[0].reason == T("its time was changed")
    assert again.next_utc == datetime(2026, 7, 2, 10, 30, tzinfo=UTC)


async def test_first_start_is_planned_once_for_ever(
    calendar: Calendar, store: Store, clock: FakeClock, make_config: MakeConfig
) -> None:
    config = make_config(at_first_start=True)
    runs = RunRepository(store)
    for _ in range(3):
        again = await restarted(calendar, store, config)
        await again.plan_first()
        await clock.advance(60)
    (run,) = await runs.unfinished()
    assert run.reason == T("the first start")
    await clock.advance(30 * 24 * HOUR)
    assert not again.is_stale(run)


async def test_first_start_is_not_for_schedules_that_ran_or_rest(
    calendar: Calendar, store: Store, make_config: MakeConfig
) -> None:
    resting = make_config(at_first_start=True, enabled=False)
    await calendar.sync(resting.schedule)
    await calendar.plan_first()
    await calendar.plan_now("daily")
    again = await restarted(calendar, store, make_config(at_first_start=True))
    await again.plan_first()
    assert len(await RunRepository(store).recent("daily", limit=9)) == 1


async def test_unknown_schedule_is_neither_run_nor_changed(calendar: Calendar) -> None:
    assert await calendar.plan_now("nothing") is None
    assert not await calendar.set_enabled("nothing", is_enabled=True)
    assert calendar.next_utc is None


async def test_unfinished_run_is_stale_after_its_grace(
    calendar: Calendar, clock: FakeClock, make_config: MakeConfig
) -> None:
    await calendar.sync(make_config(grace_minutes=30).schedule)
    await clock.advance(1)
    run = await calendar.plan_now("daily")
    assert run is not None
    await clock.advance(1800)
    assert not calendar.is_stale(run)
    await clock.advance(1)
    assert calendar.is_stale(run)
    await calendar.sync(())
    assert not calendar.is_stale(run)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Shanghai"])
async def test_year_has_one_row_for_every_day(
    zone: str, store: Store, clock: FakeClock, runs: RunRepository
) -> None:
    """Both changes of the clock are in it; the hour does not exist, or twice."""
    schedule = ScheduleConfig(
        id="night",
        channels=("fake:general",),
        topics=("x",),
        cron="30 2 * * *",
        timezone=zone,
    )
    calendar = Calendar(
        bot=BotConfig(), schedules=ScheduleRepository(store), runs=runs, clock=clock
    )
    await calendar.sync((schedule,))
    for _ in range(365 * 4):
        await clock.advance(6 * HOUR)
        assert len(await calendar.plan_due()) <= 1
    rows = await runs.recent("night", limit=1000)
    entry = calendar.entries[0]
    days = [run.due_utc.astimezone(entry.timetable.zone).date() for run in rows]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert len(days) >= 364
