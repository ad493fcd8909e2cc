"""Single slots that moderators move: each comes once, and only then."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import FakeClock
from bot.config import BotConfig
from bot.errors import UserError
from bot.messages import Author, Role
from bot.store.runs import RunRepository, RunState
from bot.store.schedules import ScheduleRepository, ScheduleSource, StoredSchedule
from bot.store.store import Store
from content.calendar import ASKED_FOR, Calendar
from content.moving import Moving
from tests.stores import new_store

START = datetime(2026, 7, 1, 6, tzinfo=UTC)  # a Wednesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NINE = START + 3 * HOUR
MO = Author("7", "Mo", Role.MODERATOR)


def made(**changes: Any) -> StoredSchedule:
    values: dict[str, Any] = {
        "id": "daily",
        "kind": "article",
        "channels": ("fake:general",),
        "topics": ("x",),
        "timezone": "UTC",
        "created_utc": START - DAY,
        "cron": "0 9 * * *",
        "source": ScheduleSource.COMMAND,
        **changes,
    }
    return StoredSchedule(**values)


class Bot:
    """A calendar that is read from the store, and what moves its slots."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.runs = RunRepository(store)
        self.num_woken = 0
        self.calendar = Calendar(
            bot=BotConfig(),
            schedules=ScheduleRepository(store),
            runs=self.runs,
            clock=store.clock,
        )
        self.moving = Moving(
            calendar=self.calendar, runs=self.runs, clock=store.clock, wake=self._woken
        )

    def _woken(self) -> None:
        self.num_woken += 1

    async def come(self, clock: FakeClock, until_utc: datetime) -> list[datetime]:
        """Let time pass, and return when what was planned is due."""
        planned: list[datetime] = []
        while clock.now_utc() < until_utc:
            next_utc = min(self.calendar.next_utc or until_utc, until_utc)
            await clock.advance((next_utc - clock.now_utc()).total_seconds())
            planned += [run.due_utc for run in await self.calendar.plan_due()]
        return planned


@pytest.fixture
async def bot(store: Store) -> Bot:
    bot = Bot(store)
    await bot.calendar.put(made())
    await bot.calendar.plan_due()  # yesterday's is seen to
    return bot


async def restarted(store: Store) -> Bot:
    bot = Bot(store)
    await bot.calendar.sync(())
    return bot


@pytest.mark.parametrize(
    ("slot", "to", "why"),
    [
        (NINE - DAY, NINE + HOUR, "It has come"),
        (NINE + HOUR, NINE + 2 * HOUR, "No post of “daily” comes on 2026-07-01 10:00"),
        (NINE, START, "That time is over"),
        (NINE, START - HOUR, "That time is over"),
        (NINE, NINE + DAY, "comes then already"),
    ],
)
async def test_impossible_move_is_refused_and_changes_nothing(
    bot: Bot, clock: FakeClock, slot: datetime, to: datetime, why: str
) -> None:
    with pytest.raises(UserError, match=why):
        await bot.moving.move("daily", slot, to, MO)
    assert bot.num_woken == 0
    assert await bot.come(clock, NINE + DAY) == [NINE, NINE + DAY]


async def test_move_of_no_schedule_is_refused(bot: Bot) -> None:
    with pytest.raises(UserError, match="There is no schedule “weekly”"):
        await bot.moving.move("weekly", NINE, NINE + HOUR, MO)


async def test_move_into_quiet_hours_is_refused(bot: Bot) -> None:
    await bot.calendar.put(made(quiet_hours="20:00-07:00"))
    with pytest.raises(UserError, match="quiet hours of “daily”"):
        await bot.moving.move("daily", NINE, START + 15 * HOUR, MO)


@pytest.mark.parametrize("hours", [-2, 1, 20, 30, 100])
async def test_moved_slot_comes_once_at_its_new_time(
    bot: Bot, clock: FakeClock, hours: int
) -> None:
    to = NINE + hours * HOUR
    await bot.moving.move("daily", NINE, to, MO)
    assert bot.num_woken == 1
    planned = await bot.come(clock, NINE + 6 * DAY)
    own = [NINE + day * DAY for day in range(1, 7)]
    assert planned == sorted([to, *own])
    run = await bot.runs.get("daily", to)
    assert run is not None
    assert str(run.reason) == "moved from 2026-07-01 09:00 UTC by Mo"


