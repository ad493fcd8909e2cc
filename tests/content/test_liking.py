import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.liking import FLOOR, Liking, chances, drawn, smoothed

AMOUNTS = st.floats(0, 1000, allow_nan=False)
LIKINGS = st.builds(Liking, st.floats(0.01, 200), AMOUNTS)
LEANS = st.floats(0, 3)
MANY = st.lists(LIKINGS, min_size=1, max_size=12)


def test_nothing_known_gives_everything_the_same_chance() -> None:
    assert chances([Liking()] * 4, lean=1) == pytest.approx([0.25] * 4)
    assert smoothed(0, 3, 0) == 1


def test_one_like_does_not_dominate() -> None:
    liked, other = chances([Liking(1, 1), Liking(1, 0)], lean=1)
    assert liked > other
    assert liked < 0.6


def test_many_posts_that_are_liked_say_more_than_one() -> None:
    assert smoothed(20, 1, 10) < smoothed(200, 10, 10) < 2


@given(MANY, LEANS)
def test_each_topic_keeps_its_floor_and_all_chances_are_one(
    likings: list[Liking], lean: float
) -> None:
    found = chances(likings, lean=lean)
    assert sum(found) == pytest.approx(1)
    assert min(found) >= FLOOR / len(likings) - 1e-12


@given(MANY, LEANS, st.data())
def test_more_feedback_never_lowers_the_chance_of_its_own_topic(
    likings: list[Liking], lean: float, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(likings) - 1))
    more = data.draw(st.floats(0, 500))
    before = chances(likings, lean=lean)[index]
    own = likings[index]
    likings[index] = Liking(own.num_posts, own.score + more)
    assert chances(likings, lean=lean)[index] >= before - 1e-9


@given(MANY)
def test_without_leaning_all_chances_are_the_same(likings: list[Liking]) -> None:
    assert chances(likings, lean=0) == pytest.approx([1 / len(likings)] * len(likings))


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=9), st.text())
def test_same_seed_draws_the_same(weights: list[float], seed: str) -> None:
    index = drawn(weights, seed=seed)
    assert index == drawn(weights, seed=seed)
    assert 0 <= index < len(weights)
