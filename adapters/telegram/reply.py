"""An answer to a message, from the first sign of it to the last word."""

from collections.abc import Callable

from typing_extensions import override

from adapters.live_edit import LiveEdit
from adapters.telegram.drafts import DraftReply
from adapters.telegram.sink import TelegramSink
from adapters.telegram.typing import Typing
from bot.adapter import ReplyStream
from bot.messages import Reply

__all__ = ["TelegramReply"]


class TelegramReply(ReplyStream):
    """Shows typing until it is finished, and the text as it grows.

    `on_end` is called when it is over, however it ends.

    Attributes:
        chat_id: the chat that it is in.
    """

    def __init__(
        self,
        growing: LiveEdit | DraftReply,
        *,
        chat_id: str,
        sink: TelegramSink,
        typing: Typing,
        on_end: Callable[["TelegramReply"], None],
    ) -> None:
        self.chat_id = chat_id
        self._growing = growing
        self._sink = sink
        self._typing = typing
        self._on_end = on_end
        typing.start()

    @override
    async def notice(self, text: str) -> None:
        await self._growing.notice(text)

    @override
    async def feed(self, text: str) -> None:
        await self._growing.feed(text)

    @override
    async def finish(self, reply: Reply) -> tuple[str, ...]:
        self._sink.is_final = True
        try:
            return await self._growing.finish(reply)
        finally:
            await self._typing.stop()
            self._on_end(self)

    async def aclose(self) -> None:
        """Stop at once; `finish` fails."""
        await self._growing.aclose()
        await self._typing.stop()
        self._on_end(self)
