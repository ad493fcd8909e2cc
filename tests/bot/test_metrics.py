"""What is counted, and how it reads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import FakeClock
from bot.errors import BackendError, DeadlineError, HearthbotError, OverloadedError
from bot.exposition import exposition
from bot.generation.requests import Finished, FinishReason, Kind
from bot.metrics import Histogram, Metrics
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.words import T

FULL = OverloadedError(T("full"))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def metrics(clock: FakeClock) -> Metrics:
    return Metrics(clock)


def page(metrics: Metrics) -> list[str]:
    return exposition(metrics.families()).splitlines()


def test_refused_request_counts_and_took_no_time(metrics: Metrics) -> None:
    with pytest.raises(OverloadedError), metrics.admission(Kind.TEXT):
        raise FULL
    lines = page(metrics)
    assert 'hearthbot_requests_total{kind="text",outcome="overloaded"} 1' in lines
    assert 'hearthbot_request_waiting_seconds_count{kind="text"} 0' in lines
    assert 'hearthbot_request_duration_seconds_count{kind="text"} 0' in lines


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (DeadlineError(T("late")), "deadline"),
        (BackendError(T("no")), "failed"),
        (FULL, "overloaded"),
    ],
)
def test_request_that_fails_says_why(
    metrics: Metrics, error: HearthbotError, outcome: str
) -> None:
    with metrics.admission(Kind.IMAGE) as measure:
        pass
    measure.end(error)
    line = f'hearthbot_requests_total{{kind="image",outcome="{outcome}"}} 1'
    assert line in page(metrics)


async def test_request_is_measured_from_its_submission(
    metrics: Metrics, clock: FakeClock
) -> None:
    with metrics.admission(Kind.TEXT) as measure:
        pass
    await clock.advance(3)
    measure.start()
    await clock.advance(10)
    measure.end(Finished(FinishReason.STOP, 20, 7))
    lines = page(metrics)
    assert 'hearthbot_request_waiting_seconds_bucket{kind="text",le="1"} 0' in lines
    assert 'hearthbot_request_waiting_seconds_bucket{kind="text",le="5"} 1' in lines
    assert 'hearthbot_request_waiting_seconds_bucket{kind="text",le="+Inf"} 1' in lines
    assert 'hearthbot_request_waiting_seconds_sum{kind="text"} 3' in lines
    assert 'hearthbot_request_duration_seconds_sum{kind="text"} 10' in lines
    assert 'hearthbot_tokens_total{direction="in"} 20' in lines
    assert 'hearthbot_tokens_total{direction="out"} 7' in lines
    assert 'hearthbot_requests_total{kind="text",outcome="stop"} 1' in lines


def test_verdicts_are_told_apart(metrics: Metrics) -> None:
    metrics.judged("words", ALLOW, Stage.INPUT)
    metrics.judged("words", ALLOW, Stage.INPUT)
    metrics.judged("words", Verdict(Action.BLOCK, filter="words"), Stage.OUTPUT)
    labels = 'filter="words",action="{}",stage="{}"'
    lines = page(metrics)
    for action, stage, count in (("allow", "input", 2), ("block", "output", 1)):
        shown = labels.format(action, stage)
        assert f"hearthbot_verdicts_total{{{shown}}} {count}" in lines


@settings(max_examples=40)
@given(st.lists(st.floats(min_value=0, max_value=1000), max_size=20))
def test_buckets_grow_up_to_the_count_of_all(values: list[float]) -> None:
    histogram = Histogram((1.0, 10.0, 100.0))
    for value in values:
        histogram.add(value)
    samples = list(histogram.samples())
    buckets = [one.value for one in samples if one.suffix == "_bucket"]
    assert buckets == [
        sum(value <= bound for value in values)
        for bound in (1.0, 10.0, 100.0, float("inf"))
    ]
    assert samples[-1].value == len(values)
    assert samples[-2].value == pytest.approx(sum(values))
