"""The channels that posts go to, by their keys."""

from collections.abc import Mapping, Sequence

from bot.adapter import Adapter
from bot.errors import GoneError, PlatformError
from bot.messages import Channel
from bot.preferences import community_key

__all__ = ["Places"]


class Places:
    """Finds channels on the platforms; `adapters` are by platform."""

    def __init__(self, adapters: Mapping[str, Adapter]) -> None:
        self._adapters = adapters

    def __call__(self, channels: Sequence[str]) -> tuple[Channel, ...]:
        """Return the channels of keys, without those that are not there."""
        return tuple(
            place for key in channels if (place := self._place(key)) is not None
        )

    def communities(self, channels: Sequence[str]) -> tuple[str, ...]:
        """Return the keys of the communities that channels belong to, each once."""
        return tuple(dict.fromkeys(community_key(place) for place in self(channels)))

    def link(self, channel_key: str, message_id: str) -> str:
        """Return where a browser finds a message; "" where none does."""
        platform = channel_key.partition(":")[0]
        adapter = self._adapters.get(platform)
        try:
            place = self._place(channel_key)
        except PlatformError:
            return ""
        return adapter.link(place, message_id) if adapter and place else ""

    def _place(self, channel_key: str) -> Channel | None:
        platform, _, channel_id = channel_key.partition(":")
        adapter = self._adapters.get(platform)
        try:
            return adapter.channel(channel_id) if adapter else None
        except GoneError:
            return None  # the delivery will say so
