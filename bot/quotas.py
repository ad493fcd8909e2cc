"""How much each may ask of the models in a day, and how much of it is left."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from bot.commands.command import Command, CommandContext
from bot.config_quota import QuotaConfig
from bot.errors import StoreError, UserError
from bot.generation.requests import Owner
from bot.identities import Linked, alone
from bot.messages import Author, Channel, Role
from bot.owner import owner_of
from bot.preferences import SettingsStore
from bot.store.usage import Usage, UsageRepository
from bot.tasks import Tasks
from bot.words import T, Text

__all__ = ["Limit", "Limits", "Quotas", "Used"]

logger = structlog.get_logger(__name__)


class Limit(StrEnum):
    """What is limited; how a community's own limit is called in the settings."""

    REQUESTS = "quota.requests"
    """A person's answers and pictures a day."""
    SECONDS = "quota.seconds"
    """A person's seconds of work a day."""
    COMMUNITY_REQUESTS = "quota.community_requests"
    """All answers and pictures of the community a day."""
    COMMUNITY_SECONDS = "quota.community_seconds"
    """All seconds of work for the community a day."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts in a community; 0: no limit.

    Attributes:
        is_own: the community has set a limit for people itself: then only what they
            ask there counts, else what they ask everywhere.
    """

    requests: int
    seconds: int
    community_requests: int
    community_seconds: int
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Used:
    """What a person and their community have used today, as the limits count it."""

    person: Usage
    community: Usage
    limits: Limits


