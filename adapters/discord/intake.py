"""What people write on Discord, on its way to the core."""

import asyncio
from collections import OrderedDict
from dataclasses import replace
from weakref import WeakValueDictionary

import discord
import structlog

from adapters.addressing import Addressing
from adapters.discord.attachments import Attachments
from adapters.discord.client import DiscordClient
from adapters.discord.convert import Converter, without_mention
from adapters.discord.direct import DirectPlaces
from adapters.discord.feelings import Feelings
from adapters.discord.threads import Threads
from bot.adapter import Inbox
from bot.commands.registry import is_command
from bot.messages import Channel, Message

__all__ = ["Intake"]

logger = structlog.get_logger(__name__)

WRITTEN = {discord.MessageType.default, discord.MessageType.reply}
KEPT = 5000


class Intake:
    """Hands in messages, edits and deletions, in each place in their order.

    What people feel about messages is handed in beside that, at once.

    Args:
        opened: set once the core can answer; what comes before waits for it.
    """

    def __init__(
        self,
        client: DiscordClient,
        inbox: Inbox,
        *,
        converter: Converter,
        addressing: Addressing,
        attachments: Attachments,
        threads: Threads,
        direct: DirectPlaces,
        opened: asyncio.Event,
    ) -> None:
        self._direct = direct
        self._opened = opened
        self._client = client
        self._inbox = inbox
        self._converter = converter
        self._addressing = addressing
        self._attachments = attachments
        self._threads = threads
        self._seen: OrderedDict[int, str] = OrderedDict()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        client.feelings = Feelings(client, inbox, place_of=self.place_of)

    async def message(self, message: discord.Message) -> None:
        """Hand in what a person wrote, once."""
        is_new = message.id not in self._seen
        if not is_new or message.author.bot or message.type not in WRITTEN:
            return
        self._remember(message)
        async with self._turn(message.channel.id):
            await self._opened.wait()
            converted = await self._convert(message)
            if converted is not None:
                self._inbox.message(converted)

    async def edited(self, event: discord.RawMessageUpdateEvent) -> None:
        """Hand in a new text. A preview of a link changes none."""
        message = event.message
        if message.author.bot or message.edited_at is None or not message.content:
            return
        before = event.cached_message.content if event.cached_message else None
        if message.content in (before, self._seen.get(message.id)):
            return
        self._remember(message)
        async with self._turn(message.channel.id):
            converted = await self._convert(message, is_edit=True)
            if converted is not None:
                self._inbox.edited(converted)

    async def deleted(
        self, place_id: int, guild_id: int | None, message_ids: frozenset[int]
    ) -> None:
        """Hand in that messages are gone."""
        async with self._turn(place_id):
            await self._opened.wait()
            channel = self.place_of(place_id, guild_id)
            if channel is None:
                return
            for message_id in sorted(message_ids):
                self._inbox.deleted(channel, str(message_id))
                there = self._answered_in(message_id, channel)
                if there != channel:
                    self._inbox.deleted(there, str(message_id))

    def _answered_in(self, message_id: int, channel: Channel) -> Channel:
        """Return the thread that a message began, where it is answered."""
        if not self._threads.is_known(message_id):
            return channel
        return replace(channel, thread_id=str(message_id))

    def place_of(self, place_id: int, guild_id: int | None) -> Channel | None:
        """Return a place by its id; None: it is private and was never seen."""
        if guild_id is None:
            return self._direct.find(str(place_id))
        place = self._client.get_channel(place_id)
        if place is not None:
            return self._converter.channel(place)
        return Channel("discord", str(place_id), str(guild_id))

    async def _convert(
        self, message: discord.Message, *, is_edit: bool = False
    ) -> Message | None:
        me = self._client.user
        if me is None:
            return None
        channel = self._converter.channel(message.channel, person_id=message.author.id)
        await self._direct.note(channel)
        replied = await self._replied(message, channel, me)
        text = self._text(message, me)
        is_direct = (
            channel.is_private
            or self._is_mentioned(message, me)
            or (replied is not None and replied.author.is_self)
            or self._threads.is_own(message.channel)
        )
        call = await self._addressing.read(channel, text, is_direct=is_direct)
        if not (call.is_to_bot or call.text.strip()):
            return None  # Discord did not show the text, or there is none
        converted = self._converter.message(
            message,
            text=call.text,
            channel=channel,
            self_id=me.id,
            is_to_bot=call.is_to_bot,
            replied=replied,
        )
        if is_edit:
            return replace(converted, channel=self._answered_in(message.id, channel))
        if not (call.is_to_bot or is_command(call.text)):
            return converted
        files = await self._attachments.read(message, converted)
        converted = replace(converted, attachments=files)
        if not is_command(call.text):
            channel = await self._threads.opened_for(message, converted)
        return replace(converted, channel=channel)

    def _text(self, message: discord.Message, me: discord.ClientUser) -> str:
        text = message.content
        for mention in self._mentions(message, me):
            text = without_mention(text, mention=mention, name=me.display_name)
        forwarded = [snapshot.content for snapshot in message.message_snapshots]
        quoted = [f"> {line}" for part in forwarded for line in part.splitlines()]
        return "\n".join([*quoted, text]) if quoted else text

    def _mentions(self, message: discord.Message, me: discord.ClientUser) -> list[str]:
        roles = [
            f"<@&{role.id}>"
            for role in message.role_mentions
            if role.tags is not None and role.tags.bot_id == me.id
        ]
        is_named = any(person.id == me.id for person in message.mentions)
        return [*([rf"<@!?{me.id}>"] if is_named else []), *roles]

    def _is_mentioned(self, message: discord.Message, me: discord.ClientUser) -> bool:
        return bool(self._mentions(message, me))

    async def _replied(
        self, message: discord.Message, channel: Channel, me: discord.ClientUser
    ) -> Message | None:
        """Return the message that is replied to; None: none, or it is gone."""
        found = await self._threads.replied(message)
        if found is None:
            return None
        return self._converter.message(
            found, text=self._text(found, me), channel=channel, self_id=me.id
        )

    def _remember(self, message: discord.Message) -> None:
        self._seen[message.id] = message.content
        self._seen.move_to_end(message.id)
        while len(self._seen) > KEPT:
            self._seen.popitem(last=False)

    def _turn(self, place_id: int) -> asyncio.Lock:
        lock = self._turns.get(place_id)
        if lock is None:
            lock = self._turns[place_id] = asyncio.Lock()
        return lock
