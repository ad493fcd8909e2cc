"""Who may see and steer which schedules: each community its own."""

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.errors import UserError
from bot.messages import Author, Channel, Role
from bot.preferences import community_key
from bot.store.schedules import ScheduleSource, StoredSchedule
from bot.words import T
from content.calendar import Calendar

__all__ = ["Overseer", "ScheduleRights", "check_moderator", "check_own"]


class Overseer(Protocol):
    """Knows who sees to what: `bot.moderators.Moderators`."""

    async def oversees(self, community: str, channel: Channel) -> bool:
        """Return whether what a community has may be dealt with in a channel."""


def check_moderator(by: Author) -> None:
    """Let only moderators go on.

    Raises:
        UserError: it is a member.
    """
    if by.role < Role.MODERATOR:
        raise UserError(T("Only moderators may change schedules."))


def check_own(schedule: StoredSchedule) -> None:
    """Let only what was made by command be changed.

    Raises:
        UserError: it stands in config.toml.
    """
    if schedule.source is ScheduleSource.CONFIG:
        raise UserError(
            T(
                "“{id}” stands in config.toml: the owner of this bot changes it "
                "there. Here it can be paused, resumed and run.",
                id=schedule.id,
            )
        )


class ScheduleRights:
    """Finds the schedules of a community.

    `places` returns the channels of keys, without those that are not there.
    """

    def __init__(
        self,
        *,
        calendar: Calendar,
        desk: Overseer,
        places: Callable[[Sequence[str]], tuple[Channel, ...]],
    ) -> None:
        self._calendar = calendar
        self._desk = desk
        self._places = places

    async def visible(self, by: Author, place: Channel) -> tuple[StoredSchedule, ...]:
        """Return the schedules that may be shown in a channel.

        Those that post into its community; to moderators also those that they oversee
        from there, and to owners all.
        """
        schedules = tuple(entry.schedule for entry in self._calendar.entries)
        if by.role is Role.OWNER:
            return schedules
        return tuple([s for s in schedules if await self._may_see(s, by, place)])

    async def changeable(
        self, schedule_id: str, by: Author, place: Channel
    ) -> StoredSchedule:
        """Return a schedule that a person may steer from a channel.

        Raises:
            UserError: there is none, or it is not theirs to steer.
        """
        check_moderator(by)
        schedule = self._calendar.get(schedule_id)
        if schedule is None:
            raise _unknown(schedule_id)
        if await self.may_steer(schedule, by, place):
            return schedule
        if not await self._may_see(schedule, by, place):
            raise _unknown(schedule_id)  # what others have is not told
        raise UserError(
            T(
                "“{id}” also posts to other communities: only the owner of this bot "
                "may change it.",
                id=schedule_id,
            )
        )

    async def may_steer(
        self, schedule: StoredSchedule, by: Author, place: Channel
    ) -> bool:
        """Return whether a moderator may steer a schedule from a channel."""
        if by.role is Role.OWNER:
            return True
        if schedule.community:
            return await self._desk.oversees(schedule.community, place)
        if len(self._places(schedule.channels)) < len(schedule.channels):
            return False  # who else reads it cannot be told
        for community in self._communities(schedule):
            if not await self._desk.oversees(community, place):
                return False
        return True

    async def _may_see(
        self, schedule: StoredSchedule, by: Author, place: Channel
    ) -> bool:
        if place.key in schedule.channels:
            return True
        if community_key(place) in self._communities(schedule):
            return True
        is_moderator = by.role >= Role.MODERATOR
        return is_moderator and await self.may_steer(schedule, by, place)

    def _communities(self, schedule: StoredSchedule) -> set[str]:
        found = {community_key(place) for place in self._places(schedule.channels)}
        return found | {schedule.community} if schedule.community else found


def _unknown(schedule_id: str) -> UserError:
    return UserError(
        T("There is no schedule “{id}”. /schedule shows them.", id=schedule_id)
    )
