import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health import Health, Lag, LoopLag


def test_loop_lag_without_samples_is_zero() -> None:
    assert LoopLag().read() == Lag(0.0, 0.0, 0.0, 0)
    assert LoopLag().worst_ms() == 0.0


async def test_loop_lag_sees_a_blocked_loop() -> None:
    async with asyncio.timeout(20), LoopLag(interval_s=0.001) as lag:
        await asyncio.sleep(0.01)
        time.sleep(0.2)  # noqa: ASYNC251 (blocking is the point)
        await asyncio.sleep(0.01)
        assert lag.worst_ms() >= 150
        lag.clear()
        assert lag.read().num_samples == 0
    num_samples = lag.read().num_samples
    await asyncio.sleep(0.01)
    assert lag.read().num_samples == num_samples, "it samples on after its end"


async def test_loop_lag_that_was_never_begun_can_end() -> None:
    lag = LoopLag(interval_s=0.001)
    tasks = asyncio.all_tasks()
    await lag.__aexit__(None, None, None)
    assert asyncio.all_tasks() == tasks
    assert lag.read().num_samples == 0
    async with asyncio.timeout(20), lag:  # and it can still begin
        while not lag.read().num_samples:  # noqa: ASYNC110
            await asyncio.sleep(0.001)


def test_loop_lag_names_the_quantiles() -> None:
    lag = LoopLag(window=1000)
    for late_ms in range(-900, 1001):
        lag.add(late_ms)
    assert lag.read() == Lag(p50_ms=500, p99_ms=990, max_ms=1000, num_samples=1000)


@given(st.lists(st.floats(-10, 10_000), min_size=1), st.integers(1, 50))
def test_loop_lag_quantiles_are_ordered_samples(late: list[float], window: int) -> None:
    lag = LoopLag(window=window)
    for late_ms in late:
        lag.add(late_ms)
    found = lag.read()
    kept = [max(0.0, late_ms) for late_ms in late][-window:]
    assert found.num_samples == len(kept)
    assert found.max_ms == max(kept)
    assert found.p50_ms <= found.p99_ms <= found.max_ms
    assert {found.p50_ms, found.p99_ms} <= set(kept)


def test_health_is_ready_when_every_part_is() -> None:
    is_loaded = False
    health = Health()
    health.add("store", lambda: True)
    health.add("model", lambda: is_loaded)
    assert health.ready() == (
        False,
        {"ready": False, "checks": {"store": True, "model": False}},
    )
    is_loaded = True
    assert health.ready()[0] is True


def test_health_without_parts_is_ready() -> None:
    assert Health().ready() == (True, {"ready": True, "checks": {}})


def test_health_alive_tells_the_lag() -> None:
    is_alive, told = Health(lambda: Lag(1.234, 5.0, 6.0, 7)).alive()
    assert is_alive
    assert told["loop_lag_ms"] == {"p50": 1.23, "p99": 5.0, "max": 6.0}
    assert told["uptime_s"] == pytest.approx(0, abs=5)
