"""Whom the bot deals with right now: the one place where somebody is turned away."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import structlog

from bot.adapter import Adapter
from bot.bans import Bans
from bot.commands.registry import command_name
from bot.errors import PlatformError
from bot.messages import Author, Channel, Message, Press, Reply
from bot.preferences import Preferences
from bot.quotas import Quotas
from bot.reactions import Comment, Reaction, Vote
from bot.store.bans import Ban, BanKind
from bot.words import T, Text, Words

__all__ = ["Door"]

logger = structlog.get_logger(__name__)

ALWAYS_OPEN = frozenset({"appeal", "me"})
"""Commands that nobody is kept from: to object, and to see and take what is theirs."""


class Door:
    """Turns away who is banned or muted, and who has used up their share of the day."""

    def __init__(
        self,
        bans: Bans,
        quotas: Quotas,
        *,
        adapters: Mapping[str, Adapter],
        preferences: Preferences,
        words: Words,
        zone: ZoneInfo,
    ) -> None:
        self._bans = bans
        self._quotas = quotas
        self._adapters = adapters
        self._preferences = preferences
        self._words = words
        self._zone = zone

    async def is_shut(self, message: Message) -> bool:
        """Return whether a message counts for nothing; nobody is told."""
        return await self._bans.of(message.channel, message.author) is not None

    async def turns_away(self, message: Message) -> bool:
        """Return whether a message to the bot gets no answer; say why once a day."""
        ban = await self._barring(message.channel, message.author, message.text)
        if ban is None:
            return False
        name = command_name(message.text)
        # Commands and questions from menus must be acknowledged, or they seem to fail.
        is_waiting = bool(name) or message.is_aside
        await self._tell(
            ban, message.channel, message.author, message.id, is_waiting=is_waiting
        )
        return True

    async def turns_away_press(self, press: Press) -> bool:
        """Return whether a press gets no answer; say why once a day."""
        ban = await self._barring(press.channel, press.author, press.command)
        if ban is None:
            return False
        await self._tell(ban, press.channel, press.author, press.id, is_waiting=True)
        return True

    async def is_used_up(self, message: Message) -> bool:
        """Return whether a question is one too many today, and say so."""
        spent = await self._quotas.spent(message.channel, message.author)
        if spent is None:
            return False
        await self._say(message.channel, message.author, spent, message.id)
        return True

    def ignores(self, event: Reaction | Vote | Comment) -> bool:
        """Return whether a reaction, a vote or a comment counts for nothing."""
        if event.channel is None or event.person_id is None:
            return False
        return self._bans.ignores(event.channel, event.person_id)

    async def _barring(self, channel: Channel, author: Author, line: str) -> Ban | None:
        ban = await self._bans.of(channel, author)
        return None if command_name(line) in ALWAYS_OPEN else ban

    async def _tell(
        self,
        ban: Ban,
        channel: Channel,
        author: Author,
        reply_to_id: str,
        *,
        is_waiting: bool,
    ) -> None:
        if await self._bans.is_to_tell(ban):
            await self._say(channel, author, _said(ban, self._zone), reply_to_id)
        elif is_waiting and reply_to_id:
            await self._send(channel, author, "", reply_to_id)

    async def _say(
        self, channel: Channel, author: Author, text: Text, reply_to_id: str
    ) -> None:
        language = await self._preferences.language(channel, author)
        await self._send(channel, author, self._words.say(text, language), reply_to_id)

    async def _send(
        self, channel: Channel, author: Author, text: str, reply_to_id: str
    ) -> None:
        reply = Reply(text, reply_to_id=reply_to_id or None, only_for=author.id)
        try:
            await self._adapters[channel.platform].send(channel, reply)
        except PlatformError as error:
            logger.warning("not told", channel=channel.key, reason=str(error))


def _said(ban: Ban, zone: ZoneInfo) -> Text:
    """Return what the person reads: what is so, until when, why, and the way out."""
    end = f"{ban.until_utc.astimezone(zone):%Y-%m-%d %H:%M}" if ban.until_utc else ""
    if ban.kind is BanKind.MUTE:
        text = T(
            "The moderators have asked me not to answer you until {end} ({zone}).",
            end=end,
            zone=zone.key,
        )
    elif end:
        text = T(
            "You are banned from using me until {end} ({zone}).",
            end=end,
            zone=zone.key,
        )
    else:
        text = T("You are banned from using me.")
    if ban.reason:
        text = T("{text} The moderators say: {reason}", text=text, reason=ban.reason)
    return T(
        "{text} If you think that this is wrong, write /appeal: they will look at it.",
        text=text,
    )
