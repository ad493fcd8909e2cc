"""Public corpora are read with the meaning that their labels have for us."""

from pathlib import Path

import pytest

from bot.errors import MissingError
from bot.safety.policy import Category as C
from bot.training.guard.corpora import read_corpora, read_held_out
from bot.training.guard.rows import Row, Split


def by_text(rows: list[Row], part: str) -> Row:
    (row,) = [row for row in rows if part in row.text]
    return row


def test_a_corpus_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"openai-moderation-1680\.jsonl\.gz"):
        read_corpora(tmp_path)


def test_what_is_not_labelled_is_unknown(corpora: Path) -> None:
    row = by_text(read_corpora(corpora), "lurid")
    assert row.labels == {
        C.SEXUAL: 1,
        C.SEXUAL_MINORS: 0,
        C.HATE: 0,
        C.INJECTION: 0,
    }
    assert row.is_harmful


def test_two_labels_of_one_category_become_the_stronger(corpora: Path) -> None:
    assert by_text(read_corpora(corpora), "mob").labels[C.VIOLENCE] == 1


def test_empty_rows_are_left_out(corpora: Path) -> None:
    assert all(row.text.strip() for row in read_corpora(corpora))


def test_tweets_lose_what_gives_them_away(corpora: Path) -> None:
    rows = read_corpora(corpora)
    hate = by_text(rows, "vermin")
    assert hate.text == "those people are vermin & liars"
    assert hate.labels[C.HATE] > 0.5
    assert by_text(rows, "yellow bird").text == "@user a yellow bird"


def test_swearing_is_not_hate(corpora: Path) -> None:
    row = by_text(read_corpora(corpora), "damn")
    assert row.labels[C.HATE] < 0.5
    assert C.HARASSMENT not in row.labels


def test_hate_of_women_keeps_its_splits_and_leaves_the_unclear_out(
    corpora: Path,
) -> None:
    rows = [row for row in read_corpora(corpora) if row.corpus == "edos"]
    assert [(row.text, row.split) for row in rows] == [
        ("women are liars by nature", Split.TRAIN),
        ("i will hurt her", Split.VALIDATION),
        ("she is a good boss", Split.TEST),
    ]
    assert rows[1].labels[C.VIOLENCE] == 1


def test_what_is_held_out_is_never_learnt_from(corpora: Path) -> None:
    toxic, nice = read_held_out(corpora)
    assert (toxic.is_harmful, nice.is_harmful) == (True, False)
    assert {toxic.split, nice.split} == {Split.TEST}
    learnt = {row.text for row in read_corpora(corpora)}
    assert not {toxic.text, nice.text} & learnt
