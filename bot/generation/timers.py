"""Things to do later, each under a name, unless they are called off."""

import asyncio
from collections.abc import Callable, Hashable

from bot.clock import Clock

__all__ = ["Timers"]


class Timers:
    """Calls functions after a while, on the event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}

    def start(self, key: Hashable, delay_s: float, due: Callable[[], None]) -> None:
        """Call `due` after so long; what had this name before is called off."""
        self.stop(key)
        self._tasks[key] = asyncio.create_task(self._wait(key, delay_s, due))

    def stop(self, key: Hashable) -> None:
        """Call off what has this name; does nothing where there is none."""
        task = self._tasks.pop(key, None)
        if task is not None:
            task.cancel()

    def close(self) -> None:
        """Call off everything."""
        for key in list(self._tasks):
            self.stop(key)

    async def _wait(
        self, key: Hashable, delay_s: float, due: Callable[[], None]
    ) -> None:
        await self._clock.sleep(delay_s)
        del self._tasks[key]  # from here on it cannot be called off
        due()
