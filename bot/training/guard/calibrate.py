"""Turns logits into probabilities and chooses the thresholds of the levels.

Both on the validation rows only. Each category gets a scale and a shift (Platt), drawn
towards "no change" where there are few rows; a threshold is the score that a given
share of harmless rows stays below; every corpus counts the same, ours threefold.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.safety.policy import Category, Level
from bot.training.guard.measures import Numbers, quantile
from bot.training.guard.rows import CATEGORIES, PRESENT, Row

__all__ = ["FALSE_ALARMS", "Calibration", "calibrate", "labels_and_known"]

FALSE_ALARMS = {Level.RELAXED: 0.003, Level.STANDARD: 0.02, Level.STRICT: 0.05}
LOWEST = {Level.RELAXED: 0.6, Level.STANDARD: 0.4, Level.STRICT: 0.15}
HIGHEST = 0.98
STEPS, PULL = 50, 2.0
OWN, OURS = "own", 3.0  # our rows are the nearest to what is said in a chat


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns logits into decisions.

    Attributes:
        thresholds: by level, then by category.
    """

    scales: Mapping[Category, float]
    shifts: Mapping[Category, float]
    thresholds: Mapping[Level, Mapping[Category, float]]

    def probabilities(self, logits: Numbers) -> Numbers:
        """Map logits (N, C) to probabilities (N, C)."""
        scales = np.array([self.scales[one] for one in CATEGORIES])
        shifts = np.array([self.shifts[one] for one in CATEGORIES])
        shown: Numbers = 1 / (1 + np.exp(-(logits * scales + shifts).clip(-50, 50)))
        return shown


def calibrate(rows: Sequence[Row], logits: Numbers) -> Calibration:
    """Return what fits the validation rows; logits are (N, C)."""
    labels, known = labels_and_known(rows)
    scales, shifts = {}, {}
    for place, category in enumerate(CATEGORIES):
        unclear = (labels[:, place] > 0) & (labels[:, place] < PRESENT)
        here = np.flatnonzero(known[:, place] & ~unclear)
        scales[category], shifts[category] = _platt(
            logits[here, place], labels[here, place], _weights(rows, here)
        )
    first = Calibration(scales, shifts, {})
    return Calibration(scales, shifts, _thresholds(rows, first.probabilities(logits)))


def _thresholds(
    rows: Sequence[Row], probabilities: Numbers
) -> Mapping[Level, Mapping[Category, float]]:
    labels, known = labels_and_known(rows)
    harmless = ~((labels > 0) & known).any(axis=1)
    found: dict[Level, dict[Category, float]] = {level: {} for level in FALSE_ALARMS}
    for place, category in enumerate(CATEGORIES):
        here = np.flatnonzero(harmless & known[:, place])
        weights = _weights(rows, here)
        for level, false_alarms in FALSE_ALARMS.items():
            threshold = LOWEST[level]
            if len(here):
                scores = probabilities[here, place]
                threshold = quantile(scores, 1 - false_alarms, weights)
            found[level][category] = min(max(threshold, LOWEST[level]), HIGHEST)
    return found


def _weights(rows: Sequence[Row], here: NDArray[np.intp]) -> Numbers:
    """Return a weight for each of these rows: all corpora weigh the same, ours more."""
    corpora = [rows[number].corpus for number in here]
    counts = Counter(corpora)
    weights = [OURS if one == OWN else 1.0 for one in corpora]
    shares = [
        weight / counts[one] for weight, one in zip(weights, corpora, strict=True)
    ]
    return np.array(shares) * (len(shares) / max(sum(shares), 1e-9))


def labels_and_known(rows: Sequence[Row]) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return labels (N, C) and where they are known (N, C)."""
    labels = np.array(
        [[row.labels.get(one, 0.0) for one in CATEGORIES] for row in rows]
    ).reshape(len(rows), len(CATEGORIES))
    known = np.array(
        [[one in row.labels for one in CATEGORIES] for row in rows], dtype=bool
    ).reshape(len(rows), len(CATEGORIES))
    return labels, known


def _platt(logits: Numbers, labels: Numbers, weights: Numbers) -> tuple[float, float]:
    """Return scale and shift by Newton's method, drawn towards 1 and 0."""
    scale, shift = 1.0, 0.0
    for _ in range(STEPS):
        shown = 1 / (1 + np.exp(-(scale * logits + shift).clip(-50, 50)))
        wrong = weights * (shown - labels)
        sure = weights * shown * (1 - shown)
        gradient = np.array(
            [wrong @ logits + PULL * (scale - 1), wrong.sum() + PULL * shift]
        )
        cross = sure @ logits
        curve = np.array([[sure @ logits**2 + PULL, cross], [cross, sure.sum() + PULL]])
        step = np.linalg.solve(curve, gradient)
        scale, shift = scale - step[0], shift - step[1]
        if np.abs(step).max() < 1e-6:
            break
    return float(max(scale, 0.2)), float(shift)
