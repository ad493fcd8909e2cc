"""Offers to remember what a person says of themselves."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.adapter import Adapter
from bot.clock import Clock
from bot.errors import PlatformError, StoreError, UserError
from bot.memory.memories import Memories
from bot.memory.phrases import told_of_themselves
from bot.messages import Author, Button, Channel, Message, Reply
from bot.preferences import Preferences, SettingsStore, person_key
from bot.store.columns import from_json_column, json_column, storable_text
from bot.store.memories import Note, place_of
from bot.words import T, Words

__all__ = ["MemoryOffers"]

logger = structlog.get_logger(__name__)

OFFERS, OFF, ON = "memory-offers", "off", "on"
"""The setting holds when the last offer was made, or that none is wanted."""

OFFERED = "memory-offered"
"""The setting holds where it was made and the words, until they are agreed to."""

EVERY = timedelta(days=1)


class MemoryOffers:
    """Asks, at most once a day and person, and remembers nothing of its own accord."""

    def __init__(
        self,
        memories: Memories,
        settings: SettingsStore,
        *,
        adapters: Mapping[str, Adapter],
        preferences: Preferences,
        words: Words,
        clock: Clock,
        is_on: bool,
    ) -> None:
        self._memories = memories
        self._settings = settings
        self._adapters = adapters
        self._preferences = preferences
        self._words = words
        self._clock = clock
        self._is_on = is_on

    async def after(self, message: Message) -> None:
        """Offer to remember what a message to the bot says, where there is something.

        What does not work is logged: the message has its answer.
        """
        if not self._is_on or message.is_aside or message.attachments:
            return
        told = told_of_themselves(message.text)
        adapter = self._adapters[message.channel.platform]
        if not told or not (adapter.can_offer and adapter.can_press):
            return
        try:
            if await self._may_offer(told, message):
                await self._offer(told, message, adapter)
        except (PlatformError, StoreError) as error:
            logger.warning("offer to remember not made", reason=str(error))

    async def want(self, channel: Channel, person: Author, *, offers: bool) -> None:
        """Remember whether a person wants offers."""
        chosen = ON if offers else OFF
        await self.decline(channel, person)
        await self._settings.set(person_key(channel, person), OFFERS, chosen)

    async def accept(self, channel: Channel, person: Author, language: str) -> Note:
        """Keep what was offered to a person, in the place where they said it.

        Raises:
            UserError: nothing was, or it is not to be kept.
        """
        key = person_key(channel, person)
        offered = await self._settings.get(key, OFFERED)
        if not offered:
            raise UserError(
                T("I have offered you nothing. /remember keeps what you tell me.")
            )
        place, text = from_json_column(offered)
        note = await self._memories.remember(
            replace(await self._memories.owner(channel, person), place=place),
            text,
            channel=channel,
            person=person,
            language=language,
        )
        await self._settings.set(key, OFFERED, "")
        return note

    async def decline(self, channel: Channel, person: Author) -> None:
        """Forget what was offered to a person."""
        await self._settings.set(person_key(channel, person), OFFERED, "")

    async def _may_offer(self, told: str, message: Message) -> bool:
        channel, person = message.channel, message.author
        last = await self._settings.get(person_key(channel, person), OFFERS)
        if last == OFF:
            return False
        now_utc = self._clock.now_utc()
        if last and last != ON and now_utc - datetime.fromisoformat(last) < EVERY:
            return False
        owner = await self._memories.owner(channel, person)
        known = {note.text.casefold() for note in await self._memories.notes(owner)}
        if told.casefold() in known:
            return False
        return await self._memories.is_fine(told, channel, person)

    async def _offer(self, told: str, message: Message, adapter: Adapter) -> None:
        channel, person = message.channel, message.author
        language = await self._preferences.language(channel, person)
        say = self._words.say
        key, now = person_key(channel, person), self._clock.now_utc().isoformat()
        await self._settings.set(key, OFFERS, now)
        offered = storable_text(json_column((place_of(channel), told)))
        await self._settings.set(key, OFFERED, offered)
        where = (
            T("I would use it in our private chats.")
            if channel.is_private
            else T("I would use it when I answer you in this community.")
        )
        text = T("Shall I remember this: “{text}”? {where}", text=told, where=where)
        reply = Reply(
            say(text, language),
            buttons=(
                Button(say(T("Yes, remember it"), language), "/memory offers yes"),
                Button(say(T("No, thanks"), language), "/memory offers no"),
                Button(say(T("Never ask me"), language), "/memory offers off"),
            ),
            only_for=person.id,
        )
        await adapter.send(channel, reply)
