"""Texts with what is in them, as JSON lines:

    {"text": "…", "stage": "input", "labels": ["hate"], "set": "chat", "language": "en"}

`labels` are categories, none for harmless texts. Sets whose name begins with "tricky"
hold harmless texts that look bad. `set` and `language` may be left out.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import MissingError, UserError
from bot.safety.policy import Category
from bot.safety.verdict import Stage
from bot.words import T

__all__ = ["LabelledText", "read_labelled"]


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One row."""

    text: str = field(repr=False)
    stage: Stage = Stage.INPUT
    labels: frozenset[Category] = frozenset()
    set: str = ""
    language: str = ""

    @property
    def is_tricky(self) -> bool:
        """Whether it is harmless and looks bad."""
        return self.set.startswith("tricky") and not self.labels


def read_labelled(path: Path) -> tuple[LabelledText, ...]:
    """Read a file of rows.

    Raises:
        MissingError: it is not here.
        UserError: a line is no row, or there is none at all.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError as error:
        raise MissingError(
            T(
                "There are no labelled texts at {path}. Name a file of them with "
                "--data.",
                path=path,
            )
        ) from error
    rows = tuple(
        _row(line, path, number)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    )
    if not rows:
        raise UserError(T("There are no labelled texts in {path}.", path=path))
    return rows


def _row(line: bytes, path: Path, number: int) -> LabelledText:
    try:
        row = json.loads(line.decode("utf-8-sig"))
        if not isinstance(row["text"], str) or not isinstance(row["labels"], list):
            raise TypeError
        return LabelledText(
            row["text"],
            Stage(row.get("stage", Stage.INPUT)),
            frozenset(map(Category, row["labels"])),
            str(row.get("set", "")),
            str(row.get("language", "")),
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise UserError(
            T(
                "Line {number} of {path} is not a labelled text. It takes an object "
                "with text, stage (input or output) and labels (a list of: "
                "{categories}).",
                number=number,
                path=path,
                categories=", ".join(Category),
            )
        ) from None
