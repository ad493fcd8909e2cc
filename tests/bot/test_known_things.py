"""What a sentence names of what a small model knows."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.known_things import NAMES_FILE, KnownThings
from bot.models.pictures import BUNDLED

THINGS = {
    "fox": ["face", "animal"],
    "cat": ["pet", "animal"],
    "crying cat": ["tear", "sad"],
    "teapot": ["tea", "pot", "drink"],
    "leaf fluttering in wind": ["leaf", "wind"],
    "red apple": ["apple", "fruit"],
    "newspaper": ["news", "paper"],
}
FEW = KnownThings(THINGS)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", None),
        ("How to sleep well", None),
        ("a photograph, no fox, without newspaper", None),
        ("a happy red fox", "fox"),
        ("Foxes in the snow", "fox"),
        ("a CRYING cat with a fox", "crying cat"),
        ("two cups of tea on a table", "teapot"),
        ("autumn leaves", "leaf fluttering in wind"),
        ("tea for the cat", "cat"),  # a name counts before a word for something
        ("it’s an apple’s colour", None),
        ("狐狸", None),
    ],
)
def test_first_thing_that_a_text_names_is_found(text: str, named: str | None) -> None:
    assert FEW.named_in(text) == named


def test_word_that_many_things_share_says_nothing() -> None:
    many = KnownThings({f"thing {letter}": ["animal"] for letter in "abcde"})

    assert many.named_in("an animal") is None


@given(st.text())
def test_whatever_is_said_gives_a_known_thing_or_none(text: str) -> None:
    assert FEW.named_in(text) in {None, *THINGS}


def test_folder_that_does_not_say_what_it_knows_knows_everything(
    tmp_path: Path,
) -> None:
    assert KnownThings.read(tmp_path) is None
    (tmp_path / NAMES_FILE).write_text(json.dumps(THINGS), encoding="utf-8")
    some = KnownThings.read(tmp_path)
    assert some is not None
    assert some.named_in("fox") == "fox"


def test_starter_says_what_it_knows() -> None:
    starter = KnownThings.read(BUNDLED)
    assert starter is not None
    for topic, named in {
        "The guitar": "guitar",
        "Rain": "cloud with rain",
        "a folded newspaper and a cup on a table": "newspaper",
        "a red apple": "red apple",
        "happy fox": "fox",
        "How bees find their way": "honeybee",
        "an": None,
    }.items():
        assert starter.named_in(topic) == named
