"""Where settings that were changed at run time are kept, as the core needs it."""

from typing import Protocol

__all__ = ["SettingsStore"]


class SettingsStore(Protocol):
    """Values by key (whose: a channel, a community, a person) and name (of what)."""

    async def get(self, key: str, name: str) -> str | None:
        """Return a value, None where nothing was set."""

    async def set(self, key: str, name: str, value: str) -> None:
        """Keep a value."""
