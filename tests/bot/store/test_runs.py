import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.clock import FakeClock
from bot.store.runs import RunRepository, RunState, ScheduleRun
from bot.store.store import Store
from bot.words import T
from tests.stores import new_store

NINE = datetime(2026, 1, 2, 9, tzinfo=UTC)
S = RunState


@pytest.fixture
def runs(store: Store) -> RunRepository:
    return RunRepository(store)


async def test_unknown_slot_has_no_run(runs: RunRepository) -> None:
    assert await runs.get("daily", NINE) is None
    assert not await runs.change("daily", NINE, S.PLANNED, S.STARTED)


async def test_slot_is_taken_once_however_many_try(runs: RunRepository) -> None:
    tries = [runs.plan("daily", NINE) for _ in range(20)]
    assert sorted(await asyncio.gather(*tries)) == [False] * 19 + [True]


async def test_slot_is_the_same_in_every_zone(runs: RunRepository) -> None:
    assert await runs.plan("daily", NINE)
    berlin = NINE.astimezone(timezone(timedelta(hours=1)))
    assert not await runs.plan("daily", berlin)
    assert await runs.plan("weekly", NINE)


async def test_slot_stays_taken_after_a_restart(path: Path, clock: FakeClock) -> None:
    async with new_store(path, clock=clock) as store:
        assert await RunRepository(store).plan("daily", NINE)
    async with new_store(path, clock=clock) as store:
        assert not await RunRepository(store).plan("daily", NINE)


async def test_run_changes_only_from_the_state_that_was_meant(
    runs: RunRepository, clock: FakeClock
) -> None:
    await runs.plan("daily", NINE)
    await clock.advance(60)
    assert not await runs.change("daily", NINE, S.STARTED, S.DONE)
    assert await runs.change("daily", NINE, S.PLANNED, S.STARTED, post_id="p1")
    assert not await runs.change("daily", NINE, S.PLANNED, S.STARTED, post_id="p2")
    assert await runs.change("daily", NINE, S.STARTED, S.FAILED, reason=T("no model"))
    assert await runs.get("daily", NINE) == ScheduleRun(
        "daily", NINE, S.FAILED, T("no model"), "p1", clock.now_utc()
    )


async def test_recent_runs_are_oldest_first_and_limited(runs: RunRepository) -> None:
    day = timedelta(days=1)
    for number in (2, 0, 1):
        await runs.plan("daily", NINE + number * day)
    await runs.plan("weekly", NINE)
    recent = await runs.recent("daily", limit=2)
    assert [run.due_utc for run in recent] == [NINE + day, NINE + 2 * day]


async def test_unfinished_runs_are_planned_or_started(runs: RunRepository) -> None:
    hour = timedelta(hours=1)
    for number, state in enumerate(RunState):
        await runs.plan("daily", NINE - number * hour, state=state, reason=T("late"))
    unfinished = await runs.unfinished()
    assert [(run.state, run.reason) for run in unfinished] == [
        (S.STARTED, T("late")),
        (S.PLANNED, T("late")),
    ]
