"""Figures of the whole table are in docs/log.md, and tested with the real model."""

import csv
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config_models import ModelsConfig
from bot.meaning.fake import FakeMeanings
from bot.meaning.meanings import NO_MEANINGS, Meanings
from bot.meaning.opening import open_meanings
from content.sources.likeness import Likeness, WordLikeness
from content.sources.meaning_likeness import MeaningLikeness

PAIRS = Path(__file__).with_name("topic_pairs.tsv")
Pair = tuple[bool, str, str]


def pairs(language: str) -> list[Pair]:
    """Return pairs of topics, and whether they are the same."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            (row[1] == "same", row[2], row[3]) for row in rows if row[0] == language
        ]


async def precision_and_recall(
    likeness: Likeness, table: list[Pair]
) -> tuple[float, float]:
    said = [(same, await likeness.is_like_any(a, [b])) for same, a, b in table]
    right = sum(same and is_like for same, is_like in said)
    num_said = sum(is_like for _, is_like in said)
    return right / max(1, num_said), right / sum(same for same, _ in said)


async def test_same_said_otherwise_is_the_same() -> None:
    same = {"strolling": "walk", "shower": "rain", "wet": "after"}
    likeness = MeaningLikeness(FakeMeanings(same), language="en")
    one, other = "a walk in the park after rain", "strolling through a wet park, shower"
    assert await likeness.is_like_any(one, ["the moon", other])
    assert not await WordLikeness().is_like_any(one, [other])


async def test_shared_words_do_not_make_topics_the_same() -> None:
    likeness = MeaningLikeness(FakeMeanings(), language="en")
    assert not await likeness.is_like_any("history of tea", ["history of coffee"])
    assert not await likeness.is_like_any("history of tea", [])


async def test_numbers_tell_topics_apart() -> None:
    likeness = MeaningLikeness(FakeMeanings(), language="en")
    assert await likeness.is_like_any("Rust 571 is out", ["Rust 571 is out."])
    assert not await likeness.is_like_any("Rust 571 is out", ["Rust 572 is out"])


async def test_topics_in_another_language_are_compared_by_words() -> None:
    meanings = FakeMeanings()
    likeness = MeaningLikeness(meanings, language="en")
    one, others = "夏天怎样给番茄浇水", ["夏天怎样给番茄浇水？", "冬天怎样照顾植物"]
    assert await likeness.measure(one, others) == await WordLikeness().measure(
        one, others
    )
    assert await likeness.measure("Tea", others) == (0, 0)
    assert not meanings.asked


async def test_of_very_many_only_the_latest_are_compared_by_meaning() -> None:
    meanings = FakeMeanings({"strolling": "walk"})
    others = [*(f"something {number}" for number in range(450)), "strolling", "a walk"]
    found = await MeaningLikeness(meanings, language="en").measure("a walk", others)
    assert len(found) == len(others)
    assert len(meanings.asked) == 401
    assert found[-2] < 0.5 < found[-1]


async def test_without_a_model_words_are_compared() -> None:
    topics = ["Watering tomatoes in summer", "why cats like boxes"]
    likeness = MeaningLikeness(NO_MEANINGS, language="en")
    for topic in ("How to water tomatoes in the summer", "boxes"):
        expected = await WordLikeness().measure(topic, topics)
        assert await likeness.measure(topic, topics) == expected


@pytest.fixture
async def meanings(meaning_model: Path) -> AsyncIterator[Meanings]:
    async with open_meanings(ModelsConfig(), meaning_model) as meanings:
        yield meanings


@pytest.mark.model
async def test_real_model_knows_paraphrases_from_neighbours(meanings: Meanings) -> None:
    table = pairs("en")
    precision, recall = await precision_and_recall(
        MeaningLikeness(meanings, language="en"), table
    )
    by_words = await precision_and_recall(WordLikeness(), table)
    assert len(table) >= 100
    assert precision >= 0.9
    assert recall >= 0.7
    assert max(by_words) < 0.5
