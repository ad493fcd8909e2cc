"""What moderators can have done on a platform about messages and people."""

from datetime import datetime

from bot.errors import PlatformError, UserError
from bot.messages import Channel, Role
from bot.words import T

__all__ = ["Discipline"]


class Discipline:
    """A platform's measures, none of which is taken unless a moderator wants it."""

    async def role_of(self, channel: Channel, person_id: str) -> Role:
        """Return what somebody may do in a channel now, asked of the platform anew.

        Raises:
            GoneError: they are not there any more, or there is no such channel.
            PlatformError: the platform did not say.
        """
        raise PlatformError(T("I cannot ask this platform who is a moderator."))

    async def delete_message(
        self, channel: Channel, message_id: str, *, reason: str
    ) -> None:
        """Take away what somebody wrote; `reason` is for the platform's own log.

        This and what follows is only done when a moderator wants it.

        Raises:
            UserError: the platform has no such thing.
            GoneError: it is no longer there.
            ForbiddenError: the bot lacks a right; the text says which.
            PlatformError: the platform did not take it.
        """
        raise UserError(T("I cannot take messages of others away on this platform."))

    async def time_out(
        self, channel: Channel, person_id: str, *, until_utc: datetime, reason: str
    ) -> None:
        """Let somebody write nothing in the community of a channel for a while.

        Raises: as `delete_message`, and ForbiddenError where they stand too high.
        """
        raise UserError(T("Nobody can be given a time-out on this platform."))

    async def kick(self, channel: Channel, person_id: str, *, reason: str) -> None:
        """Put somebody out of the community of a channel; they may come back.

        Raises: as `time_out`.
        """
        raise UserError(T("Nobody can be put out on this platform."))

    async def ban(self, channel: Channel, person_id: str, *, reason: str) -> None:
        """Put somebody out of the community of a channel for good.

        Raises: as `time_out`.
        """
        raise UserError(T("Nobody can be banned on this platform."))