async def test_moved_slot_has_no_jitter(bot: Bot) -> None:
    await bot.calendar.put(made(jitter_minutes=30))
    to = NINE + HOUR
    await bot.moving.move("daily", NINE, to, MO)
    entry = bot.calendar.entry("daily")
    assert entry is not None
    assert entry.slots.starts_utc(to) == to
    assert entry.slots.starts_utc(NINE + DAY) > NINE + DAY


async def test_move_outlives_restarts(bot: Bot, store: Store, clock: FakeClock) -> None:
    await bot.moving.move("daily", NINE, NINE + 4 * HOUR, MO)
    await bot.moving.skip("daily", NINE + DAY, MO)
    again = await restarted(store)
    planned = await again.come(clock, NINE + 2 * HOUR)
    again = await restarted(store)
    planned += await again.come(clock, NINE + 2 * DAY)
    assert planned == [NINE + 4 * HOUR, NINE + 2 * DAY]


async def test_move_that_came_while_the_bot_was_off_is_made_up_for(
    bot: Bot, store: Store, clock: FakeClock
) -> None:
    await bot.moving.move("daily", NINE, NINE + 4 * HOUR, MO)
    await clock.advance((8 * HOUR - HOUR / 2).total_seconds())
    (run,) = await (await restarted(store)).calendar.plan_due()
    assert run.due_utc == NINE + 4 * HOUR
    assert str(run.reason).startswith("made up for; moved from")


async def test_slot_that_is_left_out_can_come_back(bot: Bot, clock: FakeClock) -> None:
    await bot.moving.skip("daily", NINE, MO)
    await bot.moving.skip("daily", NINE, MO)
    await bot.moving.move("daily", NINE, NINE, MO)
    assert await bot.calendar.moves.of("daily") == ()
    assert await bot.come(clock, NINE) == [NINE]


async def test_slot_that_was_moved_is_moved_again(bot: Bot, clock: FakeClock) -> None:
    await bot.moving.move("daily", NINE, NINE + 5 * HOUR, MO)
    await bot.moving.move("daily", NINE, NINE + 2 * HOUR, MO)
    assert await bot.come(clock, NINE + 6 * HOUR) == [NINE + 2 * HOUR]
    with pytest.raises(UserError, match="It has come"):
        await bot.moving.move("daily", NINE, NINE + 9 * HOUR, MO)


async def test_two_slots_do_not_meet(bot: Bot) -> None:
    await bot.moving.move("daily", NINE, NINE + HOUR, MO)
    with pytest.raises(UserError, match="comes then already"):
        await bot.moving.move("daily", NINE + DAY, NINE + HOUR, MO)


async def test_slot_comes_now_in_place_of_its_time(
    bot: Bot, clock: FakeClock, store: Store
) -> None:
    run = await bot.moving.begin("daily", NINE, MO)
    assert (run.due_utc, run.state, run.reason) == (START, RunState.PLANNED, ASKED_FOR)
    with pytest.raises(UserError, match="It has come"):
        await bot.moving.begin("daily", NINE, MO)
    assert await bot.come(clock, NINE + HOUR) == []
    assert await (await restarted(store)).come(clock, NINE + DAY) == [NINE + DAY]


async def test_of_two_who_move_at_once_one_is_told(bot: Bot, clock: FakeClock) -> None:
    """As the store sees it: the slot comes while somebody drags it."""
    moves = bot.calendar.moves
    await clock.advance((3 * HOUR).total_seconds())
    assert len(await bot.calendar.plan_due()) == 1
    is_moved = await moves.move(
        "daily", NINE, from_utc=NINE, to_utc=NINE + HOUR, by_name="Mo"
    )
    assert not is_moved


