"""Telling the moderators something, where the settings say that they are."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from bot.adapter import Adapter
from bot.errors import PlatformError
from bot.messages import Button, Channel, Reply
from bot.preferences import Preferences, community_key
from bot.words import Text, Words

__all__ = ["Moderators"]

logger = structlog.get_logger(__name__)


class Moderators:
    """Sends cards to the moderators' channels.

    `channels` are keys such as "web:moderators". What happens on a platform is told on
    that platform, or everywhere where the moderators have no channel there.
    """

    def __init__(
        self,
        channels: Sequence[str],
        *,
        adapters: Mapping[str, Adapter],
        preferences: Preferences,
        words: Words,
    ) -> None:
        self._channels = tuple(channels)
        self._adapters = adapters
        self._preferences = preferences
        self._words = words
        self._tasks: set[asyncio.Task[bool]] = set()

    def oversees(self, community: str, channel: Channel) -> bool:
        """Return whether what happened in a community may be dealt with in a channel.

        `community` is a `community_key`. Each community sees its own; the channels that
        the owner named see all of their platform.
        """
        if community_key(channel) == community:
            return True
        is_same_platform = community.startswith(f"community:{channel.platform}:")
        return is_same_platform and channel.key in self._channels

    async def tell(
        self,
        text: Text,
        *,
        platform: str = "",
        quote: str = "",
        buttons: Sequence[tuple[Text, str]] = (),
    ) -> bool:
        """Tell them, with what somebody wrote below it; return whether it arrived.

        Buttons are labels with the command that each runs.
        """
        here = [key for key in self._channels if key.split(":")[0] == platform]
        arrived = [
            await self._send(key, text, quote, buttons)
            for key in here or self._channels
        ]
        if not any(arrived):
            logger.warning("moderators could not be told", about=str(text))
        return any(arrived)

    def tell_soon(self, text: Text) -> None:
        """Tell them without waiting for it."""
        task = asyncio.get_running_loop().create_task(self.tell(text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(
        self,
        channel_key: str,
        text: Text,
        quote: str,
        buttons: Sequence[tuple[Text, str]],
    ) -> bool:
        platform, _, place = channel_key.partition(":")
        adapter = self._adapters.get(platform)
        if adapter is None:
            return False
        try:
            channel = adapter.channel(place)
            language = await self._preferences.language(channel, None)
            said = self._words.say(text, language)
            lines = [said, *(f"> {line}" for line in quote.splitlines())]
            reply = Reply(
                "\n".join(lines),
                buttons=tuple(
                    Button(self._words.say(label, language), command)
                    for label, command in buttons
                ),
            )
            await adapter.send(channel, reply)
        except PlatformError as error:
            logger.warning(
                "moderators' channel not reached",
                channel=channel_key,
                reason=str(error),
            )
            return False
        return True
