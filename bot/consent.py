"""What people agreed to: that posts name them."""

from bot.preferences import SettingsStore

__all__ = ["Consent"]

NAMED, YES, NO = "named", "yes", "no"


class Consent:
    """Remembers, for each platform, who may be named. Nobody, unless they said so."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    async def may_be_named(self, platform: str, person_id: str) -> bool:
        """Return whether posts may name a person."""
        return await self._settings.get(_key(platform, person_id), NAMED) == YES

    async def set(self, platform: str, person_id: str, *, may: bool) -> None:
        """Remember what a person said."""
        await self._settings.set(_key(platform, person_id), NAMED, YES if may else NO)


def _key(platform: str, person_id: str) -> str:
    return f"person:{platform}:{person_id}"
