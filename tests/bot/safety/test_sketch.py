import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.repeats import ALIKE
from bot.safety.sketch import SIZE, likeness, sketch, weight

OFFER = "Free coins for everybody who joins my new server today, come and see it!"


@pytest.mark.parametrize(
    "other",
    [
        OFFER.upper(),
        f"{OFFER} 4711",
        OFFER.replace(" ", "  ").replace("!", "…"),
        OFFER.replace("today", "now"),
        OFFER.replace("coins", "coіns"),
    ],
)
def test_likeness_is_high_for_nearly_the_same(other: str) -> None:
    assert likeness(sketch(OFFER), sketch(other)) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (OFFER, "I would like to sell my old bicycle; who is interested?"),
        ("How do I reset my password?", "How do I change my password?"),
        ("what is the capital of France", "what is the capital of Norway"),
        ("我们明天下午三点开会", "我们今天上午九点开会吗"),
    ],
)
def test_likeness_is_low_for_different_texts(one: str, other: str) -> None:
    assert likeness(sketch(one), sketch(other)) < ALIKE


@pytest.mark.parametrize(
    ("text", "letters"),
    [("", 0), ("ok", 2), ("+1 👍", 0), ("aaaa", 1), ("hello", 4), ("你好", 6)],
)
def test_weight_counts_letters(text: str, letters: int) -> None:
    assert weight(text) == letters


@given(st.text(), st.text())
def test_likeness_is_a_share(one: str, other: str) -> None:
    first, second = sketch(one), sketch(other)

    assert len(first) <= SIZE
    assert likeness(first, first) == 1
    assert 0 <= likeness(first, second) == likeness(second, first) <= 1


@pytest.mark.parametrize("text", ["a" * 1_000_000, "ab c" * 250_000, "好" * 1_000_000])
def test_sketch_of_a_huge_text_is_quick(text: str) -> None:
    start_s = time.process_time()

    sketch(text)
    weight(text)

    assert time.process_time() - start_s < 1  # measured: under 0.02 s
