"""Stop strings are never seen, not even in part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.generation.stopping import StopFilter

TEXTS = st.text(alphabet="abc\n", max_size=30)
STOPS = st.lists(st.text(alphabet="abc\n", max_size=4), max_size=3)


def fed(pieces: list[str], stop: list[str]) -> tuple[str, bool]:
    stopping = StopFilter(stop)
    text = "".join([stopping.feed(piece) for piece in pieces])
    return text + stopping.flush(), stopping.is_stopped


@pytest.mark.parametrize(
    ("text", "stop", "shown", "is_stopped"),
    [
        ("all of it", [], "all of it", False),
        ("one END two", ["END"], "one ", True),
        ("one EN", ["END"], "one EN", False),
        ("ab", [""], "ab", False),
        ("abcde", ["bcd", "abcde"], "a", True),  # complete first
        ("xaab", ["aab"], "x", True),
    ],
)
def test_stop_table(text: str, stop: list[str], shown: str, is_stopped: bool) -> None:
    assert fed([text], stop) == (shown, is_stopped)


def test_feed_holds_back_the_beginning_of_a_stop_string() -> None:
    stopping = StopFilter(["END"])
    assert stopping.feed("one E") == "one "
    assert stopping.feed("N") == ""
    assert stopping.feed("ough") == "ENough"


def test_feed_after_the_stop_is_silent() -> None:
    stopping = StopFilter(["."])
    assert stopping.feed("a.b") == "a"
    assert stopping.feed("c") + stopping.flush() == ""


@given(TEXTS, STOPS)
def test_any_pieces_give_the_same(text: str, stop: list[str]) -> None:
    assert fed(list(text), stop) == fed([text], stop)


@given(TEXTS, STOPS)
def test_what_is_shown_is_a_beginning_without_stops(text: str, stop: list[str]) -> None:
    shown, is_stopped = fed(list(text), stop)
    assert text.startswith(shown)
    assert not any(s in shown for s in stop if s)
    assert is_stopped == any(s in text for s in stop if s)
