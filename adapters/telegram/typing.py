"""The sign that the bot is at an answer."""

import asyncio

import structlog
from telegram.constants import ChatAction

from adapters.telegram.calls import Kind
from adapters.telegram.line import Line
from adapters.telegram.place import Place
from bot.errors import PlatformError

__all__ = ["TYPING_S", "Typing"]

TYPING_S = 4.0
"""Telegram shows it for five seconds, or until a message comes."""

logger = structlog.get_logger(__name__)


class Typing:
    """Shows "typing" in a place from `start` to `stop`."""

    def __init__(self, line: Line, place: Place) -> None:
        self._line = line
        self._place = place
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to show it."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._show())

    async def stop(self) -> None:
        """Show it no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _show(self) -> None:
        async def show(here: str) -> None:
            await self._line.bot.send_chat_action(
                here, ChatAction.TYPING, message_thread_id=self._place.thread_id
            )

        chat_id, calls = self._place.chat_id, self._line.calls
        while True:
            # Where another answer has just shown it, it is there for this one too.
            if calls.busy_s(chat_id, Kind.ACTION) <= 0:
                try:
                    await calls.run(chat_id, show, kind=Kind.ACTION, is_watched=False)
                except PlatformError as error:
                    # The answer itself will say what is wrong; this is only a sign.
                    logger.debug("typing not shown", reason=str(error))
            await self._line.clock.sleep(TYPING_S)
