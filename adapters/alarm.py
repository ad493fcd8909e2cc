"""Rings once, at a time that may still be moved."""

import asyncio
from collections.abc import Callable
from contextvars import copy_context

from bot.clock import Clock

__all__ = ["Alarm"]


class Alarm:
    """Calls `ring` at the time it is set to, or a little before; then it is not set.

    A task lives only while it is set.
    """

    def __init__(self, clock: Clock, ring: Callable[[], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._at_s = 0.0
        self._task: asyncio.Task[None] | None = None
        self._context = copy_context()  # else log lines name whoever set it

    def set(self, at_s: float | None) -> None:
        """Ring at this time; None does not ring. Where it rings earlier, it stays so.

        Whoever it calls sets it anew: that is cheaper than moving it with each call.
        """
        if self._task is not None and (at_s is None or at_s < self._at_s):
            self._task.cancel()
            self._task = None
        if self._task is None and at_s is not None:
            self._at_s = at_s
            self._task = asyncio.create_task(self._wait(at_s), context=self._context)

    async def _wait(self, at_s: float) -> None:
        await self._clock.sleep(at_s - self._clock.monotonic())
        self._task = None
        self._ring()
