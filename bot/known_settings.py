"""Settings that are asked for all the time, known without asking the store."""

from bot.settings_store import SettingsStore

__all__ = ["KnownSettings"]


class KnownSettings:
    """Values as they were read once. One process owns the store.

    What is set through here is known at once; whoever sets values elsewhere calls
    `forget`.
    """

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings
        self._known: dict[tuple[str, str], str | None] = {}
        self._num_forgotten = 0

    async def get(self, key: str, name: str) -> str | None:
        """Return a value, None where nothing was set."""
        place = key, name
        if place in self._known:
            return self._known[place]
        num_forgotten = self._num_forgotten
        value = await self._settings.get(key, name)
        if num_forgotten == self._num_forgotten:  # else it may be an old one
            self._known.setdefault(place, value)
        return self._known.get(place, value)

    async def set(self, key: str, name: str, value: str) -> None:
        """Keep a value."""
        await self._settings.set(key, name, value)
        self._known[key, name] = value

    def forget(self) -> None:
        """Ask the store again from now on."""
        self._num_forgotten += 1
        self._known.clear()
