"""Measures of a classifier's scores: nothing here knows what a category is."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Numbers", "area", "quantile", "recall_at", "share_above"]

Numbers = NDArray[np.float64]


def area(scores: Numbers, is_positive: NDArray[np.bool_]) -> float | None:
    """Return the area under the ROC curve; None where one of the kinds is absent.

    It is how often a positive scores higher than a negative; ties count half.
    """
    positive, negative = scores[is_positive], np.sort(scores[~is_positive])
    if not len(positive) or not len(negative):
        return None
    below = np.searchsorted(negative, positive, side="left")
    up_to = np.searchsorted(negative, positive, side="right")
    return float((below + up_to).mean() / 2 / len(negative))


def recall_at(
    scores: Numbers, is_positive: NDArray[np.bool_], *, false_alarms: float
) -> float | None:
    """Return the share of positives that is found at a share of false alarms."""
    if not is_positive.any() or is_positive.all():
        return None
    threshold = quantile(scores[~is_positive], 1 - false_alarms)
    return float((scores[is_positive] > threshold).mean())


def share_above(scores: Numbers, threshold: float) -> float | None:
    """Return the share of scores at or above a threshold; None where there are none."""
    return float((scores >= threshold).mean()) if len(scores) else None


def quantile(
    scores: Numbers, share: float, weights: Sequence[float] | Numbers | None = None
) -> float:
    """Return the score below or at which a share of the weight lies."""
    order = np.argsort(scores)
    weight = np.ones(len(scores)) if weights is None else np.asarray(weights)
    summed = np.cumsum(weight[order])
    place = int(np.searchsorted(summed, share * summed[-1]))
    return float(scores[order][min(place, len(scores) - 1)])
