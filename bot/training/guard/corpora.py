"""Reads the public corpora that the guard learns from, and says what each label means.

What a corpus says nothing about stays unknown; only prompt injection is taken to be
absent where people wrote to people.
"""

import csv
import gzip
import html
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bot.errors import MissingError
from bot.safety.policy import Category
from bot.training.guard.rows import Row, Split
from bot.words import T

__all__ = ["CORPORA", "HELD_OUT", "read_corpora", "read_held_out"]

C = Category

OPENAI = {
    "S": C.SEXUAL,
    "S3": C.SEXUAL_MINORS,
    "H": C.HATE,
    "H2": C.HATE,
    "HR": C.HARASSMENT,
    "V": C.VIOLENCE,
    "V2": C.VIOLENCE,
    "SH": C.SELF_HARM,
}
DAVIDSON: Mapping[str, Mapping[Category, float]] = {
    "0": {C.HATE: 0.9},
    # Many are only swearing, some are worse: neither hate nor surely harassment.
    "1": {C.HATE: 0.1},
    "2": {C.HATE: 0.0, C.HARASSMENT: 0.0, C.VIOLENCE: 0.0, C.SELF_HARM: 0.0},
}
EDOS: Mapping[str, Mapping[Category, float]] = {
    "none": {C.HATE: 0.0},
    "1.1 threats of harm": {C.HATE: 0.8, C.VIOLENCE: 1.0, C.HARASSMENT: 0.8},
    "1.2 incitement and encouragement of harm": {C.HATE: 0.9, C.VIOLENCE: 0.8},
    "2.1 descriptive attacks": {C.HATE: 1.0},
    "2.2 aggressive and emotive attacks": {C.HATE: 1.0, C.HARASSMENT: 0.7},
    "2.3 dehumanising attacks & overt sexual objectification": {C.HATE: 0.9},
    "4.2 supporting systemic discrimination against women as a group": {C.HATE: 0.8},
}
EDOS_SPLITS = {"train": Split.TRAIN, "dev": Split.VALIDATION, "test": Split.TEST}
OTHER_GROUPS = re.compile(
    r"nigg|fag|kike|\bjews?\b|muslim|islam|\bgays?\b|tranny|retard|\bblacks?\b"
    r"|migrant|immigra",
    re.IGNORECASE,
)
"""EDOS marks hate of women only: where others are named, nothing is known."""

_RETWEET = re.compile(r"^\W*RT @\w+:?\s*")
_NAME = re.compile(r"@\w+|\[USER\]")
_LINK = re.compile(r"https?://\S+|\[URL\]")


def _openai(file: io.TextIOBase) -> Iterator[Row]:
    for line in file:
        row = json.loads(line)
        labels: dict[Category, float] = {C.INJECTION: 0.0}
        for name, category in OPENAI.items():
            if name in row:
                labels[category] = max(labels.get(category, 0.0), float(row[name]))
        yield Row(str(row["prompt"]), labels, "openai-moderation")


def _davidson(file: io.TextIOBase) -> Iterator[Row]:
    for row in csv.DictReader(file):
        labels = {C.INJECTION: 0.0, **DAVIDSON[row["class"]]}
        text = _RETWEET.sub("", html.unescape(html.unescape(row["tweet"])))
        yield Row(_plain(text), labels, "davidson")


def _edos(file: io.TextIOBase) -> Iterator[Row]:
    for row in csv.DictReader(file):
        meaning = EDOS.get(row["label_vector"])
        is_clear = meaning is not None and not (
            row["label_vector"] == "none" and OTHER_GROUPS.search(row["text"])
        )
        if meaning is not None and is_clear:
            labels = {C.INJECTION: 0.0, **meaning}
            split = EDOS_SPLITS[row["split"]]
            yield Row(_plain(row["text"]), labels, "edos", split=split)


def _surge(file: io.TextIOBase) -> Iterator[Row]:
    """Toxic in general: which category is not known, so the first stands for any."""
    for row in csv.DictReader(file):
        label = float(row["is_toxic"] == "Toxic")
        yield Row(
            row["text"], {C.HARASSMENT: label}, "surge-toxicity", split=Split.TEST
        )


def _plain(text: str) -> str:
    return _LINK.sub("", _NAME.sub("@user", text)).strip()


CORPORA: Mapping[str, Callable[[io.TextIOBase], Iterator[Row]]] = {
    "openai-moderation-1680.jsonl.gz": _openai,
    "davidson-24783.csv.gz": _davidson,
    "edos-20000.csv.gz": _edos,
}
"""File name → what reads it."""

HELD_OUT: Mapping[str, Callable[[io.TextIOBase], Iterator[Row]]] = {
    "surge-toxicity-1000.csv.gz": _surge,
}
"""Never learnt from: it shows how the guard does where it has never been."""


def read_corpora(folder: Path) -> list[Row]:
    """Return the rows that are learnt from.

    Raises:
        MissingError: a file is not there.
    """
    return _read(folder, CORPORA)


def read_held_out(folder: Path) -> list[Row]:
    """Return the rows that are only measured on.

    Raises:
        MissingError: a file is not there.
    """
    return _read(folder, HELD_OUT)


def _read(
    folder: Path, table: Mapping[str, Callable[[io.TextIOBase], Iterator[Row]]]
) -> list[Row]:
    rows: list[Row] = []
    for name, read in table.items():
        path = folder / name
        if not path.is_file():
            raise MissingError(
                T(
                    "The corpus {name} is not in {folder}. docs/training.md says where "
                    "it comes from.",
                    name=name,
                    folder=folder,
                )
            )
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows.extend(row for row in read(file) if row.text.strip())
    return rows
