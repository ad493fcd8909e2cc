"""An answer to a message, from the first sign of it to the last word."""

import asyncio
from collections.abc import Callable

from typing_extensions import override

from adapters.live_edit import LiveEdit
from adapters.telegram.drafts import DraftSink
from adapters.telegram.layout import laid_out
from adapters.telegram.sink import TelegramSink
from adapters.telegram.stop_offer import StopOffer
from adapters.telegram.typing import Typing
from bot.adapter import ReplyStream
from bot.messages import Attachment, Reply

__all__ = ["TelegramReply"]


class TelegramReply(ReplyStream):
    """Shows typing until it is finished, and the text as it grows.

    `on_end` is called when it is over, however it ends.

    Attributes:
        chat_id: the chat that it is in.
    """

    def __init__(
        self,
        live: LiveEdit,
        *,
        chat_id: str,
        sink: TelegramSink,
        typing: Typing,
        stop_offer: StopOffer | None,
        on_end: Callable[["TelegramReply"], None],
    ) -> None:
        self.chat_id = chat_id
        self._live = live
        self._sink = sink
        self._typing = typing
        self._stop_offer = stop_offer
        self._on_end = on_end
        typing.start()
        if stop_offer is not None:
            stop_offer.start()

    @override
    async def notice(self, text: str, picture: Attachment | None = None) -> None:
        if picture is not None and self._stop_offer is not None:
            self._stop_offer.withdraw()  # a message with a picture has the buttons
        await self._live.notice(text, picture)

    @override
    async def feed(self, text: str) -> None:
        await self._live.feed(text)

    @override
    async def finish(self, reply: Reply) -> tuple[str, ...]:
        try:
            shown = await asyncio.to_thread(laid_out, reply)
            self._sink.is_final = True
            ids = await self._live.finish(shown)
        finally:
            await self._end()
            if self._stop_offer is not None:
                await self._stop_offer.stop()
        if isinstance(self._sink, DraftSink):
            return tuple(map(self._sink.real_id, ids))
        return ids

    async def aclose(self) -> None:
        """Stop at once; `finish` fails."""
        await self._live.aclose()
        await self._end()
        if self._stop_offer is not None:
            await self._stop_offer.abandon()

    async def _end(self) -> None:
        await self._typing.stop()
        if isinstance(self._sink, DraftSink):
            await self._sink.aclose()
        self._on_end(self)
