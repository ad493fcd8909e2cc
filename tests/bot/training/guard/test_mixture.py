"""What a pass over the data holds."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.safety.policy import Category
from bot.training.guard.mixture import SHARES, rows_of_pass
from bot.training.guard.rows import Row, labels_of


def rows(corpus: str, count: int, *labels: Category) -> list[Row]:
    return [
        Row(f"{corpus} {labels} {number}", labels_of(*labels), corpus)
        for number in range(count)
    ]


def test_a_large_corpus_does_not_drown_the_rest() -> None:
    made = rows_of_pass(
        rows("davidson", 5000, Category.HATE) + rows("davidson", 5000),
        number=0,
        seed=1,
    )
    counts = Counter(any(row.labels.values()) for row in made)
    share = SHARES["davidson"]
    assert counts == {True: share.harmful, False: share.harmless}


def test_our_own_rows_come_more_often() -> None:
    made = rows_of_pass(rows("own", 10) + rows("elsewhere", 10), number=0, seed=1)
    counts = Counter(row.corpus for row in made)
    assert counts == {"own": 10 * SHARES["own"].repeats, "elsewhere": 10}


def test_each_pass_draws_anew_and_the_same_seed_the_same() -> None:
    many = rows("edos", 3000)
    first = rows_of_pass(many, number=0, seed=1)
    assert first == rows_of_pass(many, number=0, seed=1)
    assert first != rows_of_pass(many, number=1, seed=1)
    assert first != rows_of_pass(many, number=0, seed=2)


@given(st.integers(0, 10_000))
def test_a_row_that_is_joined_or_misspelt_keeps_its_labels(seed: int) -> None:
    harmful = rows("elsewhere", 20, Category.VIOLENCE)
    made = rows_of_pass(harmful + rows("elsewhere", 5), number=0, seed=seed)
    known = Counter(row.labels[Category.VIOLENCE] for row in made)
    assert known == {1.0: 20, 0.0: 5}
    assert all(row.text for row in made)


def test_some_rows_are_joined_and_some_misspelt() -> None:
    before = rows("elsewhere", 500)
    texts = {row.text for row in before}
    changed = [
        row.text
        for row in rows_of_pass(before, number=0, seed=1)
        if row.text not in texts
    ]
    assert 50 < len(changed) < 150
    assert any(text.count("elsewhere") == 2 for text in changed)


def test_without_harmless_rows_nothing_is_joined() -> None:
    made = rows_of_pass(rows("elsewhere", 200, Category.HATE), number=0, seed=1)
    assert max(row.text.count("elsewhere") for row in made) == 1
