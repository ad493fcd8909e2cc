"""All that the small Telegram knows, and the few ways in which it changes."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from bot.clock import Clock
from tests.telegram_server.accounts import (
    CHANNEL_BOT,
    GROUP_ANONYMOUS_BOT,
    TELEGRAM,
    Account,
    BotAccount,
)
from tests.telegram_server.chats import Chat, Member, Topic
from tests.telegram_server.delivery import wants
from tests.telegram_server.media import Stored
from tests.telegram_server.messages import Message
from tests.telegram_server.render import member_json, message_json

__all__ = ["World"]

STAND_INS = (TELEGRAM, GROUP_ANONYMOUS_BOT, CHANNEL_BOT)


class World:
    """Accounts, chats, messages and files. Whatever changes is told to the bots.

    Attributes:
        bots: by token.
        chats: by id, all but the private ones.
        private: private chats by the ids of bot and person.
        query_life_s: so long the press of a button may be answered.
    """

    def __init__(self, clock: Clock, *, query_life_s: float = 900.0) -> None:
        self.clock = clock
        self.query_life_s = query_life_s
        self.accounts: dict[int, Account] = {person.id: person for person in STAND_INS}
        self.bots: dict[str, BotAccount] = {}
        self.chats: dict[int, Chat] = {}
        self.private: dict[tuple[int, int], Chat] = {}
        self.files: dict[str, Stored] = {}
        self.sticker_sets: dict[str, dict[str, Any]] = {}
        self._numbers: dict[str, itertools.count[int]] = {}
        self._waiters: set[asyncio.Future[None]] = set()

    def next_number(self, kind: str, start: int = 1) -> int:
        """Return the next of the numbers that name things of a kind."""
        return next(self._numbers.setdefault(kind, itertools.count(start)))

    def account(self, account_id: int) -> Account | None:
        """Return whoever has this id."""
        return self.accounts.get(account_id)

    def message_json(self, message: Message) -> dict[str, Any]:
        """Return a message as the API writes it."""
        return message_json(message, self.account)

    def changed(self) -> None:
        """Let those look again who wait for something to be so."""
        for waiter in tuple(self._waiters):
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so; it is looked at whenever anything changes."""
        while not is_so():
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.add(waiter)
            try:
                await waiter
            finally:
                self._waiters.discard(waiter)

    def tell(self, bot: BotAccount, kind: str, contents: dict[str, Any]) -> None:
        """Give a bot an update, if it asked for the kind."""
        bot.updates.add(kind, contents)
        self.changed()

    def post(self, message: Message) -> Message:
        """Put a message, which has no id yet, into its chat and tell the bots."""
        chat = message.chat
        if chat.has_own_ids:
            chat.last_message_id += 1
            message.id = chat.last_message_id
        else:
            message.id = self.next_number("message")
        self._put_into_thread(message)
        # Whoever was the last bot to write is asked before this one counts.
        kind = "channel_post" if chat.type == "channel" else "message"
        wanting = [bot for bot in self.bots.values() if wants(bot, message)]
        chat.messages.append(message)
        chat.actions.clear()
        for bot in wanting:
            self.tell(bot, kind, self.message_json(message))
        if chat.type == "channel" and chat.linked is not None and not message.service:
            self._forward_to_discussion(message, chat.linked)
        self.changed()
        return message

    def _put_into_thread(self, message: Message) -> None:
        chat, answered = message.chat, message.reply_to
        if chat.type != "supergroup" or answered is None or message.thread_id:
            return
        if answered.chat is not chat:
            return
        # A thread of replies is not a topic, but it has an id as well; also in General.
        message.thread_id = answered.thread_id or answered.id
        message.is_topic_message = answered.is_topic_message

    def _forward_to_discussion(self, post: Message, group: Chat) -> None:
        self.post(
            Message(
                0,
                group,
                TELEGRAM,
                self.clock.now_utc(),
                text=post.text,
                entities=post.entities,
                media=post.media,
                sender_chat=post.chat,
                is_automatic_forward=True,
                media_group_id=post.media_group_id,
                forward_origin={
                    "type": "channel",
                    "date": int(post.at_utc.timestamp()),
                    "chat": post.chat.to_json(),
                    "message_id": post.id,
                },
            )
        )

    def edited(self, message: Message) -> None:
        """Note that a message has just changed, and tell the bots."""
        message.edited_utc = self.clock.now_utc()
        is_post = message.chat.type == "channel"
        kind = "edited_channel_post" if is_post else "edited_message"
        for bot in self.bots.values():
            if wants(bot, message):
                self.tell(bot, kind, self.message_json(message))
        self.changed()

    def delete(self, message: Message) -> None:
        """Take a message away. Bots are not told: Telegram has no update for it."""
        message.chat.messages.remove(message)
        message.chat.deleted.append(message)
        if message in message.chat.pinned:
            message.chat.pinned.remove(message)
        message.is_deleted = True
        self.changed()

    def set_member(self, chat: Chat, new: Member, *, by: Account) -> None:
        """Change somebody's place in a chat and tell the bots whom it concerns."""
        old = chat.members.get(new.account.id) or Member(new.account, "left")
        chat.members[new.account.id] = new
        if new.status == "left" and old.status == "left":
            return
        self.tell_member(chat, old, new, by=by)

    def tell_member(self, chat: Chat, old: Member, new: Member, *, by: Account) -> None:
        """Tell the bots that somebody's place in a chat is another now."""
        contents = {
            "chat": chat.to_json(),
            "from": by.to_json(),
            "date": int(self.clock.now_utc().timestamp()),
            "old_chat_member": member_json(old, chat),
            "new_chat_member": member_json(new, chat),
        }
        for bot in self.bots.values():
            if bot is new.account or chat.bot is bot:
                self.tell(bot, "my_chat_member", contents)
            elif chat.is_admin(bot):
                self.tell(bot, "chat_member", contents)
        self.changed()

    def say_in_topic(
        self, chat: Chat, topic: Topic, by: Account, service: dict[str, Any]
    ) -> Message:
        """Put a line about a topic into it; the first one gives the topic its id."""
        message = Message(0, chat, by, self.clock.now_utc(), service=service)
        message.is_topic_message = True
        if topic.id:
            message.thread_id = topic.id
        else:
            topic.id = message.thread_id = chat.last_message_id + 1
            chat.topics[topic.id] = topic
        return self.post(message)
