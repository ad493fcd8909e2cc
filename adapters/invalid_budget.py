"""How many refused calls a platform bears before it shuts a bot out."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.errors import ForbiddenError, RateLimitedError

__all__ = ["InvalidBudget", "InvalidCount", "is_invalid"]

logger = structlog.get_logger(__name__)

WIDEST_GAP_S = 5.0


def is_invalid(error: BaseException) -> bool:
    """Whether a platform counts this against the bot: a right it lacks, or too fast."""
    return isinstance(error, ForbiddenError | RateLimitedError)


@dataclass(frozen=True, slots=True)
class InvalidBudget:
    """So many refused calls in any span of `window_s` lead to a ban.

    Attributes:
        slow_share: above this share of `limit` it is logged, and calls slow down.
        stop_share: at this share no call is made until the window has moved.
        counts: whether an error counts. An adapter puts its own here where the platform
            counts others too; the SDK's error is the `__cause__`.
    """

    limit: int
    window_s: float
    slow_share: float = 0.2
    stop_share: float = 0.5
    counts: Callable[[BaseException], bool] = is_invalid


class InvalidCount:
    """The refused calls of the latest window."""

    def __init__(self, budget: InvalidBudget) -> None:
        self._budget = budget
        self._slow_at = budget.limit * budget.slow_share
        self._stop_at = max(1, math.floor(budget.limit * budget.stop_share))
        self._refused_s: deque[float] = deque()
        self._is_warned = False

    @property
    def limit(self) -> int:
        """How many lead to a ban."""
        return self._budget.limit

    def note(self, error: BaseException, now_s: float) -> None:
        """Count an error, if it counts."""
        if not self._budget.counts(error):
            return
        self._refused_s.append(now_s)
        count = self.count(now_s)
        if count > self._slow_at and not self._is_warned:
            self._is_warned = True
            logger.warning(
                "the platform refuses many calls",
                count=count,
                limit=self._budget.limit,
                window_s=self._budget.window_s,
            )

    def count(self, now_s: float) -> int:
        """Return how many were refused in the window that ends now."""
        while self._refused_s and self._refused_s[0] + self._budget.window_s <= now_s:
            self._refused_s.popleft()
        if len(self._refused_s) <= self._slow_at / 2:
            self._is_warned = False
        return len(self._refused_s)

    def gap_s(self, now_s: float) -> float:
        """Return the time between two calls that keeps below the stop, if all fail."""
        count = self.count(now_s)
        if count <= self._slow_at:
            return 0.0
        left = max(1, self._stop_at - count)
        return min(self._budget.window_s / left, WIDEST_GAP_S)

    def stopped_for_s(self, now_s: float) -> float:
        """Return how long no call may be made; 0.0 while they may."""
        surplus = self.count(now_s) - self._stop_at
        if surplus < 0:
            return 0.0
        return self._refused_s[surplus] + self._budget.window_s - now_s
