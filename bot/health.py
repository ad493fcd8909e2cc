"""Whether the bot is alive and ready, and how late its event loop is."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Self

__all__ = ["Condition", "Health", "Lag", "LoopLag"]

INTERVAL_S = 0.05
WINDOW = 6000  # samples: five minutes

Condition = Callable[[], bool]
"""Returns at once whether a part of the bot is as it should be."""


@dataclass(frozen=True, slots=True)
class Lag:
    """How late the event loop was, in milliseconds, over the samples of the window."""

    p50_ms: float
    p99_ms: float
    max_ms: float
    num_samples: int


class LoopLag:
    """Measures how late the event loop wakes a task that slept for a short while.

    `async with LoopLag() as lag:` samples until the end; keeps the latest `window`.
    """

    def __init__(self, *, interval_s: float = INTERVAL_S, window: int = WINDOW) -> None:
        self._interval_s = interval_s
        self._samples_ms: deque[float] = deque(maxlen=window)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._sample(), name="loop lag")
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def add(self, late_ms: float) -> None:
        """Add one sample; below zero counts as zero."""
        self._samples_ms.append(max(0.0, late_ms))

    def read(self) -> Lag:
        """Return how late it was lately; all zero while there are no samples."""
        ordered = sorted(self._samples_ms)
        if not ordered:
            return Lag(0.0, 0.0, 0.0, 0)
        return Lag(
            p50_ms=_quantile(ordered, 0.5),
            p99_ms=_quantile(ordered, 0.99),
            max_ms=ordered[-1],
            num_samples=len(ordered),
        )

    def worst_ms(self) -> float:
        """Return how late it was at worst, in milliseconds."""
        return self.read().max_ms

    def lately_ms(self, span_s: float) -> float:
        """Return how late it was at worst in the last seconds, in milliseconds."""
        num_samples = max(1, round(span_s / self._interval_s))
        return max(islice(reversed(self._samples_ms), num_samples), default=0.0)

    def clear(self) -> None:
        """Forget the samples, to measure anew."""
        self._samples_ms.clear()

    async def _sample(self) -> None:
        while True:
            asked_s = time.perf_counter()
            await asyncio.sleep(self._interval_s)
            self.add((time.perf_counter() - asked_s - self._interval_s) * 1000)


def _quantile(ordered: list[float], share: float) -> float:
    """Return the smallest sample that at least this share does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1]


class Health:
    """What /healthz and /readyz answer.

    Conditions are added by whoever builds the parts: `health.add("store", is_open)`.
    """

    def __init__(self, lag: Callable[[], Lag] = lambda: Lag(0.0, 0.0, 0.0, 0)) -> None:
        self._lag = lag
        self._conditions: dict[str, Condition] = {}
        self._started_s = time.monotonic()

    def add(self, name: str, condition: Condition) -> None:
        """Ready also needs this. A name that is there already is replaced."""
        self._conditions[name] = condition

    def alive(self) -> tuple[bool, Mapping[str, object]]:
        """Return whether the process answers at all, and what is known of it."""
        lag = self._lag()
        return True, {
            "alive": True,
            "uptime_s": round(time.monotonic() - self._started_s, 1),
            "loop_lag_ms": {
                "p50": round(lag.p50_ms, 2),
                "p99": round(lag.p99_ms, 2),
                "max": round(lag.max_ms, 2),
            },
        }

    def ready(self) -> tuple[bool, Mapping[str, object]]:
        """Return whether people can be served, and which parts are as they should."""
        states = {name: condition() for name, condition in self._conditions.items()}
        is_ready = all(states.values())
        return is_ready, {"ready": is_ready, "checks": states}
