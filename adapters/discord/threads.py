"""Threads that the bot opened, and what a message answers to."""

from typing import Final

import discord
import structlog

from adapters.discord.client import DiscordClient
from adapters.discord.convert import Place
from adapters.discord.outbox import Outbox
from bot.errors import PlatformError
from bot.messages import Channel, Message

__all__ = ["Threads", "thread_name"]

logger = structlog.get_logger(__name__)

LONGEST_NAME = 100
NICE_NAME = 60
KEEP_OPEN_MINUTES: Final = 1440


class Threads:
    """Opens a thread for each conversation, where the settings want that.

    Args:
        is_wanted: whether questions in a channel get a thread of their own.
    """

    def __init__(
        self, client: DiscordClient, outbox: Outbox, *, is_wanted: bool
    ) -> None:
        self._client = client
        self._outbox = outbox
        self._is_wanted = is_wanted
        self._begun: set[int] = set()

    def is_own(self, place: Place) -> bool:
        """Return whether a place is a thread that the bot opened."""
        me = self._client.user
        return (
            isinstance(place, discord.Thread)
            and me is not None
            and place.owner_id == me.id
        )

    def is_known(self, message_id: int) -> bool:
        """Return whether a message began a thread of the bot."""
        place = self._client.get_channel(message_id)
        return isinstance(place, discord.Thread) and self.is_own(place)

    async def opened_for(self, message: discord.Message, question: Message) -> Channel:
        """Return where a question is answered: its place, or a new thread."""
        place = message.channel
        if not self._is_wanted or not isinstance(place, discord.TextChannel):
            return question.channel
        name = thread_name(question.text or question.author.name)
        try:
            self._outbox.rights.check(
                place.id, "create_public_threads", "send_messages_in_threads"
            )
            thread = await self._outbox.run(
                lambda: message.create_thread(
                    name=name, auto_archive_duration=KEEP_OPEN_MINUTES
                ),
                key=f"other:{place.id}",
            )
        except PlatformError as error:
            logger.warning("no thread opened", reason=str(error))
            return question.channel
        return Channel(
            question.channel.platform,
            question.channel.id,
            question.channel.community_id,
            thread.name,
            thread_id=str(thread.id),
            is_age_restricted=question.channel.is_age_restricted,
        )

    async def replied(self, message: discord.Message) -> discord.Message | None:
        """Return what a message answers: what it replies to, or its thread's start."""
        reference = message.reference
        if reference is not None:
            if reference.type is not discord.MessageReferenceType.reply:
                return None
            if isinstance(reference.resolved, discord.Message):
                return reference.resolved
            if reference.resolved is not None or reference.message_id is None:
                return None
            return await self._fetched(message.channel, reference.message_id)
        place = message.channel
        if not isinstance(place, discord.Thread) or place.id in self._begun:
            return None
        self._begun.add(place.id)
        if place.starter_message is not None:
            return place.starter_message
        parent = place.parent
        if isinstance(parent, discord.ForumChannel):
            return await self._fetched(place, place.id)
        return await self._fetched(parent, place.id) if parent is not None else None

    async def _fetched(self, place: object, message_id: int) -> discord.Message | None:
        if not isinstance(place, discord.abc.Messageable):
            return None
        try:
            return await self._outbox.run(
                lambda: place.fetch_message(message_id), key="other:fetch"
            )
        except PlatformError as error:
            logger.debug("message not seen", reason=str(error))
            return None


def thread_name(text: str) -> str:
    """Return a name for a thread: the question's first words, on one line."""
    words = " ".join(text.split())
    if len(words) <= NICE_NAME:
        return words or "…"
    cut = words[:NICE_NAME].rsplit(" ", 1)[0]
    return f"{cut[: LONGEST_NAME - 1]}…"