async def test_slot_that_was_moved_meanwhile_is_not_planned(
    bot: Bot, store: Store, clock: FakeClock
) -> None:
    stale = await restarted(store)
    await bot.moving.move("daily", NINE, NINE + 2 * HOUR, MO)
    await clock.advance((3 * HOUR).total_seconds())
    assert await stale.calendar.plan_due() == ()


async def test_edit_of_the_timetable_makes_moves_void(
    bot: Bot, clock: FakeClock
) -> None:
    await bot.moving.move("daily", NINE, NINE + 2 * HOUR, MO)
    await bot.moving.move("daily", NINE + DAY, NINE + DAY + 2 * HOUR, MO)
    await bot.calendar.put(made(cron="0 10 * * *"))
    days = [NINE + HOUR, NINE + HOUR + DAY]
    assert await bot.come(clock, NINE + DAY + 2 * HOUR) == days


async def test_new_schedule_of_an_old_name_has_no_moves(bot: Bot) -> None:
    await bot.moving.skip("daily", NINE, MO)
    await bot.calendar.remove("daily")
    await bot.calendar.put(made())
    entry = bot.calendar.entry("daily")
    assert entry is not None
    assert entry.slots.moves == {}


async def test_move_of_a_paused_schedule_is_left_out_with_it(
    bot: Bot, clock: FakeClock
) -> None:
    await bot.moving.move("daily", NINE, NINE + HOUR, MO)
    await bot.calendar.set_enabled("daily", is_enabled=False)
    assert await bot.come(clock, NINE + 2 * HOUR) == []
    run = await bot.runs.get("daily", NINE + HOUR)
    assert run is not None
    assert run.state is RunState.SKIPPED
    assert str(run.reason) == "paused; moved from 2026-07-01 09:00 UTC by Mo"


ACTIONS = st.lists(
    st.tuples(
        st.integers(0, 9),  # which of the coming slots
        st.sampled_from(["move", "move", "skip", "back", "restart", "wait"]),
        st.integers(-40, 90),  # by how many half hours
    ),
    max_size=14,
)
SPRING, AUTUMN = datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC)
"""Two days before the clocks of Berlin change."""


@given(
    actions=ACTIONS,
    start=st.sampled_from([START, SPRING, AUTUMN]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
    cron=st.sampled_from(["30 2 * * *", "0 9,17 * * *", "15 */6 * * *"]),
)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_each_slot_comes_once_however_it_is_moved(
    actions: list[tuple[int, str, int]], start: datetime, zone: str, cron: str
) -> None:
    schedule = made(timezone=zone, cron=cron, created_utc=start)
    asyncio.run(moved_about(actions, start, schedule))


async def moved_about(
    actions: list[tuple[int, str, int]], start: datetime, schedule: StoredSchedule
) -> None:
    clock = FakeClock(start)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite3"
        async with new_store(path, clock=clock) as store:
            bot = Bot(store)
            await bot.calendar.put(schedule)
            entry = bot.calendar.entry("daily")
            assert entry is not None
            own = entry.timetable.upcoming(start, count=10)
            where: dict[datetime, datetime | None] = {slot: slot for slot in own}
            planned: list[datetime] = []
            for number, action, half_hours in actions:
                slot = own[number]
                to = slot + half_hours * HOUR / 2
                try:
                    if action == "move":
                        await bot.moving.move("daily", slot, to, MO)
                        where[slot] = to
                    elif action == "back":
                        await bot.moving.move("daily", slot, slot, MO)
                        where[slot] = slot
                    elif action == "skip":
                        await bot.moving.skip("daily", slot, MO)
                        where[slot] = None
                except UserError:
                    pass
                if action == "restart":
                    bot = await restarted(store)
                if action in ("restart", "wait"):
                    planned += await bot.come(clock, clock.now_utc() + 2 * HOUR)
            planned += await bot.come(clock, own[-1] + 50 * HOUR)
    ours = [due for due in planned if due <= own[-1] or due in where.values()]
    assert len(set(planned)) == len(planned)
    assert sorted(d for d in where.values() if d is not None) == sorted(ours)
