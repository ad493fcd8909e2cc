"""Pressed buttons that Telegram waits to hear about."""

import asyncio
from collections import OrderedDict

import structlog
from telegram.error import BadRequest

from adapters.governor import Lane
from adapters.telegram.calls import Kind
from adapters.telegram.errors import TOO_OLD, is_saying
from adapters.telegram.line import Line
from bot.errors import PlatformError

__all__ = ["ALERT_LETTERS", "PREFIX", "Presses"]

PREFIX = "press:"
ALERT_LETTERS = 200
PATIENCE_S = 8.0
"""The button shows for about so long that it waits; then it is told to stop."""

KEEP = 5_000

logger = structlog.get_logger(__name__)


class Presses:
    """Acknowledges each press once, with words or without, also a late one."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._waiting: OrderedDict[str, asyncio.Task[None]] = OrderedDict()

    def add(self, query_id: str) -> str:
        """Take up a press; return the name that its reply answers."""
        task = asyncio.get_running_loop().create_task(self._give_up(query_id))
        self._waiting[query_id] = task
        return f"{PREFIX}{query_id}"

    def is_waiting(self, press_id: str | None) -> bool:
        """Whether a press with this name has not been acknowledged yet."""
        return bool(press_id) and self._query(press_id or "") in self._waiting

    async def answer(self, press_id: str, text: str = "", *, url: str = "") -> bool:
        """Acknowledge a press; return whether the person sees the text.

        A text is shown as an alert. An address opens a chat with the bot.
        """
        task = self._waiting.pop(self._query(press_id), None)
        if task is None:
            return False
        task.cancel()
        return await self._tell(self._query(press_id), text, url)

    async def aclose(self) -> None:
        """Acknowledge nothing more."""
        tasks = tuple(self._waiting.values())
        self._waiting.clear()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _give_up(self, query_id: str) -> None:
        await self._line.clock.sleep(PATIENCE_S)
        self._waiting.pop(query_id, None)
        await self._tell(query_id, "", "")

    async def _tell(self, query_id: str, text: str, url: str) -> bool:
        async def tell(_: str) -> bool:
            try:
                return await self._line.bot.answer_callback_query(
                    query_id, text or None, show_alert=bool(text), url=url or None
                )
            except BadRequest as error:
                if is_saying(error, TOO_OLD):
                    return False  # it has stopped waiting by itself
                raise

        try:
            return await self._line.calls.run(
                query_id, tell, kind=Kind.QUERY, lane=Lane.ACKNOWLEDGE, attempts=3
            )
        except PlatformError as error:
            logger.info("press not acknowledged", reason=str(error))
            return False

    def _query(self, press_id: str) -> str:
        return press_id.removeprefix(PREFIX)
