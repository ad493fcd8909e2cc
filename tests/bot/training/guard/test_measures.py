"""The measures, against plain definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.training.guard.measures import area, quantile, recall_at, share_above

SCORES = st.lists(
    st.tuples(st.integers(0, 6).map(lambda n: n / 6), st.booleans()), min_size=1
)


def test_without_both_kinds_there_is_nothing_to_measure() -> None:
    scores, same = np.array([0.1, 0.9]), np.array([True, True])
    assert area(scores, same) is None
    assert recall_at(scores, same, false_alarms=0.1) is None
    assert recall_at(scores, ~same, false_alarms=0.1) is None
    assert share_above(np.array([]), 0.5) is None


@given(SCORES)
def test_the_area_is_how_often_a_positive_is_above_a_negative(
    pairs: list[tuple[float, bool]],
) -> None:
    scores = np.array([score for score, _ in pairs])
    is_positive = np.array([positive for _, positive in pairs])
    wins = [
        (a > b) + (a == b) / 2
        for a in scores[is_positive]
        for b in scores[~is_positive]
    ]
    expected = pytest.approx(np.mean(wins)) if wins else None
    assert area(scores, is_positive) == expected


@given(st.lists(st.floats(0, 1), min_size=1), st.floats(0.01, 1))
def test_a_share_of_the_scores_is_at_or_below_the_quantile(
    scores: list[float], share: float
) -> None:
    found = quantile(np.array(scores), share)
    assert found in scores
    assert np.mean(np.array(scores) <= found) >= share - 1e-9


def test_weights_move_the_quantile() -> None:
    scores = np.array([0.1, 0.2, 0.9])
    assert quantile(scores, 0.5) == 0.2
    assert quantile(scores, 0.5, [1, 1, 8]) == 0.9


def test_recall_is_counted_above_the_false_alarms() -> None:
    scores = np.array([*np.linspace(0, 1, 100), 0.99, 0.2])
    is_positive = np.array([False] * 100 + [True] * 2)
    assert recall_at(scores, is_positive, false_alarms=0.05) == 0.5
    assert share_above(scores[is_positive], 0.99) == 0.5
