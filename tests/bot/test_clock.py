import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import FakeClock, SystemClock


async def sleep_and_tell(clock: FakeClock, delay_s: float, told: list[float]) -> None:
    await clock.sleep(delay_s)
    told.append(clock.monotonic())


async def test_fake_clock_refuses_to_go_back() -> None:
    clock = FakeClock()

    with pytest.raises(ValueError, match="never goes back"):
        await clock.advance(-1)

    assert clock.monotonic() == 0


async def test_fake_clock_stands_still_until_advanced() -> None:
    start_utc = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    clock = FakeClock(start_utc)
    assert (clock.now_utc(), clock.monotonic()) == (start_utc, 0)

    await clock.advance(90)

    assert clock.now_utc() == start_utc + timedelta(seconds=90)
    assert clock.monotonic() == 90


async def test_fake_clock_wakes_nobody_early() -> None:
    clock, told = FakeClock(), list[float]()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(sleep_and_tell(clock, 10, told))
        await clock.advance(9.999)
        assert told == []
        assert clock.num_sleepers == 1

        await clock.advance(0.001)
        assert told == [10]
        assert clock.num_sleepers == 0


async def test_fake_clock_wakes_each_at_its_own_moment_in_order() -> None:
    clock, told = FakeClock(), list[float]()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        for delay_s in (3, 1, 2, 1):
            group.create_task(sleep_and_tell(clock, delay_s, told))
        await clock.advance(100)

    assert told == [1, 1, 2, 3]
    assert clock.monotonic() == 100


async def test_fake_clock_wakes_who_sleeps_again_on_the_way() -> None:
    clock, told = FakeClock(), list[float]()

    async def every_second() -> None:
        for _ in range(3):
            await sleep_and_tell(clock, 1, told)

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(every_second())
        await clock.advance(2.5)
        assert told == [1, 2]
        await clock.advance(0.5)

    assert told == [1, 2, 3]


async def test_fake_clock_adds_small_steps_up_exactly() -> None:
    clock, told = FakeClock(), list[float]()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(sleep_and_tell(clock, 1, told))
        for _ in range(10):
            await clock.advance(0.1)

    assert told == [1]


async def test_fake_clock_forgets_a_sleeper_who_was_cancelled() -> None:
    clock, told = FakeClock(), list[float]()
    sleeper = asyncio.create_task(sleep_and_tell(clock, 1, told))
    await clock.advance(0)
    sleeper.cancel()
    await asyncio.wait([sleeper], timeout=5)

    assert clock.num_sleepers == 0
    await clock.advance(5)
    assert told == []


@pytest.mark.parametrize("delay_s", [0, -1])
async def test_clocks_do_not_wait_for_what_is_past(delay_s: float) -> None:
    async with asyncio.timeout(5):
        await FakeClock().sleep(delay_s)
        await SystemClock().sleep(delay_s)


@given(st.lists(st.floats(0.001, 100), min_size=1, max_size=10))
async def test_fake_clock_wakes_everybody_in_the_end(delays_s: list[float]) -> None:
    clock, told = FakeClock(), list[float]()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        for delay_s in delays_s:
            group.create_task(sleep_and_tell(clock, delay_s, told))
        await clock.advance(100)

    assert told == sorted(told) == pytest.approx(sorted(delays_s))


async def test_system_clock_goes_on() -> None:
    clock = SystemClock()
    before_s, before_utc = clock.monotonic(), clock.now_utc()

    await clock.sleep(0.001)

    assert clock.monotonic() - before_s >= 0.001
    assert clock.now_utc() >= before_utc
    assert clock.now_utc().tzinfo is UTC
    assert abs(clock.now_utc() - datetime.now(UTC)) < timedelta(seconds=5)
