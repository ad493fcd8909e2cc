"""A line that stands there while a command works, and goes when it has ended."""

from collections.abc import Awaitable, Callable

import structlog

from bot.adapter import Adapter, ReplyStream
from bot.errors import PlatformError
from bot.messages import Button, Message, Reply

__all__ = ["PassingLine", "ShowLine"]

logger = structlog.get_logger(__name__)

ShowLine = Callable[[str, tuple[Button, ...]], Awaitable[None]]
"""Shows a text, and below it buttons; those of the first text stay."""


class PassingLine:
    """Opened with the first text: who waits for nothing sees nothing.

    It goes once the answer is there, which may be for one person alone and may bring
    files: neither can take the place of a line that everybody saw.
    """

    def __init__(self, adapter: Adapter, message: Message) -> None:
        self._adapter = adapter
        self._message = message
        self._stream: ReplyStream | None = None

    async def show(self, text: str, buttons: tuple[Button, ...]) -> None:
        """Show a text in place of the one before. Returns at once."""
        if self._stream is None:
            self._stream = self._adapter.open_reply(self._message, buttons=buttons)
        await self._stream.notice(text)

    async def close(self) -> None:
        """Take it away."""
        if self._stream is None:
            return
        try:
            await self._stream.finish(Reply(""))
        except PlatformError as error:
            logger.warning("line not taken away", reason=str(error))
