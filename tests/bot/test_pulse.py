import pytest

from bot.clock import FakeClock
from bot.generation.requests import Kind
from bot.generation.status import EngineStatus
from bot.generation.supervisor import WorkerState
from bot.health import LoopLag
from bot.metrics import Metrics
from bot.pulse import KEPT, Pulse

STATUS = EngineStatus(3, 2, WorkerState.READY, 1, 0, 0, (), 41.54, is_draining=False)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(FakeClock())


@pytest.fixture
def lag() -> LoopLag:
    return LoopLag(interval_s=1.0)


@pytest.fixture
def pulse(metrics: Metrics, lag: LoopLag) -> Pulse:
    return Pulse(lambda: STATUS, lag, metrics, clock=FakeClock())


def test_before_the_first_beat_there_is_nothing(pulse: Pulse) -> None:
    assert pulse.since(0) == ()
    assert pulse.num_beats == 0


def test_beat_tells_only_what_was_since_the_last_one(
    pulse: Pulse, metrics: Metrics, lag: LoopLag
) -> None:
    metrics.waiting_s[Kind.TEXT].add(1.0)
    metrics.waiting_s[Kind.TEXT].add(2.0)
    lag.add(70.0)
    first = pulse.beat()
    assert (first.waited_s, first.lag_ms) == (1.5, 70.0)
    assert (first.running, first.waiting, first.tokens_per_s) == (2, 3, 41.5)
    for late_ms in (4.0, 3.0):  # two seconds, of a sample each
        lag.add(late_ms)
    second = pulse.beat()
    assert (second.waited_s, second.lag_ms) == (0.0, 4.0)


def test_only_what_is_new_is_told_and_only_so_much_is_kept(pulse: Pulse) -> None:
    for _ in range(KEPT + 5):
        pulse.beat()
    assert [beat.number for beat in pulse.since(KEPT + 3)] == [KEPT + 4, KEPT + 5]
    assert len(pulse.since(0)) == KEPT


async def test_it_measures_when_it_is_entered(pulse: Pulse) -> None:
    async with pulse:
        assert pulse.num_beats == 1
