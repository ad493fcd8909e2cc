"""How long the calls of a chat wait for their turn: soon, or until they are made."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from adapters.governor import Lane
from adapters.telegram.calls import Kind
from adapters.telegram.errors import NotSentError
from adapters.telegram.line import Line
from adapters.telegram.place import Place
from bot.errors import RateLimitedError

R = TypeVar("R")

__all__ = ["Turns"]

LIVE_WAIT_S = 1.0
"""An answer that grows waits for a slot no longer than this: finished ones go first."""

LIVE_DEADLINE_S = 2.0
LIVE_AGAIN_S = 3.0
RECONNECT_S = 300.0
"""So long a finished answer waits for the network to come back."""

LONGEST_PAUSE_S = 15.0


@dataclass(frozen=True, slots=True)
class Turns:
    """Makes the calls of a chat.

    Attributes:
        is_watched: whether moderators are told of a right that is missing.
    """

    line: Line
    place: Place
    lane: Lane
    is_watched: bool

    async def patiently(self, call: Callable[[str], Awaitable[R]], kind: Kind) -> R:
        """Make a call for what is finished: it waits for a network that is down."""
        waited_s, pause_s = 0.0, 1.0
        while True:
            try:
                return await self._call(call, kind)
            except NotSentError:
                if waited_s >= RECONNECT_S:
                    raise
                await self.line.clock.sleep(pause_s)
                waited_s += pause_s
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def soon(self, call: Callable[[str], Awaitable[R]], kind: Kind) -> R:
        """Make a call that shows an answer while it grows, soon or not at all.

        How long Telegram asks to wait is the governor's business: here it only means to
        look again later, so that the end of the answer is not held up.
        """
        try:
            return await self._call(call, kind, deadline_s=LIVE_DEADLINE_S)
        except RateLimitedError as error:
            pause_s = min(error.retry_after_s, LIVE_AGAIN_S)
            raise RateLimitedError(pause_s) from error

    def give_way(self) -> None:
        """Let an answer that still grows wait, rather than stand in others' way.

        Raises:
            RateLimitedError: there is no slot just now.
        """
        if self.line.calls.busy_s(self.place.chat_id, Kind.LIVE) > LIVE_WAIT_S:
            raise RateLimitedError(LIVE_AGAIN_S)

    async def _call(
        self,
        call: Callable[[str], Awaitable[R]],
        kind: Kind,
        *,
        deadline_s: float | None = None,
    ) -> R:
        return await self.line.calls.run(
            self.place.chat_id,
            call,
            kind=kind,
            lane=self.lane,
            deadline_s=deadline_s,
            is_watched=self.is_watched,
        )
