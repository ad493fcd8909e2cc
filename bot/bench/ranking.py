"""How well probabilities tell two groups apart."""

import math
from collections import Counter
from collections.abc import Sequence

__all__ = ["auc", "recall_at", "share_from"]


def auc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the chance that a positive one has the higher score; a tie is half one.

    1 is perfect, 0.5 is a guess; None where a group is empty.
    """
    if not positive or not negative:
        return None
    num_positive, num_negative = Counter(positive), Counter(negative)
    won, num_below = 0.0, 0
    for score in sorted(num_positive.keys() | num_negative.keys()):
        won += num_positive[score] * (num_below + num_negative[score] / 2)
        num_below += num_negative[score]
    return won / (len(positive) * len(negative))


def recall_at(
    positive: Sequence[float], negative: Sequence[float], *, false_alarms: float
) -> float | None:
    """Return the share of positive ones found by the threshold that allows so many.

    `false_alarms` is the largest share, 0 to 1, of negative ones over the threshold.
    None where a group is empty.
    """
    if not positive or not negative:
        return None
    num_allowed = math.floor(false_alarms * len(negative))
    if num_allowed >= len(negative):
        return 1.0
    limit = sorted(negative, reverse=True)[num_allowed]
    return sum(score > limit for score in positive) / len(positive)


def share_from(scores: Sequence[float], threshold: float) -> float | None:
    """Return the share of scores at or over a threshold; None of none."""
    if not scores:
        return None
    return sum(score >= threshold for score in scores) / len(scores)
