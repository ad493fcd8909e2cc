import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.thresholds import LEAST_LABELS, proposed_threshold

LABELS = [(0.3, False), (0.75, False), (0.8, False), (0.9, True), (0.95, True)]


def test_few_labels_are_an_opinion_and_not_a_measurement() -> None:
    assert proposed_threshold(LABELS[: LEAST_LABELS - 1], current=0.7) is None


def test_threshold_between_the_labels_is_proposed() -> None:
    assert proposed_threshold(LABELS, current=0.7) == 0.85


def test_good_threshold_is_left_alone() -> None:
    assert proposed_threshold(LABELS, current=0.86) is None


def test_threshold_can_be_proposed_beyond_all_labels() -> None:
    harmless = [(score, False) for score, _ in LABELS]

    assert proposed_threshold(harmless, current=0.5) == 0.96


def test_threshold_is_not_rounded_past_a_label() -> None:
    labelled = [(0.5, False), (0.5001, True), *[(0.9, True)] * LEAST_LABELS]

    assert proposed_threshold(labelled, current=0.9) == pytest.approx(0.50005)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=30), st.floats(0, 1)
)
def test_proposed_threshold_makes_fewer_mistakes(
    labelled: list[tuple[float, bool]], current: float
) -> None:
    def mistakes(threshold: float) -> int:
        return sum((score >= threshold) != harmful for score, harmful in labelled)

    proposed = proposed_threshold(labelled, current=current)

    if proposed is not None:
        assert 0 <= proposed <= 1
        assert mistakes(proposed) <= mistakes(current)
