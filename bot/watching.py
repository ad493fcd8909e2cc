"""Which channels are watched: what filters find among members, counted or suggested."""

from dataclasses import replace
from enum import StrEnum

from bot.messages import Channel
from bot.preferences import SettingsStore

__all__ = ["WatchMode", "Watches"]

WATCH = "watch"


class WatchMode(StrEnum):
    """What becomes of what filters notice in a channel. The bot itself does nothing."""

    OFF = "off"
    """Nothing."""
    SHADOW = "shadow"
    """It is counted."""
    SUGGEST = "suggest"
    """Moderators are shown it, and what they could do about it."""


class Watches:
    """The modes of channels; a thread has that of its channel where it has none."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings
        self._known: dict[str, WatchMode | None] = {}  # one process owns the store

    async def mode(self, channel: Channel) -> WatchMode:
        """Return what counts in a channel; private ones are never watched."""
        if channel.is_private:
            return WatchMode.OFF
        for key in _keys(channel):
            if key not in self._known:
                stored = await self._settings.get(key, WATCH)
                self._known[key] = WatchMode(stored) if stored else None
        return self.known(channel)

    def known(self, channel: Channel) -> WatchMode:
        """Return it at once; OFF where `mode` was never asked."""
        chosen = (self._known.get(key) for key in _keys(channel))
        return next((mode for mode in chosen if mode is not None), WatchMode.OFF)

    async def choose(self, channel: Channel, mode: WatchMode) -> None:
        """Watch a channel, or do so no longer."""
        await self._settings.set(channel.key, WATCH, mode)
        self._known[channel.key] = mode


def _keys(channel: Channel) -> tuple[str, ...]:
    parent = replace(channel, thread_id=None)
    return tuple(dict.fromkeys((channel.key, parent.key)))
