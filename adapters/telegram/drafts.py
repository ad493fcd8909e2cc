"""A private chat as a live reply needs it: what grows is a draft, then a message."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace

import structlog
from telegram.error import EndPointNotFound, InvalidToken
from typing_extensions import override

from adapters.telegram.calls import Kind
from adapters.telegram.line import Line
from adapters.telegram.markup import render
from adapters.telegram.place import Place
from adapters.telegram.sink import TelegramSink
from bot.errors import PlatformError, RateLimitedError
from bot.messages import Button, Reply

__all__ = ["NO_BUTTON", "DraftSink"]

REFRESH_S = 20.0
"""Telegram shows a draft for thirty seconds: one that stands still is sent again."""

DRAFT = "draft:"
NO_BUTTON = Button("", "")
"""Under each draft, where it is not seen: so the message is never the same as that."""

NO_DRAFTS = (InvalidToken, EndPointNotFound)
"""What a Bot API server that is too old for drafts says: there is no such method."""

logger = structlog.get_logger(__name__)


class DraftSink(TelegramSink):
    """Shows the message that grows as a draft, and sends it when it has grown.

    That is when the next one begins or, with `is_final`, when it is given its last
    text. Drafts have no pictures: what passes with one is a message at once. A draft
    is only a sign: where it cannot be shown the message still comes.

    `on_missing` is called where the server knows no drafts.
    """

    def __init__(
        self, line: Line, place: Place, *, on_missing: Callable[[], None]
    ) -> None:
        super().__init__(line, place)
        self._on_missing = on_missing
        self._draft_id = secrets.randbelow(2**31 - 1) + 1
        self._num_drafts = 0
        self._current = ""
        self._contents = Reply("")
        self._real: dict[str, str] = {}
        self._is_missing = False
        self._refreshing: asyncio.Task[None] | None = None

    @override
    async def send(self, message: Reply, *, nonce: str) -> str:
        await self._save(self._contents)
        if self.is_final or self._is_missing or message.attachments:
            return await super().send(_without_mark(message), nonce=nonce)
        await self._show(message.text)
        self._num_drafts += 1
        self._current, self._contents = f"{DRAFT}{self._num_drafts}", message
        return self._current

    @override
    async def edit(self, message_id: str, message: Reply) -> None:
        if message_id != self._current:
            message_id = self._real.get(message_id, message_id)
            await super().edit(message_id, _without_mark(message))
            return
        answered = message.reply_to_id or self._contents.reply_to_id
        contents = replace(message, reply_to_id=answered)
        if message.attachments and not self.is_final:
            await self._save(contents)
            return
        self._contents = contents
        if self.is_final:
            await self._save(contents)
        else:
            await self._show(message.text)

    @override
    async def delete(self, message_id: str) -> None:
        if message_id == self._current:
            self._current = ""
            await self._end_refreshing()
            await self._draw("")
            return
        await super().delete(self._real.get(message_id, message_id))

    def real_id(self, message_id: str) -> str:
        """Return Telegram's id of what was a draft once."""
        return self._real.get(message_id, message_id)

    async def aclose(self) -> None:
        """Show the draft no longer than Telegram does by itself."""
        await self._end_refreshing()

    async def _save(self, contents: Reply) -> None:
        """Send the message that the draft has become, if there is one."""
        if self._current:
            await self._end_refreshing()
            contents = _without_mark(contents)
            if not (self.is_final or contents.attachments):
                contents = replace(contents, buttons=())
            draft, nonce = self._current, self._current
            self._real[draft] = await super().send(contents, nonce=nonce)
            self._current = ""

    async def _show(self, text: str) -> None:
        await self._draw(text)
        await self._end_refreshing()
        loop = asyncio.get_running_loop()
        self._refreshing = loop.create_task(self._refresh(text))

    async def _refresh(self, text: str) -> None:
        while True:
            await self._line.clock.sleep(REFRESH_S)
            try:
                await self._draw(text)
            except RateLimitedError as error:
                await self._line.clock.sleep(error.retry_after_s)

    async def _end_refreshing(self) -> None:
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.wait({self._refreshing})
            self._refreshing = None

    async def _draw(self, text: str) -> None:
        rendered = render(text)

        async def draw(here: str) -> None:
            await self._line.bot.send_message_draft(
                int(here),
                self._draft_id,
                rendered.text,
                message_thread_id=self._place.thread_id,
                entities=rendered.to_telegram(),
            )

        try:
            await self._turns.soon(draw, Kind.DRAFT)
        except RateLimitedError:
            raise
        except PlatformError as error:
            logger.info("draft not shown", reason=str(error))
            if isinstance(error.__cause__, NO_DRAFTS) and not self._is_missing:
                self._is_missing = True
                self._on_missing()


def _without_mark(message: Reply) -> Reply:
    buttons = tuple(button for button in message.buttons if button is not NO_BUTTON)
    return replace(message, buttons=buttons)
