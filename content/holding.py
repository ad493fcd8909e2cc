"""Posts that are written and wait: when moderators want them to go out."""

from datetime import datetime

import structlog

from bot.clock import Clock
from bot.errors import UserError
from bot.store.holds import HoldRepository
from bot.words import T

__all__ = ["Holding"]

logger = structlog.get_logger(__name__)


class Holding:
    """Holds posts under review, and approved ones, until a time.

    A moderator's word counts more than quiet hours do.
    """

    def __init__(self, holds: HoldRepository, clock: Clock) -> None:
        self._holds = holds
        self._clock = clock
        self.revision = 0  # of what is held, for who shows it

    async def put(self, post_id: str, until_utc: datetime) -> None:
        """Let a post go out at a time, once it is approved.

        Raises:
            UserError: the time is over, or the post does not wait.
        """
        if until_utc <= self._clock.now_utc():
            raise UserError(T("That time is over. Choose one to come."))
        if not await self._holds.put(post_id, until_utc):
            raise UserError(T("This post does not wait any more."))
        self.revision += 1
        logger.info("post held", post=post_id, until=str(until_utc))

    async def until(self, post_id: str) -> datetime | None:
        """Return when a post is to go out; None: nobody said."""
        return await self._holds.get(post_id)
