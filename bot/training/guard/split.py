"""Sets rows aside so that nothing that is measured on was learnt from.

Rows that read alike, or nearly, and rows of one template stay together. A split that a
publisher decided is kept; what is like one of its test rows is not trained on.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.safety.guard_text import prepare
from bot.training.guard.rows import Row, Split

__all__ = ["split_rows"]

SHARES = ((Split.TEST, 0.15), (Split.VALIDATION, 0.30))  # up to which share
SHINGLE = 4  # characters-free words in a row that are compared
NUM_HASHES, BAND = 16, 2
_WORDS = re.compile(r"[^\W_]+")
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
STRICTEST = (Split.TEST, Split.VALIDATION, Split.TRAIN)


def split_rows(rows: Iterable[Row], *, seed: int) -> list[Row]:
    """Return the rows without repetitions, each with its split, in the same order."""
    kept = list(_without_repetitions(rows))
    together = _clusters(kept)
    decided: list[Row] = []
    for row, cluster in zip(kept, together, strict=True):
        members = [kept[number] for number in cluster]
        splits = {member.split for member in members if member.split is not None}
        strictest = next((one for one in STRICTEST if one in splits), None)
        if row.split is None:
            first = min(prepare(member.text) for member in members)
            decided.append(replace(row, split=strictest or _drawn(first, seed)))
        elif row.split is strictest:
            decided.append(row)
        # else: too near to a row of a stricter split
    return decided


def _without_repetitions(rows: Iterable[Row]) -> Iterable[Row]:
    """Keep the strictest of those that read the same, at the place of the first."""
    rows = list(rows)
    best: dict[str, Row] = {}
    for row in rows:
        words = " ".join(_words(row.text)) or row.text
        other = best.get(words)
        if other is None or _rank(row) < _rank(other):
            best[words] = row
    wanted = {id(row) for row in best.values()}
    return (row for row in rows if id(row) in wanted)


def _rank(row: Row) -> int:
    return len(STRICTEST) if row.split is None else STRICTEST.index(row.split)


def _drawn(text: str, seed: int) -> Split:
    share = zlib.crc32(f"{seed}:{text}".encode()) / 2**32
    return next((split for split, end in SHARES if share < end), Split.TRAIN)


def _clusters(rows: Sequence[Row]) -> list[list[int]]:
    """Return for each row the numbers of all rows that stay with it."""
    parents = list(range(len(rows)))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    firsts: dict[object, int] = {}
    for number, row in enumerate(rows):
        for key in _keys(row):
            first = firsts.setdefault(key, number)
            parents[root(number)] = root(first)
    members: dict[int, list[int]] = defaultdict(list)
    for number in range(len(rows)):
        members[root(number)].append(number)
    return [members[root(number)] for number in range(len(rows))]


def _keys(row: Row) -> Iterable[object]:
    """What two rows must share to stay together: bands of equal smallest hashes."""
    if row.family:
        yield row.family
    smallest = _smallest_hashes(_words(row.text))
    for start in range(0, NUM_HASHES, BAND):
        yield start, *smallest[start : start + BAND].tolist()


def _smallest_hashes(words: Sequence[str]) -> NDArray[np.uint32]:
    last = max(1, len(words) - SHINGLE + 1)
    parts = [" ".join(words[n : n + SHINGLE]).encode() for n in range(last)]
    hashes = np.array([zlib.crc32(part) for part in parts], dtype=np.uint32)
    factors = 2 * np.arange(1, NUM_HASHES + 1, dtype=np.uint32) * 2654435 + 1
    mixed = hashes[:, None] * factors  # wraps around
    mixed ^= mixed >> np.uint32(15)
    smallest: NDArray[np.uint32] = mixed.min(axis=0)
    return smallest


def _words(text: str) -> list[str]:
    return _WORDS.findall(_CJK.sub(r" \g<0> ", prepare(text)))