class Quotas:
    """Limits by community, and the sums of today.

    Each request of the engine is one row written when it has ended; what still runs is
    counted from memory.
    """

    def __init__(
        self,
        config: QuotaConfig,
        settings: SettingsStore,
        repository: UsageRepository,
        *,
        clock: Clock,
        zone: ZoneInfo,
        tasks: Tasks,
        linked: Linked = alone,
    ) -> None:
        self._config = config
        self._settings = settings
        self._repository = repository
        self._clock = clock
        self._zone = zone
        self._tasks = tasks
        self._linked = linked
        self._running: Counter[Owner] = Counter()

    @property
    def today(self) -> str:
        """The day that counts now, in the bot's time zone."""
        return f"{self._local():%Y-%m-%d}"

    async def limits_of(self, community: str) -> Limits:
        """Return the limits in a community, given by its key."""
        lines = {one: await self._settings.get(community, one) for one in Limit}
        return self._limits({one: line or "" for one, line in lines.items()})

    async def set(self, community: str, limit: Limit, value: int | None) -> None:
        """Choose a limit of a community; 0: none; None: that of the settings again.

        Raises:
            UserError: less than nothing.
        """
        if value is not None and value < 0:
            raise UserError(T("A limit is 0, for none, or more."))
        line = "" if value is None else str(value)
        await self._settings.set(community, limit, line)

    async def used(self, channel: Channel, author: Author) -> Used:
        """Return what a person and their community have used today, and may."""
        place = owner_of(channel, author).community
        accounts = await self._linked(channel.platform, author.id)
        people = {f"{platform}:{person_id}" for platform, person_id in accounts}
        standing = await self._repository.standing(self.today, place, people)
        limits = self._limits(standing.limits)
        person = standing.here if limits.is_own else standing.everywhere
        return Used(
            person + self._runs(people, place if limits.is_own else ""),
            standing.community + self._runs((), place),
            limits,
        )

    async def admit(self, command: Command, context: CommandContext) -> None:
        """Let a command run that makes nothing, or whose person has something left.

        Raises:
            UserError: it is used up; the text says until when.
        """
        if command.makes is None:
            return
        spent = await self.spent(context.channel, context.author)
        if spent is not None:
            raise UserError(spent)

    async def spent(self, channel: Channel, author: Author) -> Text | None:
        """Return what to say where nothing is left for today; None: there is."""
        if author.role >= Role.MODERATOR:
            return None
        used = await self.used(channel, author)
        limits, again = used.limits, self.begins_anew()
        if _is_over(used.person, limits.requests, limits.seconds):
            return T(
                "You have used what one person may use of me in a day. It begins anew "
                "at midnight ({again}, {zone}). /usage shows more.",
                again=f"{again:%Y-%m-%d %H:%M}",
                zone=self._zone.key,
            )
        if _is_over(
            used.community, limits.community_requests, limits.community_seconds
        ):
            return T(
                "This community has used what it may use of me in a day. It begins "
                "anew at midnight ({again}, {zone}).",
                again=f"{again:%Y-%m-%d %H:%M}",
                zone=self._zone.key,
            )
        return None

    def begins_anew(self) -> datetime:
        """Return the next midnight in the bot's time zone."""
        day = self._local().date() + timedelta(days=1)
        return datetime.combine(day, time(), self._zone)

    def begun(self, owner: Owner) -> None:
        """Note that a request waits or runs."""
        if _is_persons(owner):
            self._running[owner] += 1

    def ended(self, owner: Owner, seconds: float, *, counts: bool) -> None:
        """Note that a request is over; one that failed, or never ran, does not count.

        The seconds count in any case.
        """
        if _is_persons(owner):
            usage = Usage(int(counts), seconds)
            self._tasks.begin(self._keep(self.today, owner, usage))

    async def top(
        self, channel: Channel, *, limit: int
    ) -> tuple[tuple[str, Usage], ...]:
        """Return who used most in the community of a channel today, as platform:id."""
        community = f"{channel.platform}:{channel.community_id}"
        return await self._repository.top(self.today, community, limit=limit)

    async def days(self, channel: Channel, number: int) -> Mapping[date, Usage]:
        """Return what the community of a channel used on each of the last days.

        Today is the last of them. What runs just now is not counted yet.
        """
        today = self._local().date()
        days = [today - timedelta(days=back) for back in reversed(range(number))]
        community = f"{channel.platform}:{channel.community_id}"
        used = await self._repository.days(community, since=f"{days[0]:%Y-%m-%d}")
        return {day: used.get(f"{day:%Y-%m-%d}", Usage()) for day in days}

    async def _keep(self, day: str, owner: Owner, usage: Usage) -> None:
        try:
            if usage != Usage():
                await self._repository.add(day, owner, usage)
        except StoreError as error:
            logger.warning("usage not kept", reason=str(error))
        finally:
            # Only now, so that a person cannot slip between the two.
            self._running[owner] -= 1
            if self._running[owner] <= 0:
                del self._running[owner]

    def _limits(self, lines: Mapping[str, str]) -> Limits:
        """Return the limits with what a community has set itself."""
        own = {name: int(line) for name, line in lines.items() if line.isdecimal()}
        config = self._config
        return Limits(
            own.get(Limit.REQUESTS, config.requests),
            own.get(Limit.SECONDS, config.seconds),
            own.get(Limit.COMMUNITY_REQUESTS, config.community_requests),
            own.get(Limit.COMMUNITY_SECONDS, config.community_seconds),
            is_own=Limit.REQUESTS in own or Limit.SECONDS in own,
        )

    def _runs(self, people: Collection[str], community: str) -> Usage:
        """Return what waits and runs, of some people or all, in one place or all."""
        return Usage(
            sum(
                num
                for owner, num in self._running.items()
                if (not people or owner.person in people)
                and community in ("", owner.community)
            )
        )

    def _local(self) -> datetime:
        return self._clock.now_utc().astimezone(self._zone)


def _is_over(usage: Usage, requests: int, seconds: int) -> bool:
    return (0 < requests <= usage.requests) or (0 < seconds <= usage.seconds)


def _is_persons(owner: Owner) -> bool:
    """Return whether it is done for somebody who asked, not for a post or a filter."""
    return ":" in owner.person
