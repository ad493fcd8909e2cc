"""Refused calls are counted, and slow the bot down long before it is shut out."""

import pytest
from structlog.testing import capture_logs

from adapters.invalid_budget import InvalidBudget, InvalidCount, is_invalid
from bot.errors import ForbiddenError, GoneError, NetworkError, RateLimitedError
from bot.words import T

REFUSED = ForbiddenError(T("no right"))


def counted(*times_s: float, budget: InvalidBudget | None = None) -> InvalidCount:
    count = InvalidCount(budget or InvalidBudget(limit=20, window_s=60.0))
    for at_s in times_s:
        count.note(REFUSED, at_s)
    return count


@pytest.mark.parametrize(
    ("error", "counts"),
    [
        (REFUSED, True),
        (RateLimitedError(1), True),
        (GoneError(T("gone")), False),
        (NetworkError(T("no answer")), False),
        (OSError(), False),
    ],
)
def test_platform_counts_refusals_only(error: Exception, counts: bool) -> None:
    assert is_invalid(error) is counts
    count = counted()
    count.note(error, 0.0)
    assert count.count(0.0) == counts


def test_adapter_says_what_else_counts() -> None:
    def gone_counts(error: BaseException) -> bool:
        return isinstance(error, GoneError)

    count = counted(budget=InvalidBudget(20, 60.0, counts=gone_counts))
    count.note(GoneError(T("gone")), 0.0)
    count.note(REFUSED, 0.0)
    assert count.count(0.0) == 1


def test_refusals_leave_with_the_window() -> None:
    count = counted(0.0, 1.0, 30.0)
    assert count.count(59.9) == 3
    assert count.count(60.0) == 2
    assert count.count(90.0) == 0


def test_few_refusals_slow_nothing() -> None:
    count = counted(*[0.0] * 4)
    assert count.gap_s(0.0) == 0
    assert count.stopped_for_s(0.0) == 0


def test_gap_keeps_below_the_stop_even_if_all_fail() -> None:
    budget = InvalidBudget(limit=10_000, window_s=600.0)
    count = counted(*[0.0] * 2001, budget=budget)
    now_s = 0.0
    while now_s < 600.0:
        assert count.stopped_for_s(now_s) == 0
        now_s += count.gap_s(now_s)
        count.note(REFUSED, now_s)
        if count.gap_s(now_s) >= 5.0:
            return  # so slow that the rest is for the stop
    assert count.count(now_s) < 5000


def test_stop_lasts_until_the_window_has_moved() -> None:
    count = counted(*[0.0] * 5, *[10.0] * 5, 20.0)
    assert count.stopped_for_s(20.0) == 40.0
    assert count.stopped_for_s(59.0) == 1.0
    assert count.stopped_for_s(60.0) == 0


def test_warning_is_logged_once_and_again_only_after_a_calm() -> None:
    with capture_logs() as logs:
        count = counted(*[0.0] * 9)
        assert [log["count"] for log in logs] == [5]
        count.note(REFUSED, 59.0)
        assert len(logs) == 1
        for _ in range(5):
            count.note(REFUSED, 100.0)
    assert len(logs) == 2
    assert all(log["log_level"] == "warning" for log in logs)
