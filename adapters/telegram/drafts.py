"""An answer in a private chat while it grows: a draft, and then the message."""

import asyncio
import secrets
from collections.abc import Callable

import structlog
from telegram.error import EndPointNotFound, InvalidToken
from typing_extensions import override

from adapters.live_edit import LiveEdit
from adapters.splitter import Splitter
from adapters.telegram.calls import Kind
from adapters.telegram.limits import LIMITS
from adapters.telegram.line import Line
from adapters.telegram.markup import render
from adapters.telegram.place import Place
from adapters.telegram.sink import TelegramSink
from bot.adapter import ReplyStream
from bot.errors import PlatformError, RateLimitedError
from bot.messages import Button, Reply

__all__ = ["DraftReply"]

REFRESH_S = 20.0
"""Telegram shows a draft for thirty seconds: one that stands still is sent again."""

STOP_AFTER_S = 3.0
"""Who waits longer gets a button to stop it: drafts themselves have none."""

PAUSE_S = 2.0

NO_DRAFTS = (InvalidToken, EndPointNotFound)
"""What a Bot API server that is too old for drafts says: there is no such method."""

logger = structlog.get_logger(__name__)


class DraftReply(ReplyStream):
    """Shows what is fed as a draft; `finish` sends the whole as messages.

    A draft shows the last part of a text that is longer than a message. It is a sign
    only: where it cannot be shown the answer comes all the same. The Stop button comes
    in a small message of its own, without a sound, which goes when the answer is there.
    """

    def __init__(
        self,
        line: Line,
        place: Place,
        *,
        final: LiveEdit,
        sink: TelegramSink,
        buttons: tuple[Button, ...],
        on_missing: Callable[[], None],
        interval_s: float = 1.0,
        stop_after_s: float = STOP_AFTER_S,
    ) -> None:
        self._line = line
        self._place = place
        self._final = final
        self._sink = sink
        self._buttons = buttons
        self._on_missing = on_missing
        self._interval_s = interval_s
        self._stop_after_s = stop_after_s
        self._draft_id = secrets.randbelow(2**31 - 1) + 1
        self._splitter = Splitter(LIMITS)
        self._notice = ""
        self._last_piece = ""
        self._is_long = False
        self._changed = asyncio.Event()
        self._stop_id = ""
        self._tasks: list[asyncio.Task[None]] = []
        self._is_ended = False

    @override
    async def notice(self, text: str) -> None:
        self._notice = text
        self._show()

    @override
    async def feed(self, text: str) -> None:
        for piece in self._splitter.feed(text):
            self._last_piece, self._is_long = piece, True
        self._show()

    @override
    async def finish(self, reply: Reply) -> tuple[str, ...]:
        await self._end()
        try:
            return await self._final.finish(reply)
        finally:
            await self._take_stop_away()

    async def aclose(self) -> None:
        """Stop at once; `finish` fails."""
        await self._end()
        await self._final.aclose()

    def _show(self) -> None:
        self._changed.set()
        if not (self._tasks or self._is_ended):
            loop = asyncio.get_running_loop()
            self._tasks.append(loop.create_task(self._keep_showing()))
            if self._buttons:
                self._tasks.append(loop.create_task(self._offer_stop()))

    async def _end(self) -> None:
        self._is_ended = True
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _keep_showing(self) -> None:
        while True:
            self._changed.clear()
            try:
                await self._send(self._text())
            except RateLimitedError as error:
                await self._line.clock.sleep(error.retry_after_s)
                continue
            except PlatformError as error:
                logger.info("draft not shown", reason=str(error))
                if isinstance(error.__cause__, NO_DRAFTS):
                    self._on_missing()
                    return
                await self._line.clock.sleep(PAUSE_S)
            await self._line.clock.sleep(self._interval_s)
            await self._wait_changed()

    async def _wait_changed(self) -> None:
        """Wait until there is more to show, or the draft would vanish."""
        waiting = asyncio.ensure_future(self._changed.wait())
        refresh = asyncio.ensure_future(self._line.clock.sleep(REFRESH_S))
        try:
            await asyncio.wait({waiting, refresh}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            refresh.cancel()

    def _text(self) -> str:
        rest = [piece for piece in self._splitter.peek() if piece.strip()]
        if rest:
            return f"…\n{rest[-1]}" if self._is_long or len(rest) > 1 else rest[-1]
        return self._last_piece or self._notice

    async def _send(self, text: str) -> None:
        rendered = render(text) if text.strip() else render("…")

        async def draft(here: str) -> None:
            await self._line.bot.send_message_draft(
                int(here),
                self._draft_id,
                rendered.text,
                message_thread_id=self._place.thread_id,
                entities=rendered.to_telegram(),
            )

        await self._line.calls.run(self._place.chat_id, draft, kind=Kind.DRAFT)

    async def _offer_stop(self) -> None:
        await self._line.clock.sleep(self._stop_after_s)
        small = Reply("…", self._buttons)
        try:
            self._stop_id = await self._sink.send(small, nonce="stop")
        except PlatformError as error:
            logger.info("stop button not shown", reason=str(error))

    async def _take_stop_away(self) -> None:
        if not self._stop_id:
            return
        try:
            await self._sink.delete(self._stop_id)
        except PlatformError as error:
            logger.info("stop button not taken away", reason=str(error))
