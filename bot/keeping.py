"""What people want kept of them, and who was forgotten while they were answered."""

from collections import Counter

from bot.messages import Message
from bot.preferences import SettingsStore
from bot.store.wishes import KEEP, OFF

__all__ = ["Keeping", "Permit"]

ON = "on"


class Keeping:
    """Remembers, for each platform, who wants nothing kept."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings
        self._times_forgotten: Counter[str] = Counter()

    async def is_off(self, platform: str, person_id: str) -> bool:
        """Return whether a person wants nothing kept."""
        return await self._settings.get(_key(platform, person_id), KEEP) == OFF

    async def set(self, platform: str, person_id: str, *, is_off: bool) -> None:
        """Remember what a person wants."""
        value = OFF if is_off else ON
        await self._settings.set(_key(platform, person_id), KEEP, value)

    async def permit(self, platform: str, person_id: str) -> "Permit":
        """Return whether what is begun now for a person may be kept when it is over."""
        key = _key(platform, person_id)
        times = self._times_forgotten[key]
        is_off = await self.is_off(platform, person_id)
        return Permit(self, key, times, is_off=is_off)

    async def permit_for(self, message: Message) -> "Permit":
        """Return whether what is begun now for who wrote a message may be kept."""
        return await self.permit(message.channel.platform, message.author.id)

    def forgotten(self, platform: str, person_id: str) -> None:
        """Take back every permit of a person: they are being forgotten."""
        self._times_forgotten[_key(platform, person_id)] += 1

    def times_forgotten(self, key: str) -> int:
        """Return how often a person was forgotten since the start."""
        return self._times_forgotten[key]


class Permit:
    """Whether something that was begun for a person may be kept.

    Attributes:
        is_off: they want nothing kept.
    """

    def __init__(self, keeping: Keeping, key: str, times: int, *, is_off: bool) -> None:
        self.is_off = is_off
        self._keeping = keeping
        self._key = key
        self._times = times

    @property
    def is_void(self) -> bool:
        """Whether the person was forgotten since: nothing at all may be kept."""
        return self._keeping.times_forgotten(self._key) != self._times


def _key(platform: str, person_id: str) -> str:
    return f"person:{platform}:{person_id}"
