"""Telling the moderators something, where the settings say that they are."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot.adapter import Adapter
from bot.errors import PlatformError
from bot.messages import Attachment, Button, Channel, Reply
from bot.preferences import Preferences, community_key
from bot.words import Text, Words

__all__ = ["AnyCardButton", "Card", "CardButton", "CardPlace", "Moderators"]

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

CardPlace = tuple[str, str]
"""Where a card is: the channel's key and the message's id."""


@dataclass(frozen=True, slots=True)
class Card:
    """What moderators see: lines, what somebody wrote below them, and buttons."""

    lines: tuple[Text, ...]
    quote: str = field(default="", repr=False)
    buttons: tuple[AnyCardButton, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def said(self, words: Words, language: str) -> Reply:
        """Return it in a language, as it is sent."""
        lines = [words.say(line, language) for line in self.lines]
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
            return self._is_named(channel)
        if community_key(channel) == community:
            return True
        if await self._preferences.moderator_channel(community) == channel.key:
            return True
        is_same_platform = community.startswith(f"community:{channel.platform}:")
        return is_same_platform and self._is_named(channel)

    def _is_named(self, channel: Channel) -> bool:
        """Return whether the owner named a channel, by whichever id of it."""
        if channel.key in self._channels:
            return True
        return any(self._key_of(named) == channel.key for named in self._channels)

    def _key_of(self, named: str) -> str:
        platform, _, place = named.partition(":")
        adapter = self._adapters.get(platform)
        try:
            return adapter.channel(place).key if adapter is not None else named
        except PlatformError:
            return named

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
        card = Card((text,), quote, tuple(buttons), tuple(attachments))
        return bool(await self.put_up(card, communities=communities))

    async def put_up(
        self, card: Card, *, communities: Sequence[str] = ()
    ) -> tuple[CardPlace, ...]:
        """Show a card, as `tell` does; return where it is now, () for nowhere."""
        told: dict[str, str] = {}
        for community in communities or ("",):
            own = await self._preferences.moderator_channel(community)
            if own and (own in told or await self._send(own, card, told)):
                continue
            for key in self._named_for(community):
                if key not in told:
                    await self._send(key, card, told)
        if not told:
            logger.warning("moderators could not be told", about=str(card.lines[0]))
        return tuple(told.items())

    async def change(self, place: CardPlace, card: Card) -> bool:
        """Show a card in place of the one that is there; return whether it is."""
        return await self._reach(
            place[0], card, lambda at, where, reply: at.change(where, place[1], reply)
        )

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

    async def _send(self, channel_key: str, card: Card, told: dict[str, str]) -> bool:
        """Send a card; where it arrived, `told` has its id."""

        async def send(adapter: Adapter, channel: Channel, reply: Reply) -> None:
            *_, told[channel_key] = ("", *await adapter.send(channel, reply))

        return await self._reach(channel_key, card, send)

    async def _reach(
        self,
        channel_key: str,
        card: Card,
        call: Callable[[Adapter, Channel, Reply], Awaitable[None]],
    ) -> bool:
        platform, _, place = channel_key.partition(":")
        adapter = self._adapters.get(platform)
        if adapter is None:
            return False
        try:
            channel = adapter.channel(place)
            language = await self._preferences.language(channel, None)
            await call(adapter, channel, card.said(self._words, language))
        except PlatformError as error:
            logger.warning(
                "moderators' channel not reached",
                channel=channel_key,
                reason=str(error),
            )
            return False
        return True
