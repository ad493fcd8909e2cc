"""Nothing that is measured on was learnt from, not even nearly."""

from hypothesis import given
from hypothesis import strategies as st

from bot.safety.policy import Category
from bot.training.guard.rows import Row, Split, labels_of
from bot.training.guard.split import split_rows

LONG = "the old lighthouse keeper counts the ships that pass by in the fog every"


def row(text: str, *, split: Split | None = None, family: str = "") -> Row:
    return Row(text, labels_of(), "own", split=split, family=family)


def test_what_reads_the_same_is_kept_once() -> None:
    rows = split_rows([row("Kill it!"), row("kill  it"), row("ＫＩＬＬ it.")], seed=1)
    assert [one.text for one in rows] == ["Kill it!"]


def test_of_two_that_read_the_same_the_stricter_split_stays() -> None:
    rows = split_rows(
        [row("same text", split=Split.TRAIN), row("Same text", split=Split.TEST)],
        seed=1,
    )
    assert [(one.text, one.split) for one in rows] == [("Same text", Split.TEST)]


def test_what_is_nearly_a_test_row_is_not_learnt_from() -> None:
    near, test = f"{LONG} night", f"{LONG} morning"
    rows = split_rows(
        [row(near, split=Split.TRAIN), row(test, split=Split.TEST)], seed=1
    )
    assert [one.text for one in rows] == [test]


def test_an_undecided_row_joins_the_test_row_that_it_is_near_to() -> None:
    rows = split_rows([row(f"{LONG} night"), row(LONG, split=Split.TEST)], seed=1)
    assert {one.split for one in rows} == {Split.TEST}


@given(st.integers(0, 1000))
def test_a_family_stays_together(seed: int) -> None:
    texts = ["ein Hund bellt", "un chien aboie", "собака лает"]
    rows = split_rows([row(text, family="dog") for text in texts], seed=seed)
    assert len({one.split for one in rows}) == 1


def test_splits_are_drawn_the_same_way_each_time_and_in_shares() -> None:
    rows = [row(f"{number} bottles of {number * 7} drinks") for number in range(2000)]
    first, again = split_rows(rows, seed=3), split_rows(rows, seed=3)
    assert first == again
    assert first != split_rows(rows, seed=4)
    share = sum(one.split is Split.TEST for one in first) / len(first)
    assert 0.12 < share < 0.18


def test_texts_without_a_word_are_split_too() -> None:
    rows = split_rows([row("!!!"), row("???"), row("🙂")], seed=1)
    assert [one.text for one in rows] == ["!!!", "???", "🙂"]
    assert all(one.split is not None for one in rows)


def test_whether_a_row_is_harmful_may_be_unknown() -> None:
    assert Row("x", {Category.INJECTION: 1.0}, "own").is_harmful is None
    assert row("x").is_harmful is False
