"""What people say to each other: taken in one by one, after what is for the bot."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from bot.lookout import Lookout
from bot.messages import Message
from bot.tasks import Tasks

__all__ = ["MOST_WAITING", "Overheard"]

logger = structlog.get_logger(__name__)

MOST_WAITING = 256
"""So many wait to be judged; then the oldest is let go, unless moderators want it."""

MOST_NEEDED = 4096
"""So many wait at all."""


class Overheard:
    """A queue of messages that nobody waits for an answer to.

    Only one is judged at a time, so that what is for the bot finds the filters free.
    """

    def __init__(
        self,
        handle: Callable[[Message], Awaitable[None]],
        lookout: Lookout,
        tasks: Tasks,
        *,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._handle = handle
        self._lookout = lookout
        self._tasks = tasks
        self._most_waiting = most_waiting
        self._waiting: deque[Message] = deque()
        self._is_running = False

    def put(self, message: Message) -> None:
        """Take in a message when its turn comes."""
        self._waiting.append(message)
        if len(self._waiting) > self._most_waiting:
            self._drop()
        if not self._is_running:
            self._is_running = True
            self._tasks.begin(self._next())

    def _drop(self) -> None:
        """Let the oldest go that is not needed; of too many also one that is."""
        lookout = self._lookout
        oldest = next(
            (one for one in self._waiting if not lookout.is_needed(one.channel)), None
        )
        if oldest is None:
            if len(self._waiting) <= MOST_NEEDED:
                return
            oldest = self._waiting[0]
        self._waiting.remove(oldest)
        logger.warning("message not judged: too many at once", id=oldest.id)
        self._tasks.begin(lookout.dropped(oldest))

    async def _next(self) -> None:
        message = self._waiting.popleft()
        try:
            await self._handle(message)
        except asyncio.CancelledError:
            self._waiting.clear()  # the bot ends
            raise
        finally:
            if self._waiting:
                self._tasks.begin(self._next())
            else:
                self._is_running = False
