"""How much a topic is liked, and what chance that gives it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["FLOOR", "Liking", "chances", "drawn", "smoothed"]

FLOOR = 0.3
"""Each topic keeps at least this part of the average chance."""
PRIOR_POSTS = 3.0
"""So many posts at the usual level each topic begins with: one like is no verdict."""


@dataclass(frozen=True, slots=True)
class Liking:
    """What is known of a topic: how many posts it had, and what they scored together.

    Both may be less than was counted, where old posts weigh less.
    """

    num_posts: float = 0.0
    score: float = 0.0


def smoothed(score: float, num_posts: float, usual: float) -> float:
    """Return how a topic does beside the usual level, which is 1.0.

    The mean of a Gamma prior at the usual level, worth PRIOR_POSTS posts, after what
    was counted: the fewer posts a topic had, the nearer to 1.0 it stays.
    """
    if usual <= 0:
        return 1.0
    return (PRIOR_POSTS + score / usual) / (PRIOR_POSTS + num_posts)


def chances(likings: Sequence[Liking], *, lean: float) -> tuple[float, ...]:
    """Return the chance of each topic; together they are 1.

    `lean` says how strongly liked ones come first: 0 not at all, 1 as they are liked.
    What is liked more never has less of a chance for it.
    """
    num_topics = len(likings)
    num_posts = sum(one.num_posts for one in likings)
    usual = sum(one.score for one in likings) / num_posts if num_posts else 0.0
    likes = [smoothed(one.score, one.num_posts, usual) ** lean for one in likings]
    total = sum(likes)
    return tuple(FLOOR / num_topics + (1 - FLOOR) * like / total for like in likes)


def drawn(weights: Sequence[float], *, seed: str) -> int:
    """Return the index that a seed draws."""
    (index,) = random.Random(seed).choices(  # noqa: S311 - no secret
        range(len(weights)), weights
    )
    return index
