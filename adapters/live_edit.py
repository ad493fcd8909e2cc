"""Show an answer while it grows, by editing messages under a platform's limits."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

import structlog
from typing_extensions import override

from adapters.message_sink import MessageSink
from adapters.shown import Shown, looks_like
from adapters.splitter import Splitter, as_messages, split, split_reply
from bot.adapter import Limits, ReplyStream
from bot.clock import Clock
from bot.errors import GoneError, NetworkError, PlatformError, RateLimitedError
from bot.messages import Attachment, Button, Reply
from bot.words import T

__all__ = ["MAX_FAILURES", "PATIENCE_S", "LiveEdit"]

logger = structlog.get_logger(__name__)

MAX_FAILURES = 6
"""So many calls in a row may fail before an answer is given up."""

PATIENCE_S = 900.0
"""So long `finish` waits, in all, for a platform that asks to wait."""

SLOWEST_S = 30.0
"""The longest pause between two edits, and between two tries."""

ROUNDING_S = 1e-6
"""A shorter wait than this is only a rounding error of the clock's sums."""

UNKNOWN = Reply("")
"""Stands for the contents of a message that may have one of several."""

PLACEHOLDER = Reply("…")


@dataclass(frozen=True, slots=True)
class _Call:
    ready_s: float
    make: Callable[[], Awaitable[None]]


