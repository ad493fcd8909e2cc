"""What a community may limit: an explicit table, and what was chosen of it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.choices import no_such_choice
from bot.config_quota import QuotaConfig
from bot.config_safety import SafetyConfig
from bot.errors import UserError
from bot.messages import Channel
from bot.preferences import community_key
from bot.safety.chosen_limits import ChosenLimits
from bot.settings_store import SettingsStore
from bot.words import T, Text

__all__ = ["LIMITS", "CommunityLimits", "Limit", "find_limit"]

MOST = 1_000_000
"""Where the owner sets no limit, so that what is chosen stays a sensible number."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that can be limited, from 1 up to what the owner allows.

    Attributes:
        name: how moderators call it, and the setting in which it is kept.
        highest: returns the owner's own limit, which none may exceed.
        has_default: where nothing is chosen, the owner's counts; else nothing does.
    """

    name: str
    setting: str
    summary: Text
    highest: Callable[[SafetyConfig, QuotaConfig], int]
    has_default: bool = True


LIMITS: tuple[Limit, ...] = (
    Limit(
        "person",
        "limits.person",
        T("messages to me, per person and minute"),
        lambda safety, _: safety.person_per_minute,
    ),
    Limit(
        "channel",
        "limits.channel",
        T("messages to me, per channel and minute"),
        lambda safety, _: safety.channel_per_minute,
    ),
    Limit(
        "length",
        "limits.length",
        T("the longest message, in characters"),
        lambda safety, _: safety.max_length,
    ),
    Limit(
        "requests",
        "quota.requests",
        T("answers and pictures a day, per person"),
        lambda _, quota: quota.requests or MOST,
        has_default=False,
    ),
    Limit(
        "seconds",
        "quota.seconds",
        T("seconds of work a day, per person"),
        lambda _, quota: quota.seconds or MOST,
        has_default=False,
    ),
    Limit(
        "community_requests",
        "quota.community_requests",
        T("answers and pictures a day, for all together"),
        lambda _, quota: quota.community_requests or MOST,
        has_default=False,
    ),
    Limit(
        "community_seconds",
        "quota.community_seconds",
        T("seconds of work a day, for all together"),
        lambda _, quota: quota.community_seconds or MOST,
        has_default=False,
    ),
)


class CommunityLimits:
    """What communities chose, within what the owner allows."""

    def __init__(
        self, safety: SafetyConfig, quota: QuotaConfig, settings: SettingsStore
    ) -> None:
        self._safety, self._quota = safety, quota
        self._settings = settings

    async def chosen(self, community: str, limit: Limit) -> int | None:
        """Return what a community chose; None: nothing."""
        value = await self._settings.get(community, limit.setting)
        return min(int(value), self.highest(limit)) if value else None

    async def choose(self, community: str, limit: Limit, number: int | None) -> None:
        """Keep a limit; None: the owner's counts again.

        Raises:
            UserError: it is not within what the owner allows.
        """
        if number is not None:
            self.check(limit, number)
        value = "" if number is None else str(number)
        await self._settings.set(community, limit.setting, value)

    def highest(self, limit: Limit) -> int:
        """Return the owner's limit."""
        return limit.highest(self._safety, self._quota)

    def check(self, limit: Limit, number: int) -> None:
        """Refuse what the owner does not allow.

        Raises:
            UserError: the text says what is allowed.
        """
        if not 1 <= number <= self.highest(limit):
            raise UserError(
                T(
                    "{name}: {number} is not possible. Choose 1 to {highest}.",
                    name=limit.name,
                    number=number,
                    highest=self.highest(limit),
                )
            )

    async def of(self, channel: Channel) -> ChosenLimits:
        """Return what counts for messages in a channel."""
        community = community_key(channel)
        person, per_channel, length = [
            await self.chosen(community, find_limit(name))
            for name in ("person", "channel", "length")
        ]
        return ChosenLimits(person, per_channel, length)


def find_limit(name: str) -> Limit:
    """Return the limit of a name.

    Raises:
        UserError: there is none; the text says which there are.
    """
    for limit in LIMITS:
        if limit.name == name:
            return limit
    raise no_such_choice(name, (limit.name for limit in LIMITS))
