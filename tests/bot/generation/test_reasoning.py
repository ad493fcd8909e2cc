"""Thoughts of models are not for readers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.generation.reasoning import PAIRS, ReasoningFilter

PARTS = st.lists(
    st.sampled_from(
        [part for pair in PAIRS for part in pair]
        + ["<think", ">", "</", "`", " ", "\n", "word", "<|channel|>final<|message|>"]
    )
)


def fed(*pieces: str) -> str:
    reasoning = ReasoningFilter()
    return "".join([reasoning.feed(piece) for piece in pieces]) + reasoning.flush()


@pytest.mark.parametrize(("begin", "end"), PAIRS)
def test_a_thought_is_removed(begin: str, end: str) -> None:
    assert fed(f"{begin}hmm{end}\n\nHello") == "Hello"
    assert fed(f"{begin.upper()}hmm{end.upper()}Hello") == "Hello"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hello", "Hello"),
        ("  Hello ", "  Hello "),
        ("<think>never closed", ""),
        ("Yes. <think>hm</think> No.", "Yes.  No."),
        ("<think>a</think><think>b</think>c", "c"),
        ("\n<think></think>\n\nHello", "Hello"),
        ("stray</think>Hello", "strayHello"),
        ("Use `<think>` and `</think>`.", "Use `<think>` and `</think>`."),
        ("1 < 2 <thin", "1 < 2 <thin"),
        (
            "<|channel|>analysis<|message|>hm<|end|><|start|>assistant"
            "<|channel|>final<|message|>Hello<|return|>",
            "Hello",
        ),
    ],
)
def test_reasoning_table(text: str, shown: str) -> None:
    assert fed(text) == shown
    assert fed(*text) == shown


def test_feed_shows_text_at_once() -> None:
    reasoning = ReasoningFilter()
    assert reasoning.feed("Hello <") == "Hello "
    assert reasoning.feed("3") == "<3"


@given(PARTS, st.data())
def test_any_pieces_give_the_same(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edges = [0, *cuts, len(text)]
    pieces = [text[a:b] for a, b in pairwise(edges)]
    assert fed(*pieces) == fed(text) == fed(*text)


@given(st.text(alphabet="ab <>/\n"))
def test_text_without_marks_is_whole(text: str) -> None:
    assert fed(*text) == (text if text.strip() else "")
