"""What is held back is in no caption; everything else is said in many ways."""

from __future__ import annotations

import random

import pytest

from bot.training.sticker.captions import captions_of, hold_back
from bot.training.sticker.learned import all_captions
from bot.training.sticker.pictures import Concept

GHOST = Concept("1f47b", "ghost", ("boo", "creature", "face", "scary"), "smileys")
BARE = Concept("1f6d1", "stop sign", (), "")
MANY = [
    Concept(f"{n:x}", f"thing {n}", (f"odd {n}", "face", "round", "red"), "objects")
    for n in range(300)
]


def test_the_same_seed_holds_back_the_same() -> None:
    assert hold_back(MANY, seed=1) == hold_back(MANY, seed=1)
    assert hold_back(MANY, seed=1) != hold_back(MANY, seed=2)


def test_held_keywords_point_to_one_concept() -> None:
    held = hold_back(MANY, seed=1, num=50)
    assert len(held) == 50
    assert all(f"odd {one.concept}" in one.together for one in held)
    assert all(MANY[one.concept].name in one.wording for one in held)


def test_concepts_of_few_words_are_not_held() -> None:
    assert hold_back([BARE, Concept("1", "x", ("a", "b"), "")], seed=1) == []


@pytest.mark.parametrize("seed", range(5))
def test_no_caption_has_what_is_held_back(seed: int) -> None:
    held = hold_back(MANY[:60], seed=seed, num=40)
    captions = all_captions(MANY[:60], held, seed=seed, num=30)
    for one in held:
        said = captions[one.concept]
        assert one.wording not in said
        assert not any(one.together <= set(caption.split(", ")) for caption in said)


def test_captions_differ_and_begin_with_the_bare_name() -> None:
    captions = captions_of(GHOST, random.Random(1), num=40)  # noqa: S311 (no secret)
    assert captions[0] == "ghost"
    assert len(captions) == 40
    assert len(set(captions)) > 15


def test_a_concept_without_tags_has_captions() -> None:
    captions = captions_of(BARE, random.Random(1), num=20)  # noqa: S311 (no secret)
    assert all(caption.startswith(("stop", "a ")) for caption in captions)
    assert not any(caption.endswith(", ") for caption in captions)
