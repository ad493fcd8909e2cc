"""The rows that we wrote, and rows that moderators corrected."""

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.safety.policy import Category
from bot.safety.verdict import Stage
from bot.training.guard.own import read_corrections, read_own_rows
from bot.training.guard.rows import CATEGORIES, Split

LANGUAGES = {"en", "de", "fr", "es", "pt", "it", "ru", "zh"}


def test_there_are_enough_of_each_kind() -> None:
    rows = read_own_rows()
    harmless = [row for row in rows if not any(row.labels.values())]
    assert len(rows) >= 1200
    assert len(harmless) >= 600
    for category in CATEGORIES:
        assert sum(row.labels[category] == 1 for row in rows) >= 40, category
    for language in LANGUAGES:
        both = Counter(
            any(row.labels.values()) for row in rows if row.language == language
        )
        assert min(both[True], both[False]) >= 35, language


def test_every_row_is_whole_and_there_once() -> None:
    rows = read_own_rows()
    assert len({row.text for row in rows}) == len(rows)
    for row in rows:
        assert row.text == row.text.strip() != ""
        assert set(row.labels) == set(CATEGORIES)
        assert row.language in LANGUAGES
    minors = [row for row in rows if row.labels[Category.SEXUAL_MINORS]]
    assert all(row.labels[Category.SEXUAL] for row in minors)


def test_translations_of_one_injection_are_one_family() -> None:
    rows = [row for row in read_own_rows() if row.family]
    languages: dict[str, list[str]] = {}
    for row in rows:
        languages.setdefault(row.family, []).append(row.language)
    assert all(len(found) == len(set(found)) > 1 for found in languages.values())


def test_corrections_know_only_what_was_judged(tmp_path: Path) -> None:
    line = {
        "text": "you play like a goat",
        "stage": "input",
        "category": "harassment",
        "is_harmful": False,
    }
    path = tmp_path / "corrections.jsonl"
    path.write_text(json.dumps(line) + "\n\n", encoding="utf-8")
    (row,) = read_corrections(path)
    assert row.labels == {Category.HARASSMENT: 0.0}
    assert (row.stage, row.split, row.weight) == (Stage.INPUT, Split.TRAIN, 2.0)


@pytest.mark.parametrize(
    "line",
    [
        "not JSON",
        '"a word"',
        '{"text": "a", "stage": "input", "category": "rudeness", "is_harmful": true}',
        '{"text": "a", "stage": "later", "category": "hate", "is_harmful": true}',
        '{"text": "a", "category": "hate"}',
    ],
)
def test_a_line_that_is_wrong_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    good = '{"text": "a", "stage": "input", "category": "hate", "is_harmful": true}'
    path = tmp_path / "corrections.jsonl"
    path.write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(UserError, match="Line 2"):
        read_corrections(path)
