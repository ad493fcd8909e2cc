"""Telling the moderators something, where the settings say that they are."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot.adapter import Adapter
from bot.errors import PlatformError
from bot.messages import Attachment, Button, Channel, Reply
from bot.preferences import Preferences, community_key
from bot.words import Text, Words

__all__ = ["AnyCardButton", "CardButton", "Moderators"]

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CardButton:
    """A button of a card, in every language; see `bot.messages.Button`."""

    label: Text
    command: str
    asks: Text | None = None
    prefill: str = field(default="", repr=False)


AnyCardButton = tuple[Text, str] | CardButton
"""A label with the command that it runs, or a button that asks for more."""


class Moderators:
    """Sends cards to the moderators' channels.

    `channels` are keys such as "web:moderators". What happens in a community is told in
    the channel that its moderators chose, else on its platform, else in all of them.
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

    async def oversees(self, community: str, channel: Channel) -> bool:
        """Return whether what happened in a community may be dealt with in a channel.

        `community` is a `community_key`; "" is none. Each community sees its own, also
        in the channel that its moderators chose; the channels that the owner named see
        all of their platform, and what belongs to no community.
        """
        if not community:
            return channel.key in self._channels
        if community_key(channel) == community:
            return True
        if await self._preferences.moderator_channel(community) == channel.key:
            return True
        is_same_platform = community.startswith(f"community:{channel.platform}:")
        return is_same_platform and channel.key in self._channels

    async def tell(
        self,
        text: Text,
        *,
        communities: Sequence[str] = (),
        quote: str = "",
        buttons: Sequence[AnyCardButton] = (),
        attachments: Sequence[Attachment] = (),
    ) -> bool:
        """Tell them, with what somebody wrote below it; return whether it arrived.

        What happened in a community goes where its moderators chose, else where the
        settings say; what concerns several goes to each place once. Buttons are labels
        with the command that each runs.
        """
        card = _Card(text, quote, tuple(buttons), tuple(attachments))
        told: set[str] = set()
        for community in communities or ("",):
            own = await self._preferences.moderator_channel(community)
            if own and (own in told or await self._send(own, card)):
                told.add(own)
                continue
            for key in self._named_for(community):
                if key not in told and await self._send(key, card):
                    told.add(key)
        if not told:
            logger.warning("moderators could not be told", about=str(text))
        return bool(told)

    def _named_for(self, community: str) -> tuple[str, ...]:
        """Return the channels of the settings: those on the platform, else all."""
        platform = community.split(":")[1] if community else ""
        here = tuple(key for key in self._channels if key.split(":")[0] == platform)
        return here or self._channels

    def tell_soon(self, text: Text) -> None:
        """Tell them without waiting for it."""
        task = asyncio.get_running_loop().create_task(self.tell(text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, channel_key: str, card: "_Card") -> bool:
        platform, _, place = channel_key.partition(":")
        adapter = self._adapters.get(platform)
        if adapter is None:
            return False
        try:
            channel = adapter.channel(place)
            language = await self._preferences.language(channel, None)
            await adapter.send(channel, card.said(self._words, language))
        except PlatformError as error:
            logger.warning(
                "moderators' channel not reached",
                channel=channel_key,
                reason=str(error),
            )
            return False
        return True


@dataclass(frozen=True, slots=True)
class _Card:
    text: Text
    quote: str
    buttons: tuple[AnyCardButton, ...]
    attachments: tuple[Attachment, ...]

    def said(self, words: Words, language: str) -> Reply:
        lines = [words.say(self.text, language)]
        lines += (f"> {line}" for line in self.quote.splitlines())
        buttons = (
            one if isinstance(one, CardButton) else CardButton(*one)
            for one in self.buttons
        )
        return Reply(
            "\n".join(lines),
            buttons=tuple(
                Button(
                    words.say(one.label, language),
                    one.command,
                    asks=words.say(one.asks, language) if one.asks else "",
                    prefill=one.prefill,
                )
                for one in buttons
            ),
            attachments=self.attachments,
        )
