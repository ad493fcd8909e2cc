"""How long things are kept where: what a community chose, within config.toml."""

from bot.config import Config
from bot.messages import Channel
from bot.preferences import community_key
from bot.store.retention_days import Keep, KeepingDays, shorter
from bot.store.settings import SettingsRepository

__all__ = ["KeepRules"]


class KeepRules:
    """The days that count in a channel.

    Attributes:
        limits: those of config.toml: no community keeps anything longer.
    """

    def __init__(self, settings: SettingsRepository, config: Config) -> None:
        self.limits = KeepingDays(
            config.store.keep_turns_days,
            config.safety.keep_texts_days,
            config.safety.keep_records_days,
        )
        self._settings = settings

    async def of(self, channel: Channel) -> KeepingDays:
        """Return how long things are kept in a channel's community."""
        days, key = self.limits, community_key(channel)
        for what in Keep:
            days = shorter(days, what, await self._settings.get(key, what))
        return days

    async def choose(self, channel: Channel, what: Keep, days: int | None) -> None:
        """Keep something of a community for so long; None: as config.toml says."""
        key = community_key(channel)
        if days is None:
            await self._settings.unset(key, what)
        else:
            await self._settings.set(key, what, str(days))
