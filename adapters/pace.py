"""How fast calls may follow each other: a key's rates, pauses and penalties."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["ROUNDING_S", "Pace", "Rate"]

ROUNDING_S = 1e-9
"""A shorter wait than this is only a rounding error of the clock's sums."""

MARGIN_S = 0.1
"""A pause is so much longer than the platform asks for."""

RECOVERY_S = 60.0
"""So long without being asked to wait takes one step back from the penalty."""

UNRATED_S = 0.5
"""What the penalty starts from where a key has no rate."""

SLOWEST_S = 30.0
MAX_STEPS = 8


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many calls begin in any span of `per_s` seconds.

    Raises:
        ValueError: not at least one call, or a span that is not above zero.
    """

    calls: int
    per_s: float

    def __post_init__(self) -> None:
        if self.calls < 1 or not 0 < self.per_s < math.inf:
            raise ValueError("a rate needs one call or more, in a span above zero")


class Pace:
    """When the next call under one key may begin.

    Exact: it remembers when the latest calls began. Being asked to wait pauses it;
    being asked again soon also doubles the time between two calls, until that has gone
    well for a while.

    Attributes:
        gap_s: the least time between two calls, apart from rates and penalty.
    """

    def __init__(self, rates: Sequence[Rate] = ()) -> None:
        self._begun = [(rate, deque[float](maxlen=rate.calls)) for rate in rates]
        self._even_s = max((r.per_s / r.calls for r in rates), default=UNRATED_S)
        self._last_s = -math.inf
        self._paused_until_s = -math.inf
        self._asked_s = -math.inf  # when the platform last asked to wait
        self._steps = 0
        self.gap_s = 0.0

    def ready_s(self, now_s: float, *, num_ahead: int = 0) -> float:
        """Return when a call may begin that has so many others before it."""
        base_s = max(now_s, self._paused_until_s)
        gap_s = max(self.gap_s, self._penalty_s(now_s))
        ready_s = max(
            base_s + num_ahead * gap_s, self._last_s + (num_ahead + 1) * gap_s
        )
        for rate, begun in self._begun:
            rounds, first = divmod(num_ahead, rate.calls)
            index = len(begun) + first - rate.calls
            first_s = begun[index] + rate.per_s if index >= 0 else base_s
            ready_s = max(ready_s, max(base_s, first_s) + rounds * rate.per_s)
        return ready_s

    def is_free(self, now_s: float) -> bool:
        """Whether a call may begin now."""
        return self.ready_s(now_s) <= now_s + ROUNDING_S

    def take(self, now_s: float) -> None:
        """Count a call that begins now."""
        self._last_s = now_s
        for _, begun in self._begun:
            begun.append(now_s)

    def pause(self, now_s: float, retry_after_s: float, *, begun_s: float) -> None:
        """Let no call begin for so long: a call that began at `begun_s` was told so.

        Calls that were already on their way when the last one was told count as one.
        """
        until_s = now_s + max(0.0, retry_after_s) + MARGIN_S
        self._paused_until_s = max(self._paused_until_s, until_s)
        if begun_s >= self._asked_s:
            self._steps = min(self._steps_left(now_s) + 1, MAX_STEPS)
            self._asked_s = now_s

    def is_paused(self, now_s: float) -> bool:
        """Whether the platform's wish to wait still holds."""
        return self._paused_until_s > now_s + ROUNDING_S

    def is_idle(self, now_s: float) -> bool:
        """Whether a new pace would do the same."""
        is_calm = not self.is_paused(now_s) and self._steps_left(now_s) == 0
        return is_calm and all(
            not begun or begun[-1] + rate.per_s <= now_s for rate, begun in self._begun
        )

    def _steps_left(self, now_s: float) -> int:
        if self._steps == 0:
            return 0
        return max(0, self._steps - int((now_s - self._asked_s) / RECOVERY_S))

    def _penalty_s(self, now_s: float) -> float:
        doublings = self._steps_left(now_s) - 1  # the first time it only pauses
        if doublings < 1:
            return 0.0
        return min(self._even_s * 2.0**doublings, SLOWEST_S)
