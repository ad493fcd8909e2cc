"""Private channels, which Discord names only when somebody writes in them."""

from typing import Protocol

from adapters.discord.convert import PLATFORM
from bot.messages import Channel
from bot.preferences import SettingsStore

__all__ = ["DirectPlaces", "Settings"]

SETTINGS_KEY = "discord:direct"


class Settings(SettingsStore, Protocol):
    """Where settings are kept, which can also be listed."""

    async def all(self, key: str) -> dict[str, str]:
        """Return what is set for a key, by name."""


class DirectPlaces:
    """Remembers whose each private channel is, also across a restart."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._people: dict[str, str] = {}

    async def load(self) -> None:
        """Read what was known before."""
        self._people = await self._settings.all(SETTINGS_KEY)

    async def note(self, channel: Channel) -> None:
        """Remember a private channel; others are passed over."""
        person_id = channel.community_id.removeprefix("private:")
        if channel.is_private and self._people.get(channel.id) != person_id:
            self._people[channel.id] = person_id
            await self._settings.set(SETTINGS_KEY, channel.id, person_id)

    def find(self, channel_id: str) -> Channel | None:
        """Return the private channel with this id; None: there is none."""
        person_id = self._people.get(channel_id)
        if person_id is None:
            return None
        return Channel(PLATFORM, channel_id, f"private:{person_id}", is_private=True)