class LiveEdit(ReplyStream):
    """An answer as messages that are edited while it grows.

    One call at a time is made, by a task that lives only while there is something to
    show; what is fed meanwhile is shown together with the next call. Two edits of a
    message keep the platform's interval, a longer one after it has asked to wait.
    Failures while the answer grows are put off: `finish` tries again and raises.

    Attributes:
        sink: the platform's calls, already bound to a channel.
        can_edit: False shows everything at `finish`, and notices never.
        buttons: shown under the last message while the answer grows.
        reply_to_id: the message that is answered.
    """

    def __init__(
        self,
        sink: MessageSink,
        *,
        limits: Limits,
        clock: Clock,
        can_edit: bool = True,
        buttons: tuple[Button, ...] = (),
        reply_to_id: str | None = None,
    ) -> None:
        self._sink = sink
        self._limits = limits
        self._clock = clock
        self._can_edit = can_edit
        self._frame = Reply("", buttons, reply_to_id=reply_to_id)
        self._splitter = Splitter(limits)
        self._pieces: list[str] = []
        self._notice = ""
        self._picture: Attachment | None = None
        self._takes_pictures = True
        self._is_pictured = False  # what is shown may have a notice's picture
        self._final: list[Reply] | None = None
        self._wanted: list[Reply] | None = None  # None: to be worked out again
        self._shown: list[Shown] = []
        self._surplus: list[str] = []  # ids of messages to take away
        self._unsure: Reply | None = None  # was sent, and perhaps arrived
        self._stem = secrets.token_hex(8)
        self._num_sent = 0
        self._interval_s = limits.edit_interval_s
        self._not_before_s = 0.0
        self._give_up_s = 0.0
        self._num_failures = 0
        self._is_stuck = False
        self._is_closed = False
        self._is_waiting = False
        self._task: asyncio.Task[None] | None = None

    @override
    async def notice(self, text: str, picture: Attachment | None = None) -> None:
        self._notice = next(iter(split(text, self._limits)), "")
        self._picture = picture if self._takes_pictures else None
        self._changed()

    @override
    async def feed(self, text: str) -> None:
        self._pieces += self._splitter.feed(text)
        self._changed()

    @override
    async def finish(self, reply: Reply) -> tuple[str, ...]:
        self._final = self._wanted = split_reply(reply, self._limits)
        self._picture = None
        self._give_up_s = self._clock.monotonic() + PATIENCE_S
        self._num_failures = 0
        if self._is_waiting:
            await self._cancel()  # it may wait for longer than `finish` would
        if self._is_closed:
            raise _closed()
        try:
            await self._begin()
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if self._is_closed and caller is not None and not caller.cancelling():
                raise _closed() from None
            raise
        return tuple(shown.id for shown in self._shown)

    async def aclose(self) -> None:
        """Stop at once; what is shown stays as it is, and `finish` fails."""
        self._is_closed = True
        await self._cancel()

    async def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def _changed(self) -> None:
        if self._final is None:
            self._wanted = None
            if self._can_edit and not (self._is_stuck or self._is_closed):
                self._begin()

    def _begin(self) -> asyncio.Task[None]:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return self._task

    async def _work(self) -> None:
        while (call := self._next_call()) is not None:
            delay_s = call.ready_s - self._clock.monotonic()
            if self._final is not None and call.ready_s > self._give_up_s:
                raise RateLimitedError(delay_s)
            if delay_s > ROUNDING_S:
                # Look again afterwards: more may have come meanwhile.
                self._is_waiting = True
                try:
                    await self._clock.sleep(delay_s)
                finally:
                    self._is_waiting = False
                continue
            try:
                await call.make()
            except PlatformError as error:
                self._put_off(error)
                if self._num_failures >= MAX_FAILURES:
                    if self._final is not None:
                        raise
                    logger.warning("live reply stopped growing", reason=str(error))
                    self._is_stuck = True
                    return
            else:
                self._num_failures = 0

    def _put_off(self, error: PlatformError) -> None:
        now_s = self._clock.monotonic()
        if isinstance(error, RateLimitedError):
            slower_s = 2 * max(self._interval_s, 0.5)
            self._interval_s = min(slower_s, max(SLOWEST_S, self._interval_s))
            self._not_before_s = now_s + max(error.retry_after_s, 0.1)
            logger.info("live reply has to wait", seconds=error.retry_after_s)
        elif isinstance(error, NetworkError):
            self._num_failures += 1
            pause_s = min(2.0 ** (self._num_failures - 1), SLOWEST_S)
            self._not_before_s = now_s + pause_s
        elif self._picture is not None and not isinstance(error, GoneError):
            logger.info("notice goes on without a picture", reason=str(error))
            self._takes_pictures, self._picture = False, None
            self._changed()
        else:
            self._num_failures = MAX_FAILURES  # it would be refused again

    def _next_call(self) -> _Call | None:
        """Return the first difference between what is wanted and what is shown."""
        wanted = self._messages()
        has_picture = self._final is None and any(one.attachments for one in wanted)
        if self._is_pictured and not has_picture:
            # Not every platform takes pictures out of messages: it goes with its own.
            if self._unsure is not None:
                return _Call(self._not_before_s, partial(self._send, PLACEHOLDER))
            self._surplus += [shown.id for shown in self._shown]
            self._shown, self._is_pictured = [], False
        for index, message in enumerate(wanted):
            if index == len(self._shown):
                return _Call(self._not_before_s, partial(self._send, message))
            shown = self._shown[index]
            if shown.contents is None or not looks_like(shown.contents, message):
                if not self._can_edit:
                    del self._shown[index:]  # stays readable, with the rest below it
                    return _Call(self._not_before_s, partial(self._send, message))
                is_final = self._final is not None
                pause_s = self._limits.edit_interval_s if is_final else self._interval_s
                ready_s = max(self._not_before_s, shown.touched_s + pause_s)
                return _Call(ready_s, partial(self._edit, shown, message))
        if self._unsure is not None and self._can_edit:
            # It may be there with a text that was taken back: ask for its id. The
            # same nonce does not send twice, or else sends only the placeholder.
            return _Call(self._not_before_s, partial(self._send, PLACEHOLDER))
        while self._can_edit and len(self._shown) > len(wanted):
            self._surplus.append(self._shown.pop().id)
        if self._surplus:
            return _Call(self._not_before_s, partial(self._delete, self._surplus[-1]))
        return None

    def _messages(self) -> list[Reply]:
        if self._wanted is None:
            texts = [*self._pieces, *self._splitter.peek()]
            frame = self._frame
            if not any(text.strip() for text in texts):
                texts = [self._notice]
                if self._picture is not None and self._notice.strip():
                    frame = replace(frame, attachments=(self._picture,))
            self._wanted = as_messages(texts, frame, self._limits)
        return self._wanted

    async def _send(self, message: Reply) -> None:
        unsure = self._unsure
        is_known = unsure is None or looks_like(unsure, message)
        self._is_pictured |= self._final is None and bool(message.attachments)
        nonce = f"{self._stem}.{self._num_sent}"
        try:
            message_id = await self._sink.send(message, nonce=nonce)
        except NetworkError:
            self._unsure = message if is_known else UNKNOWN
            raise
        self._unsure = None
        self._num_sent += 1
        contents = message if is_known or not self._can_edit else None
        self._shown.append(Shown(message_id, contents, self._clock.monotonic()))

    async def _edit(self, shown: Shown, message: Reply) -> None:
        self._is_pictured |= self._final is None and bool(message.attachments)
        known = shown.contents
        if known is not None and known.attachments == message.attachments:
            change = replace(message, attachments=())  # it keeps them
        else:
            change = message
        try:
            await self._sink.edit(shown.id, change)
        except RateLimitedError:
            raise
        except NetworkError:
            shown.contents = None
            raise
        except PlatformError as error:
            self._abandon(shown, is_gone=isinstance(error, GoneError))
            if self._final is None or self._num_failures >= MAX_FAILURES:
                raise
            logger.info("reply is sent anew", reason=str(error))
        else:
            shown.contents = message
        finally:
            shown.touched_s = self._clock.monotonic()

    def _abandon(self, shown: Shown, *, is_gone: bool) -> None:
        """Forget a message that cannot be edited, and those behind it: order matters.

        Those that are still there are taken away once their text is shown anew.
        """
        index = self._shown.index(shown)
        first = index + 1 if is_gone else index
        self._surplus += [later.id for later in reversed(self._shown[first:])]
        del self._shown[index:]

    async def _delete(self, message_id: str) -> None:
        try:
            await self._sink.delete(message_id)
        except (RateLimitedError, NetworkError):
            raise
        except PlatformError as error:
            if not isinstance(error, GoneError):
                logger.warning("message not taken away", reason=str(error))
        self._surplus.remove(message_id)


def _closed() -> PlatformError:
    return PlatformError(T("The connection to the platform was closed."))
