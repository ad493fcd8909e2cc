"""Measures the finished guard, as it will run, on rows that it never saw."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.safety.guard_network import GuardNetwork
from bot.safety.policy import Category, Level
from bot.training.guard.calibrate import Calibration, labels_and_known
from bot.training.guard.measures import Numbers, area, recall_at, share_above
from bot.training.guard.rows import CATEGORIES, HARMFUL, PRESENT, Row

__all__ = ["figures", "logits_of"]

LEVELS = (Level.RELAXED, Level.STANDARD, Level.STRICT)
FALSE_ALARMS = 0.05
OWN = "own"
POSTS = {"davidson", "edos"}  # narrow, and labelled with much noise

Figures = dict[str, Any]


def logits_of(
    network: GuardNetwork,
    rows: Sequence[Row],
    progress: Callable[[int, int], None],
    *,
    num_threads: int = 2,
) -> Numbers:
    """Return the logits (N, C) of the exported network."""
    logits = np.zeros((len(rows), len(CATEGORIES)))
    with ThreadPoolExecutor(num_threads) as threads:
        found = threads.map(network.logits, [row.text for row in rows])
        for number, one in enumerate(found):
            logits[number] = one
            progress(number + 1, len(rows))
    return logits


def figures(
    rows: Sequence[Row],
    logits: Numbers,
    held_out: Sequence[Row],
    held_out_logits: Numbers,
    calibration: Calibration,
) -> Figures:
    """Return all figures: by category, by corpus, by language, and out of domain."""
    probabilities = calibration.probabilities(logits)
    place = CATEGORIES.index(Category.INJECTION)
    is_post = np.array([row.corpus in POSTS for row in rows], dtype=bool)
    return {
        "categories": _by_category(rows, probabilities, ~is_post, calibration),
        "tweets and posts": _by_category(rows, probabilities, is_post, calibration),
        "harmful": {
            corpus: _harmful(rows, probabilities, corpus)
            for corpus in sorted({row.corpus for row in rows})
        },
        "injection": {
            name: _injection(rows, probabilities[:, place], is_in)
            for name, is_in in (
                ("all", lambda row: True),
                ("English", lambda row: row.language == "en"),
                ("other languages", lambda row: row.language != "en"),
            )
        },
        "tricky harmless rows": _harmless(rows, probabilities, calibration),
        "out of domain": _out_of_domain(
            held_out, calibration.probabilities(held_out_logits)
        ),
    }


def _by_category(
    rows: Sequence[Row],
    probabilities: Numbers,
    is_in: NDArray[np.bool_],
    calibration: Calibration,
) -> Figures:
    labels, known = labels_and_known(rows)
    return {
        category: _of_category(
            probabilities[is_in & known[:, number], number],
            labels[is_in & known[:, number], number] >= PRESENT,
            calibration.thresholds,
            category,
        )
        for number, category in enumerate(CATEGORIES)
    }


def _of_category(
    scores: Numbers,
    is_there: NDArray[np.bool_],
    thresholds: Mapping[Level, Mapping[Category, float]],
    category: Category,
) -> Figures:
    return {
        "positives": int(is_there.sum()),
        "negatives": int((~is_there).sum()),
        "auc": area(scores, is_there),
        "recall at 5 % false alarms": recall_at(
            scores, is_there, false_alarms=FALSE_ALARMS
        ),
        **{
            level.value: {
                "recall": share_above(scores[is_there], thresholds[level][category]),
                "false alarms": share_above(
                    scores[~is_there], thresholds[level][category]
                ),
            }
            for level in LEVELS
        },
    }


def _any_harm(probabilities: Numbers) -> Numbers:
    places = [CATEGORIES.index(one) for one in HARMFUL]
    highest: Numbers = probabilities[:, places].max(axis=1)
    return highest


def _harmful(rows: Sequence[Row], probabilities: Numbers, corpus: str) -> Figures:
    here = [
        number
        for number, row in enumerate(rows)
        if row.corpus == corpus and row.is_harmful is not None
    ]
    is_harmful = np.array(
        [bool(rows[number].is_harmful) for number in here], dtype=bool
    )
    return {
        "harmful": int(is_harmful.sum()),
        "harmless": int((~is_harmful).sum()),
        "auc": area(_any_harm(probabilities[here]), is_harmful) if here else None,
    }


def _injection(
    rows: Sequence[Row], scores: Numbers, is_in: Callable[[Row], bool]
) -> Figures:
    """Positives of these languages against the negatives of these languages.

    Tweets and posts count for nothing here: to tell them from prompts is no art.
    """
    here = [
        number
        for number, row in enumerate(rows)
        if row.corpus in {OWN, "neuralchemy", "yanismiraoui"} and is_in(row)
    ]
    there = np.array(
        [rows[number].labels[Category.INJECTION] >= PRESENT for number in here],
        dtype=bool,
    )
    if not here:
        return {"positives": 0, "negatives": 0, "auc": None, "recall": None}
    return {
        "positives": int(there.sum()),
        "negatives": int((~there).sum()),
        "auc": area(scores[here], there),
        "recall": recall_at(scores[here], there, false_alarms=FALSE_ALARMS),
    }


def _harmless(
    rows: Sequence[Row], probabilities: Numbers, calibration: Calibration
) -> Figures:
    """How often one of our tricky harmless rows is stopped, by any category."""
    found: Figures = {}
    for name, is_english in (("English", True), ("other languages", False)):
        here = [
            number
            for number, row in enumerate(rows)
            if row.corpus == OWN
            and not any(row.labels.values())
            and (row.language == "en") == is_english
        ]
        found[name] = {"rows": len(here)}
        for level in LEVELS:
            limits = np.array(
                [calibration.thresholds[level][one] for one in CATEGORIES]
            )
            stopped = (probabilities[here] >= limits).any(axis=1)
            found[name][level.value] = float(stopped.mean()) if here else None
    return found


def _out_of_domain(rows: Sequence[Row], probabilities: Numbers) -> Figures:
    is_harmful = np.array([bool(row.is_harmful) for row in rows], dtype=bool)
    scores = _any_harm(probabilities)
    return {
        "corpus": ", ".join(sorted({row.corpus for row in rows})),
        "rows": len(rows),
        "auc": area(scores, is_harmful),
        "recall at 5 % false alarms": recall_at(
            scores, is_harmful, false_alarms=FALSE_ALARMS
        ),
    }
