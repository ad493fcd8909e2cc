"""From Telegram's messages and people to the core's."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import telegram

from adapters.addressing import Addressing
from adapters.telegram.chats import AskAdmins, Chats
from adapters.telegram.downloads import Files, files_in
from adapters.telegram.identity import Identity
from adapters.telegram.texts import is_for_others, is_mention, quoted, text_of
from bot.clock import Clock
from bot.commands.registry import is_command
from bot.messages import Author, Channel, Message, Role
from bot.words import Text

__all__ = ["Converter", "Incoming"]

KEEP = 10_000


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message for the core, and what to tell its author about files left out."""

    message: Message
    left_out: tuple[Text, ...] = ()


class Converter:
    """Turns what Telegram tells into what the core takes.

    Messages that are older than `backlog` are read and not answered.
    """

    def __init__(
        self,
        me: Identity,
        chats: Chats,
        *,
        addressing: Addressing,
        files: Files,
        ask_admins: AskAdmins,
        backlog: timedelta,
        clock: Clock,
    ) -> None:
        self._me = me
        self._chats = chats
        self._addressing = addressing
        self._files = files
        self._ask_admins = ask_admins
        self._backlog = backlog
        self._clock = clock
        self._texts: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._threads: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def message(self, parts: Sequence[telegram.Message]) -> Incoming | None:
        """Return a message, of several parts where it is an album; None: for nobody."""
        first = parts[0]
        text_part = next((p for p in parts if p.text or p.caption), first)
        raw = text_part.text or text_part.caption or ""
        if self._is_noise(first) or is_for_others(raw, self._me):
            return None
        text = text_of(text_part, self._me)
        if not (raw or text) and not any(files_in(part) for part in parts):
            return None  # somebody joined, a title changed, and the like
        channel = self.channel(first)
        author = await self.author(first, channel)
        self._remember(channel, parts, raw)
        is_direct = is_mention(text_part, self._me) or self._is_reply_to_me(first)
        call = await self._addressing.read(
            channel, text, is_direct=is_direct, also_known_as=str(first.chat.id)
        )
        is_old = self._is_old(first.date)
        if is_old and is_command(text):
            return None  # nobody waits for it any more
        is_to_bot = call.is_to_bot and not is_old
        attachments, left_out = await self._files.of(parts) if is_to_bot else ((), ())
        replied = await self._replied(first, channel, with_files=is_to_bot)
        message = Message(
            id=self._message_id(first),
            channel=channel,
            author=author,
            text=call.text if is_command(text) else quoted(first, call.text),
            created_utc=first.date,
            reply_to_id=replied.id if replied else None,
            attachments=attachments,
            is_to_bot=is_to_bot,
            replied=replied,
        )
        return Incoming(message, left_out)

    async def edited(self, source: telegram.Message) -> Message | None:
        """Return a message whose text has changed; None: something else has."""
        text = source.text or source.caption or ""
        known = self._texts.get((str(source.chat.id), source.message_id))
        if known == text or not text:
            return None
        incoming = await self.message((source,))
        return incoming.message if incoming else None

    def channel(self, message: telegram.Message) -> Channel:
        """Return where a message is: its chat, or the topic of it."""
        self._chats.note(message.chat)
        thread_id = message.message_thread_id if message.is_topic_message else None
        return self._chats.channel(
            str(message.chat.id), str(thread_id) if thread_id else None
        )

    async def author(self, message: telegram.Message, channel: Channel) -> Author:
        """Return who wrote a message, with the rights they have there now."""
        sender = message.sender_chat
        if sender is not None and sender.id == message.chat.id:
            # An administrator who does not show who they are.
            name = message.author_signature or sender.title or ""
            home = self._chats.home(str(sender.id))
            return Author(f"anonymous:{home}", name, Role.MODERATOR)
        if sender is not None:
            return Author(
                str(sender.id),
                sender.title or "",
                is_bot=bool(message.is_automatic_forward),
            )
        if message.from_user is None:
            return Author("unknown", message.author_signature or "", is_bot=True)
        return await self.person(message.from_user, channel)

    async def person(self, user: telegram.User, channel: Channel) -> Author:
        """Return somebody, with the rights they have in a channel now."""
        return Author(
            id=str(user.id),
            name=user.full_name or user.username or str(user.id),
            role=await self._chats.role(channel.id, user.id, self._ask_admins),
            is_bot=user.is_bot,
            language=user.language_code,
            is_self=user.id == self._me.id,
        )

    async def role_now(self, channel: Channel, person_id: str) -> Role:
        """Return what somebody may do in a channel, whatever was known before.

        Raises:
            PlatformError: Telegram did not say.
        """
        return await self._chats.role_now(channel.id, person_id, self._ask_admins)

    def is_comment(self, channel: Channel, message_id: str) -> bool:
        """Return whether a message stands in a thread of replies that is no topic.

        Only an answer that replies to it stands there as well.
        """
        return (channel.id, message_id) in self._threads

    def _is_noise(self, message: telegram.Message) -> bool:
        is_own = message.from_user is not None and message.from_user.id == self._me.id
        return (
            bool(message.is_automatic_forward) or is_own or message.via_bot is not None
        )

    def _is_reply_to_me(self, message: telegram.Message) -> bool:
        replied = message.reply_to_message
        author = replied.from_user if replied is not None else None
        is_topic_start = replied is not None and replied.forum_topic_created is not None
        return author is not None and author.id == self._me.id and not is_topic_start

    async def _replied(
        self, message: telegram.Message, channel: Channel, *, with_files: bool
    ) -> Message | None:
        replied = message.reply_to_message
        # In a topic each message replies to the one that opened it.
        if replied is None or replied.forum_topic_created is not None:
            return None
        attachments, _ = await self._files.of((replied,)) if with_files else ((), ())
        author = await self.author(replied, channel)
        return Message(
            id=self._message_id(replied),
            channel=channel,
            author=replace(author, is_bot=author.is_bot and not author.is_self),
            text=text_of(replied, self._me),
            created_utc=replied.date,
            attachments=attachments,
        )

    def _message_id(self, message: telegram.Message) -> str:
        return self._chats.message_id(str(message.chat.id), message.message_id)

    def _is_old(self, when: datetime) -> bool:
        return self._clock.now_utc() - when > self._backlog

    def _remember(
        self, channel: Channel, parts: Sequence[telegram.Message], text: str
    ) -> None:
        for part in parts:
            self._texts[(str(part.chat.id), part.message_id)] = text
            if part.message_thread_id and not part.is_topic_message:
                self._threads[(channel.id, self._message_id(part))] = None
        while len(self._texts) > KEEP:
            self._texts.popitem(last=False)
        while len(self._threads) > KEEP:
            self._threads.popitem(last=False)
