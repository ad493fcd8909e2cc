"""Which parts of a post are in a chat already: kept, for a bot that is started anew."""

from bot.store.settings import SettingsRepository

__all__ = ["SentParts"]


class SentParts:
    """The messages of posts that are on their way, by what each is of the post."""

    def __init__(self, settings: SettingsRepository) -> None:
        self._settings = settings

    async def of(self, nonce: str) -> dict[str, str]:
        """Return the parts of a sending that arrived, before it broke off."""
        return await self._settings.all(_key(nonce))

    async def note(self, nonce: str, part: str, message_id: str) -> None:
        """Keep that a part arrived."""
        await self._settings.set(_key(nonce), part, message_id)

    async def forget(self, nonce: str) -> None:
        """Let go of a sending that is whole."""
        for part in await self._settings.all(_key(nonce)):
            await self._settings.unset(_key(nonce), part)


def _key(nonce: str) -> str:
    return f"telegram:sending:{nonce}"
