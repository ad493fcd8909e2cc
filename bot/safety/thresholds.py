"""Which threshold the labels of moderators ask for."""

from collections.abc import Sequence
from itertools import pairwise

from bot.safety.classifier import NEVER, TextClassifier
from bot.safety.policy import Category, Level, Policy

__all__ = ["LEAST_LABELS", "proposed_threshold", "threshold_of"]

LEAST_LABELS = 5
"""From so many corrected texts on a threshold is proposed."""


def proposed_threshold(
    labelled: Sequence[tuple[float, bool]], *, current: float
) -> float | None:
    """Return the threshold with the fewest mistakes; None: no better one is known.

    `labelled` has a probability and whether the text was harmful, for each text. Of
    equally good thresholds the one nearest to the current counts. It takes some labels:
    three corrections are an opinion, not a measurement.
    """
    if len(labelled) < LEAST_LABELS:
        return None
    scores = sorted({score for score, _ in labelled})
    between = [(low + high) / 2 for low, high in pairwise(scores)]
    candidates = [max(0.0, scores[0] - 0.01), *between, min(1.0, scores[-1] + 0.01)]

    def mistakes(threshold: float) -> int:
        return sum((score >= threshold) != harmful for score, harmful in labelled)

    best = min(candidates, key=lambda one: (mistakes(one), abs(one - current)))
    if mistakes(best) >= mistakes(current):
        return None
    short = round(best, 3)  # unless scores are so near that it says something else
    return short if mistakes(short) == mistakes(best) else best


def threshold_of(
    policy: Policy, category: Category, classifier: TextClassifier
) -> float:
    """Return the probability from which a policy acts; NEVER: it does not."""
    level = policy.level_of(category)
    if level is Level.OFF:
        return NEVER
    chosen = policy.thresholds.get(category)
    return classifier.threshold(category, level) if chosen is None else chosen
