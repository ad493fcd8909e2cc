"""Time, as something that is handed in: the system's, or a test's own."""

import asyncio
import heapq
import itertools
import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta

from typing_extensions import override

__all__ = ["Clock", "FakeClock", "SystemClock"]


class Clock(ABC):
    """What time it is, and waiting for a later one."""

    @abstractmethod
    def now_utc(self) -> datetime:
        """Return the wall clock as an aware datetime in UTC."""

    @abstractmethod
    def monotonic(self) -> float:
        """Return seconds that never go back, from any start."""

    @abstractmethod
    async def sleep(self, delay_s: float) -> None:
        """Wait for so many seconds; zero or less only lets others run."""


class SystemClock(Clock):
    """The machine's own time."""

    @override
    def now_utc(self) -> datetime:
        return datetime.now(UTC)

    @override
    def monotonic(self) -> float:
        return time.monotonic()

    @override
    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(max(0.0, delay_s))


class FakeClock(Clock):
    """A clock for tests: stands still until `advance` is called."""

    def __init__(self, start_utc: datetime | None = None) -> None:
        self._start_utc = start_utc or datetime(2026, 1, 1, tzinfo=UTC)
        self._elapsed_s = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    @override
    def now_utc(self) -> datetime:
        return self._start_utc + timedelta(seconds=self._elapsed_s)

    @override
    def monotonic(self) -> float:
        return self._elapsed_s

    @override
    async def sleep(self, delay_s: float) -> None:
        if delay_s <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = _rounded(self._elapsed_s + delay_s)
        heapq.heappush(self._sleepers, (due, next(self._order), woken))
        await woken

    @property
    def num_sleepers(self) -> int:
        """How many tasks wait for a later time."""
        return sum(not woken.done() for _, _, woken in self._sleepers)

    async def advance(self, delay_s: float) -> None:
        """Move time on, waking each sleeper at its own moment, in order.

        Raises:
            ValueError: the delay is negative; time never goes back.
        """
        if delay_s < 0:
            raise ValueError("time never goes back")
        end = _rounded(self._elapsed_s + delay_s)
        await _settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, woken = heapq.heappop(self._sleepers)
            self._elapsed_s = max(self._elapsed_s, due)
            if not woken.done():
                woken.set_result(None)
            await _settle()
        self._elapsed_s = end


def _rounded(at_s: float) -> float:
    """Return the time in whole nanoseconds: ten times 0.1 s are 1 s."""
    return round(at_s, 9)


async def _settle() -> None:
    # A woken task may hand over to others a few times before it sleeps again.
    for _ in range(20):
        await asyncio.sleep(0)
