import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.sources.likeness import WordLikeness

SAME = [
    ("The history of tea", "the History of Tea!"),
    ("Watering tomatoes in summer", "How to water tomatoes in the summer"),
    ("Growing herbs on a window sill", "Herbs growing on the window-sill"),
    ("Größere Gärten", "grossere Garten"),
    ("ＴＥＡ time", "tea time"),
    ("夏天怎样给番茄浇水", "夏天怎样给番茄浇水？"),
    ("Погода в Москве", "погода в москве."),
]
OTHER = [
    ("The history of tea", "The history of coffee houses in Vienna"),
    ("Watering tomatoes in summer", "Tomatoes in pots"),
    ("This week in Rust 571", "This week in Rust 572"),
    ("Python 3.11 is out", "Python 3.12 is out"),
    ("a", "b"),
    ("夏天怎样给番茄浇水", "冬天怎样照顾多肉植物"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
async def test_nearly_the_same_is_the_same(one: str, other: str) -> None:
    assert await WordLikeness().is_like_any(one, ["something else", other])
    assert await WordLikeness().is_like_any(other, [one])


@pytest.mark.parametrize(("one", "other"), OTHER)
async def test_what_differs_is_another(one: str, other: str) -> None:
    assert not await WordLikeness().is_like_any(one, [other])
    assert not await WordLikeness().is_like_any(other, [one])
    assert not await WordLikeness().is_like_any(one, [])


@given(st.text(max_size=60), st.text(max_size=60))
async def test_likeness_is_mutual_and_whole_with_itself(one: str, other: str) -> None:
    measure = WordLikeness().measure
    assert await measure(one, [one]) == (1.0,)
    (there,), (back,) = await measure(one, [other]), await measure(other, [one])
    assert 0 <= there == back <= 1
