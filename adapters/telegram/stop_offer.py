"""A button to stop an answer whose draft has none."""

import asyncio

import structlog

from adapters.telegram.line import Line
from adapters.telegram.place import Place
from adapters.telegram.sink import TelegramSink
from bot.errors import PlatformError
from bot.messages import Button, Reply

__all__ = ["STOP_AFTER_S", "StopOffer"]

STOP_AFTER_S = 3.0
"""A person who waits longer may want to stop it; shorter answers are over by then."""

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
        self._sink = TelegramSink(line, place, is_silent=True)
        self._buttons = buttons
        self._after_s = after_s
        self._shown_id = ""
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Show it after a while."""
        if self._buttons:
            self._task = asyncio.get_running_loop().create_task(self._show())

    async def stop(self) -> None:
        """Take it away, or never show it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self._shown_id:
            try:
                await self._sink.delete(self._shown_id)
            except PlatformError as error:
                logger.info("stop button not taken away", reason=str(error))

    async def _show(self) -> None:
        await self._line.clock.sleep(self._after_s)
        try:
            self._shown_id = await self._sink.send(
                Reply("…", self._buttons), nonce="stop"
            )
        except PlatformError as error:
            logger.info("stop button not shown", reason=str(error))
