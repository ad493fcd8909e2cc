"""An answer on Discord while it grows: its messages, typing, a sign of waiting."""

import asyncio
from collections.abc import Callable, Coroutine

import structlog
from typing_extensions import override

from adapters.discord.outbox import Outbox
from adapters.live_edit import LiveEdit
from bot.adapter import ReplyStream
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import Attachment, Channel, Message, Reply

__all__ = ["DiscordReply", "Typing", "WaitingSign"]

logger = structlog.get_logger(__name__)

TYPING_S = 8.0
"""So often typing is shown anew; it lasts for ten seconds."""

LONGEST_TYPING_S = 900.0
"""An answer that has not begun by then shows typing no longer."""

WAITING = "⏳"


class Typing:
    """Shows that the bot is at it, until it is stopped."""

    def __init__(self, outbox: Outbox, place: Channel, clock: Clock) -> None:
        self._outbox = outbox
        self._place = place
        self._clock = clock
        self._task = asyncio.create_task(self._keep_on())

    def stop(self) -> None:
        """Show it no longer; more than once without harm."""
        self._task.cancel()

    async def closed(self) -> None:
        """Stop, and wait until it has."""
        self._task.cancel()
        await asyncio.wait({self._task})

    async def _keep_on(self) -> None:
        end_s = self._clock.monotonic() + LONGEST_TYPING_S
        while self._clock.monotonic() < end_s:
            try:
                await self._outbox.type(self._place)
            except PlatformError as error:
                logger.debug("typing not shown", reason=str(error))
            await self._clock.sleep(TYPING_S)


class WaitingSign:
    """A sign under a question that waits, taken away again when it is answered."""

    def __init__(self, outbox: Outbox, place: Channel, message_id: str) -> None:
        self._outbox = outbox
        self._place = place
        self._message_id = message_id
        self._is_shown = False
        self._is_closed = False
        self._task: asyncio.Task[None] | None = None

    def show(self) -> None:
        """Put it there, once."""
        if self._task is None:
            self._task = asyncio.create_task(self._put())

    def hide(self) -> asyncio.Task[None] | None:
        """Take it away; return the work, None where there is none."""
        if self._task is None or self._is_closed:
            return None
        return asyncio.create_task(self._take(self._task))

    async def closed(self) -> None:
        """Leave it as it is and do nothing more."""
        self._is_closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _put(self) -> None:
        if await self._tried(
            self._outbox.react(self._place, self._message_id, WAITING)
        ):
            self._is_shown = True

    async def _take(self, putting: asyncio.Task[None]) -> None:
        await asyncio.wait({putting})
        if self._is_shown:
            self._is_shown = False
            await self._tried(
                self._outbox.unreact(self._place, self._message_id, WAITING)
            )

    async def _tried(self, call: Coroutine[None, None, None]) -> bool:
        try:
            await call
        except PlatformError as error:
            logger.debug("sign not changed", reason=str(error))
            return False
        return True


class DiscordReply(ReplyStream):
    """An answer to a message.

    Attributes:
        message: what is answered.
        typing: None where "thinking" is shown anyway.
        sign: None where there is no message to put it under.
        shaped: makes a file of a text that reads better as one.
        on_end: called once, when there is nothing more to come.
    """

    def __init__(
        self,
        message: Message,
        live: LiveEdit,
        *,
        typing: Typing | None,
        sign: WaitingSign | None,
        shaped: Callable[[Reply], Reply],
        on_end: Callable[["DiscordReply", asyncio.Task[None] | None], None],
    ) -> None:
        self.message = message
        self._live = live
        self._typing = typing
        self._sign = sign
        self._shaped = shaped
        self._on_end = on_end

    @override
    async def notice(self, text: str, picture: Attachment | None = None) -> None:
        if self._sign is not None:
            self._sign.show()
        await self._live.notice(text, picture)

    @override
    async def feed(self, text: str) -> None:
        self._stop_typing()
        await self._live.feed(text)

    @override
    async def finish(self, reply: Reply) -> tuple[str, ...]:
        self._stop_typing()
        try:
            return await self._live.finish(self._shaped(reply))
        finally:
            self._on_end(self, self._sign.hide() if self._sign is not None else None)

    async def aclose(self) -> None:
        """Stop at once."""
        if self._typing is not None:
            await self._typing.closed()
        if self._sign is not None:
            await self._sign.closed()
        await self._live.aclose()

    def _stop_typing(self) -> None:
        if self._typing is not None:
            self._typing.stop()
