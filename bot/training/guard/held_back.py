"""The rows that `hearthbot bench safety` measures on: ours, and never learnt from."""

import json
from collections.abc import Iterable
from pathlib import Path

from bot.training.guard.own import OWN
from bot.training.guard.rows import PRESENT, Row

__all__ = ["HELD_BACK", "write_held_back"]

HELD_BACK = "held_back.jsonl"


def write_held_back(folder: Path, tested: Iterable[Row]) -> int:
    """Write those of the test rows that we wrote ourselves; return how many."""
    lines = [_line(row) for row in tested if row.corpus == OWN]
    (folder / HELD_BACK).write_text("".join(lines), encoding="utf-8")
    return len(lines)


def _line(row: Row) -> str:
    labels = sorted(name for name, label in row.labels.items() if label >= PRESENT)
    return (
        json.dumps(
            {
                "text": row.text,
                "stage": row.stage.value,
                "labels": labels,
                # What we wrote as harmless was written because it sounds otherwise.
                "set": "own" if labels else "tricky-own",
                "language": row.language,
            },
            ensure_ascii=False,
        )
        + "\n"
    )
