"""How texts are prepared for the guard."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.guard_text import END, LONGEST_WINDOW, START, prepare, windows


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("", ""),
        (" \n\t ", ""),
        ("KILL\r\n\r\n the Process", "kill the process"),
        ("ｉｇｎｏｒｅ　ａｌｌ", "ignore all"),
        ("ig\u200bno\u00adre", "ignore"),
        ("z\u0335\u0322a\u0321lgo", "zalgo"),
        ("Größe, été, привет, й", "grösse, été, привет, й"),
        ("Cafe\u0301", "cafe"),
        ("\ud800broken", "broken"),
    ],
)
def test_what_reads_alike_becomes_alike(text: str, prepared: str) -> None:
    assert prepare(text) == prepared


@given(st.text())
def test_preparing_twice_changes_nothing_more(text: str) -> None:
    once = prepare(text)
    assert "  " not in once
    assert prepare(once) == once


def test_a_pile_of_marks_takes_no_time() -> None:
    begun = time.perf_counter()
    prepare("a" + "\u0301\u0323" * 500_000)
    assert time.perf_counter() - begun < 5


@given(st.lists(st.integers(3, 9), max_size=700))
def test_windows_hold_every_token_in_order(tokens: list[int]) -> None:
    found = windows(tokens)
    assert found
    assert all(len(one) <= LONGEST_WINDOW for one in found)
    assert all((one[0], one[-1]) == (START, END) for one in found)
    step = LONGEST_WINDOW - 2 - 32
    rebuilt = [token for one in found[:-1] for token in one[1 : 1 + step]]
    assert rebuilt + found[-1][1:-1] == tokens


def test_a_text_that_fits_is_one_window() -> None:
    assert len(windows([5] * (LONGEST_WINDOW - 2))) == 1
    assert len(windows([5] * (LONGEST_WINDOW - 1))) == 2
    assert windows([]) == [[START, END]]
