"""Work that was begun and that nobody waits for: it is kept, survived and ended."""

import asyncio
from collections.abc import Coroutine

import structlog

__all__ = ["Tasks"]

logger = structlog.get_logger(__name__)


class Tasks:
    """Tasks in the background. Leaving `async with` ends those that still run."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Tasks":
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        for task in self._tasks:
            task.cancel()
        await self.idle()

    def begin(self, work: Coroutine[None, None, None]) -> None:
        """Begin something; what it raises is logged and ends here."""
        task = asyncio.get_running_loop().create_task(_survive(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def idle(self) -> None:
        """Wait until everything that was begun is over."""
        while self._tasks:
            await asyncio.wait(self._tasks)


async def _survive(work: Coroutine[None, None, None]) -> None:
    try:
        await work
    except Exception:
        # People have been told where there was a way to; here ends the rest.
        logger.exception("could not handle an event")
