"""Asking Telegram for updates: one after the other, none lost, none twice."""

from collections.abc import Callable
from typing import Any

import structlog
from telegram.error import (
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.telegram.connection import QuietBot, parse_update
from adapters.telegram.errors import map_error
from adapters.telegram.updates import Updates
from bot.clock import Clock
from bot.errors import RateLimitedError
from bot.words import T, Text

__all__ = ["Poller"]

WAIT_S = 30
"""So long Telegram holds a question for updates while there are none."""

LATE_S = 15.0
HAND_IN_S = 2.0
CONFIRM_S = 3.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
CONFLICT_PAUSE_S = 5.0

logger = structlog.get_logger(__name__)


class Poller:
    """Gets updates for as long as its task runs.

    Telegram forgets an update once a later one is asked for: that is done only when
    everything before has been handed in.
    """

    def __init__(
        self,
        bot: QuietBot,
        updates: Updates,
        *,
        clock: Clock,
        tell: Callable[[Text], None],
        wait_s: int = WAIT_S,
    ) -> None:
        self._bot = bot
        self._updates = updates
        self._clock = clock
        self._tell = tell
        self._wait_s = wait_s
        self._pause_s = 0.0
        self._has_rival = False

    async def run(self) -> None:
        """Get updates until cancelled; whatever happens, it goes on."""
        while True:
            try:
                await self._once()
            except TelegramError as error:
                await self._clock.sleep(self._after(error))
            except Exception:
                # The gateway's own loop: without it nothing comes in any more.
                logger.exception("could not take updates")
                await self._clock.sleep(LONGEST_PAUSE_S)

    async def confirm(self) -> None:
        """Tell Telegram, before the end, what has been handed in."""
        if self._updates.next_offset is None:
            return
        try:
            await self._ask(wait_s=0, read_timeout_s=CONFIRM_S)
        except TelegramError as error:
            # It gives them again, and they are known then.
            logger.info("updates not confirmed", reason=str(map_error(error)))

    async def _once(self) -> None:
        found = await self._ask(
            wait_s=self._wait_s, read_timeout_s=self._wait_s + LATE_S
        )
        self._pause_s = 0.0
        if self._has_rival:
            self._has_rival = False
            logger.info("the other program has ended, updates come in again")
        updates = [parse_update(raw, self._bot) for raw in found]
        self._updates.take_all([update for update in updates if update is not None])
        if found:
            self._updates.note_newest(max(int(raw["update_id"]) for raw in found))
        await self._updates.settled(within_s=HAND_IN_S)

    async def _ask(self, *, wait_s: int, read_timeout_s: float) -> list[dict[str, Any]]:
        return await self._bot.read_updates(
            offset=self._updates.next_offset,
            kinds=self._updates.kinds,
            wait_s=wait_s,
            read_timeout_s=read_timeout_s,
        )

    def _after(self, error: TelegramError) -> float:
        """Say what went wrong, once, and return how long to wait."""
        if isinstance(error, Conflict):
            self._name_rival(error)
            return CONFLICT_PAUSE_S
        if isinstance(error, RetryAfter):
            mapped = map_error(error)
            return mapped.retry_after_s if isinstance(mapped, RateLimitedError) else 1.0
        if isinstance(error, TimedOut) and self._pause_s == 0.0:
            self._pause_s = FIRST_PAUSE_S
            return 0.0
        if self._pause_s == 0.0 or isinstance(error, InvalidToken):
            logger.warning("no updates from Telegram", reason=str(map_error(error)))
        self._pause_s = min(max(FIRST_PAUSE_S, 2 * self._pause_s), LONGEST_PAUSE_S)
        if isinstance(error, InvalidToken) or not isinstance(error, NetworkError):
            return LONGEST_PAUSE_S
        return self._pause_s

    def _name_rival(self, error: Conflict) -> None:
        if self._has_rival:
            return
        self._has_rival = True
        text = T(
            "Another program asks Telegram for this bot's messages at the same time, "
            "and only one gets them. Stop the other one, or give this one a token of "
            "its own (@BotFather, /newbot). I try again every few seconds."
        )
        logger.error("second poller", reason=str(text))
        self._tell(text)
