"""A line that stands there while a command works, and goes when it has ended."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog

from bot.adapter import Adapter, ReplyStream
from bot.errors import PlatformError
from bot.messages import Attachment, Button, Message, Press, Reply

__all__ = ["PassingLine", "ShowLine", "pressed_message"]

logger = structlog.get_logger(__name__)

NEVER = datetime.fromtimestamp(0, UTC)
"""Nothing asks when the message came that has a button."""

ShowLine = Callable[[str, tuple[Button, ...], Attachment | None], Awaitable[None]]
"""Shows a text, below it buttons, those of the first text stay, and a picture."""


class PassingLine:
    """Opened with the first text: who waits for nothing sees nothing.

    It goes once the answer is there, which may be for one person alone and may bring
    files: neither can take the place of a line that everybody saw.
    """

    def __init__(self, adapter: Adapter, message: Message) -> None:
        self._adapter = adapter
        self._message = message
        self._stream: ReplyStream | None = None

    async def __aenter__(self) -> "PassingLine":
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._close()

    async def show(
        self,
        text: str,
        buttons: tuple[Button, ...],
        picture: Attachment | None = None,
    ) -> None:
        """Show a text, and a picture, in place of those before. Returns at once."""
        if self._stream is None:
            self._stream = self._adapter.open_reply(self._message, buttons=buttons)
        await self._stream.notice(text, picture)

    async def _close(self) -> None:
        if self._stream is None:
            return
        try:
            await self._stream.finish(Reply(""))
        except PlatformError as error:
            logger.warning("line not taken away", reason=str(error))


def pressed_message(press: Press) -> Message:
    """Return the message that has the button: a line for a press stands below it."""
    return Message(press.message_id, press.channel, press.author, "", NEVER)
