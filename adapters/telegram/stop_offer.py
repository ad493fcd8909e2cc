"""A button to stop an answer whose draft has none."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from adapters.telegram.line import Line
from adapters.telegram.place import Place
from adapters.telegram.sink import TelegramSink
from bot.errors import GoneError, NetworkError, PlatformError, RateLimitedError
from bot.messages import Button, Reply

__all__ = ["STOP_AFTER_S", "StopOffer"]

STOP_AFTER_S = 3.0
"""A person who waits longer may want to stop it; shorter answers are over by then."""

ATTEMPTS = 5

logger = structlog.get_logger(__name__)


class StopOffer:
    """A small message, without a sound, with the buttons; it goes with the answer."""

    def __init__(
        self,
        line: Line,
        place: Place,
        buttons: tuple[Button, ...],
        *,
        after_s: float = STOP_AFTER_S,
    ) -> None:
        self._line = line
        self._sink = TelegramSink(line, place, is_silent=True, is_final=True)
        self._buttons = buttons
        self._after_s = after_s
        self._shown_id = ""
        self._is_waiting = True
        self._task: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Show it after a while."""
        if self._buttons:
            self._task = asyncio.get_running_loop().create_task(self._show())

    def withdraw(self) -> None:
        """Begin to take it away: the buttons are elsewhere."""
        if self._task is not None and self._ending is None:
            ending = self._take_back(self._task)
            self._ending = asyncio.get_running_loop().create_task(ending)

    async def stop(self) -> None:
        """Take it away, or never show it."""
        self.withdraw()
        if self._ending is not None:
            try:
                await asyncio.wait({self._ending})
            finally:
                self._ending.cancel()

    async def _take_back(self, task: asyncio.Task[None]) -> None:
        if self._is_waiting:
            task.cancel()
        # One that is on its way is let come, else nobody could take it away.
        await asyncio.wait({task})
        if self._shown_id:
            await self._persist(self._take_away)

    async def abandon(self) -> None:
        """Leave it as it is: there is no time left."""
        for task in filter(None, (self._task, self._ending)):
            task.cancel()
            await asyncio.wait({task})

    async def _show(self) -> None:
        await self._line.clock.sleep(self._after_s)
        self._is_waiting = False
        await self._persist(self._send)

    async def _send(self) -> None:
        message = Reply("…", self._buttons)
        self._shown_id = await self._sink.send(message, nonce="stop")

    async def _take_away(self) -> None:
        try:
            await self._sink.delete(self._shown_id)
        except GoneError:
            logger.debug("stop button was gone")

    async def _persist(self, step: Callable[[], Awaitable[None]]) -> None:
        for attempt in range(ATTEMPTS):
            try:
                return await step()
            except RateLimitedError as error:
                await self._line.clock.sleep(error.retry_after_s)
            except NetworkError:
                await self._line.clock.sleep(2.0**attempt)
            except PlatformError as error:
                logger.info("stop button neither shown nor gone", reason=str(error))
                return None
        return None
