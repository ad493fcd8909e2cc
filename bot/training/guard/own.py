"""Reads the rows that we wrote ourselves, and rows that moderators corrected."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.errors import UserError
from bot.safety.policy import Category
from bot.safety.verdict import Stage
from bot.training.guard.rows import Row, Split, labels_of
from bot.words import T

__all__ = ["OWN", "OWN_ROWS", "read_corrections", "read_own_rows"]

OWN = "own"
"""The name of our own corpus."""

OWN_ROWS = Path(__file__).with_name("own_rows")
CORRECTION_WEIGHT = 2.0


def read_own_rows(folder: Path = OWN_ROWS) -> list[Row]:
    """Return all rows of the folder's .jsonl files; all of their labels are known."""
    return [
        Row(
            row["text"],
            labels_of(*(Category(label) for label in row["labels"])),
            OWN,
            Stage(row["stage"]),
            row["language"],
            row.get("family", ""),
        )
        for path in sorted(folder.glob("*.jsonl"))
        for row in _lines(path)
    ]


def read_corrections(path: Path) -> list[Row]:
    """Return rows that moderators corrected; only the category they judged is known.

    All are learnt from, and count double.

    Raises:
        UserError: a line is not as it should be; the text says which.
    """
    rows = []
    for number, row in enumerate(_lines(path), start=1):
        try:
            labels = {Category(row["category"]): float(bool(row["is_harmful"]))}
            rows.append(
                Row(
                    str(row["text"]),
                    labels,
                    "corrections",
                    Stage(row["stage"]),
                    split=Split.TRAIN,
                    weight=CORRECTION_WEIGHT,
                )
            )
        except (KeyError, ValueError, TypeError) as error:
            raise UserError(_wrong(path, number)) from error
    return rows


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise UserError(_wrong(path, number)) from error


def _wrong(path: Path, number: int) -> Any:
    return T(
        'Line {number} of {path} is not like {{"text": "…", "stage": "input", '
        '"category": "hate", "is_harmful": false}}.',
        number=number,
        path=path,
    )
