"""Somebody who acts on the small Telegram, within what its apps allow."""

from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server import utf16
from tests.telegram_server.accounts import (
    CHANNEL_BOT,
    GROUP_ANONYMOUS_BOT,
    Account,
    BotAccount,
)
from tests.telegram_server.chats import Chat, Member, Topic
from tests.telegram_server.entities import Entity, fix
from tests.telegram_server.media import Media
from tests.telegram_server.messages import Message, Quote
from tests.telegram_server.world import World

__all__ = ["Actor", "NotAllowedError", "Place"]

Place = Chat | BotAccount
"""A chat; a bot stands for the private chat with it."""


class NotAllowedError(Exception):
    """A person tries what Telegram's own apps would not let them do."""


@dataclass(slots=True, eq=False)
class Actor(Account):
    """A person who acts in a world."""

    world: World = field(kw_only=True, repr=False)

    def place(self, where: Place) -> Chat:
        """Return a chat; with a bot, the private one."""
        if isinstance(where, Chat):
            return where.migrated_to or where
        chat = self.world.private.get((where.id, self.id))
        if chat is None:
            chat = Chat(self.id, "private", person=self, bot=where, is_started=False)
            self.world.private[where.id, self.id] = chat
        return chat

    def post(
        self,
        where: Place,
        text: str = "",
        *,
        permission: str = "can_send_messages",
        entities: list[Entity] | None = None,
        media: Media | None = None,
        reply_to: Message | None = None,
        quote: str | None = None,
        topic: Topic | int | None = None,
        as_channel: Chat | None = None,
        **fields: Any,
    ) -> Message:
        """Put a message of this person into a chat."""
        chat = self.place(where)
        self._need_to_write(chat, permission)
        shown = fix(text, entities or [])
        thread_id = topic.id if isinstance(topic, Topic) else topic
        return self.world.post(
            Message(
                0,
                chat,
                self._shown_as(chat, as_channel),
                self.world.clock.now_utc(),
                author=self,
                text=shown.text,
                entities=shown.entities,
                media=media,
                reply_to=reply_to,
                quote=_quote(reply_to, quote),
                thread_id=thread_id,
                is_topic_message=thread_id in chat.topics,
                sender_chat=as_channel or self._shown_chat(chat),
                **fields,
            )
        )

    def say_happened(self, chat: Chat, **service: Any) -> Message:
        """Put a line into a chat that says what this person did."""
        return self.world.post(
            Message(
                0,
                chat,
                self._shown_as(chat, None),
                self.world.clock.now_utc(),
                author=self,
                service=service,
                sender_chat=self._shown_chat(chat),
            )
        )

    def _need_to_write(self, chat: Chat, permission: str) -> None:
        if chat.is_private:
            if chat.bot is not None and chat.bot.id in self.has_blocked:
                raise NotAllowedError(f"{self.first_name} has blocked the bot")
            chat.is_started = True
            return
        member = chat.member(self)
        if member is None or not member.is_present:
            raise NotAllowedError(f"{self.first_name} is not in {chat.title}")
        if member.is_admin:
            return
        if chat.type == "channel":
            raise NotAllowedError(f"{self.first_name} may not post in {chat.title}")
        allowed = chat.permissions
        if member.status == "restricted" and not self._is_over(member):
            allowed = allowed & member.permissions
        if permission not in allowed:
            raise NotAllowedError(f"{self.first_name} lacks {permission}")

    def _is_over(self, member: Member) -> bool:
        now = self.world.clock.now_utc().timestamp()
        return 0 < member.until <= now

    def _shown_as(self, chat: Chat, as_channel: Chat | None) -> Account | None:
        if chat.type == "channel":
            return None
        if as_channel is not None:
            return CHANNEL_BOT
        member = chat.member(self)
        return GROUP_ANONYMOUS_BOT if member and member.is_anonymous else self

    def _shown_chat(self, chat: Chat) -> Chat | None:
        member = chat.member(self)
        is_hidden = member is not None and member.is_anonymous
        return chat if chat.type == "channel" or is_hidden else None


def _quote(answered: Message | None, text: str | None) -> Quote | None:
    if text is None:
        return None
    if answered is None or text not in answered.text:
        raise NotAllowedError("only what a message says can be quoted from it")
    return Quote(text, utf16.units(answered.text[: answered.text.index(text)]))
