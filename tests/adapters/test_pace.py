"""A key's pace is exact, and slows down where the platform asks to wait."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.pace import MARGIN_S, RECOVERY_S, ROUNDING_S, UNRATED_S, Pace, Rate


@pytest.mark.parametrize(("calls", "per_s"), [(0, 1.0), (1, 0.0), (1, math.inf)])
def test_rate_that_allows_nothing_is_refused(calls: int, per_s: float) -> None:
    with pytest.raises(ValueError, match="one call or more"):
        Rate(calls, per_s)


def test_pace_without_rates_is_always_free() -> None:
    pace = Pace()
    for _ in range(100):
        assert pace.is_free(0.0)
        pace.take(0.0)


def test_pace_opens_when_the_oldest_call_leaves_the_window() -> None:
    pace = Pace([Rate(2, 10.0)])
    pace.take(0.0)
    pace.take(4.0)
    assert not pace.is_free(9.9)
    assert pace.ready_s(5.0) == 10.0
    assert pace.is_free(10.0)


def test_slowest_of_two_rates_counts() -> None:
    pace = Pace([Rate(1, 1.0), Rate(2, 60.0)])
    pace.take(0.0)
    assert pace.ready_s(0.0) == 1.0
    pace.take(1.0)
    assert pace.ready_s(1.0) == 60.0


def test_pause_lasts_as_long_as_asked_and_a_little_longer() -> None:
    pace = Pace([Rate(1, 1.0)])
    pace.pause(0.0, 7.0, begun_s=0.0)
    assert pace.is_paused(7.0)
    assert pace.ready_s(0.0) == 7.0 + MARGIN_S
    assert not pace.is_paused(7.0 + MARGIN_S)


def test_shorter_pause_does_not_end_a_longer_one() -> None:
    pace = Pace()
    pace.pause(0.0, 30.0, begun_s=0.0)
    pace.pause(1.0, 1.0, begun_s=0.0)
    assert pace.ready_s(1.0) == 30.0 + MARGIN_S


@pytest.mark.parametrize("nonsense", [-5.0, math.nan])
def test_nonsense_of_the_platform_pauses_for_the_margin(nonsense: float) -> None:
    pace = Pace()
    pace.pause(0.0, nonsense, begun_s=0.0)
    assert pace.ready_s(0.0) == MARGIN_S


def gap_s(pace: Pace, now_s: float) -> float:
    pace.take(now_s)
    return pace.ready_s(now_s) - now_s


def test_calls_that_were_on_their_way_together_are_one_lesson() -> None:
    pace = Pace()
    for _ in range(10):
        pace.pause(5.0, 0.0, begun_s=4.0)
    assert gap_s(pace, 6.0) == 0


def test_each_repeated_wish_doubles_the_gap_up_to_a_bound() -> None:
    pace = Pace()
    gaps = []
    for second in range(0, 60, 2):
        pace.pause(second, 0.0, begun_s=second)
        gaps.append(gap_s(pace, second + 1))
    assert gaps[:4] == pytest.approx([0, *(UNRATED_S * 2**n for n in (1, 2, 3))])
    assert max(gaps) == pytest.approx(30)


def test_penalty_is_measured_by_the_rate() -> None:
    pace = Pace([Rate(20, 60.0)])
    for second in (0, 1):
        pace.pause(second, 0.0, begun_s=second)
    assert gap_s(pace, 2.0) == pytest.approx(6.0)


def test_penalty_wears_off_step_by_step() -> None:
    pace = Pace()
    for _ in range(4):
        pace.pause(0.0, 0.0, begun_s=0.0)
    assert gap_s(pace, 1.0) == pytest.approx(4.0)
    assert gap_s(pace, RECOVERY_S) == pytest.approx(2.0)
    assert gap_s(pace, 2 * RECOVERY_S) == pytest.approx(1.0)
    assert gap_s(pace, 3 * RECOVERY_S) == 0
    assert not pace.is_idle(3 * RECOVERY_S)
    assert pace.is_idle(4 * RECOVERY_S)


def test_pace_is_idle_once_its_calls_have_left_the_window() -> None:
    pace = Pace([Rate(3, 5.0)])
    assert pace.is_idle(0.0)
    pace.take(0.0)
    assert not pace.is_idle(4.9)
    assert pace.is_idle(5.0)


rates = st.builds(
    Rate, calls=st.integers(1, 5), per_s=st.sampled_from([0.3, 1.0, 2.5, 60.0])
)


@given(
    st.lists(rates, max_size=3),
    st.lists(st.floats(0, 3), max_size=15),
    st.integers(0, 12),
    st.floats(0, 2),
    st.sampled_from([0.0, 0.4]),
)
def test_forecast_is_what_comes_true(
    rates: list[Rate],
    pauses: list[float],
    num_ahead: int,
    retry_after_s: float,
    gap_s: float,
) -> None:
    """Those ahead begin as soon as they may: then it is this one's turn."""
    pace, now_s = Pace(rates), 0.0
    pace.gap_s = gap_s
    for pause_s in pauses:
        now_s = pace.ready_s(now_s + pause_s)
        pace.take(now_s)
    if retry_after_s > 1:
        pace.pause(now_s, retry_after_s, begun_s=now_s)
    forecast_s = pace.ready_s(now_s, num_ahead=num_ahead)
    for _ in range(num_ahead):
        now_s = pace.ready_s(now_s)
        pace.take(now_s)
    actual_s = pace.ready_s(now_s)
    assert forecast_s <= actual_s + ROUNDING_S
    if len(rates) < 2 and gap_s == 0:
        assert forecast_s == pytest.approx(actual_s)
