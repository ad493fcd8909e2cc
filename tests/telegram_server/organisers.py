"""People who come, go, and run chats."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tests.telegram_server.accounts import Account, BotAccount
from tests.telegram_server.chats import ADMIN_RIGHTS, Chat, Member, Topic
from tests.telegram_server.messages import Message
from tests.telegram_server.people import Actor, NotAllowedError

__all__ = ["Organiser"]

ALL_RIGHTS = frozenset(ADMIN_RIGHTS)


@dataclass(slots=True, eq=False)
class Organiser(Actor):
    """What a person does about who is in a chat, and with which rights."""

    async def join(self, chat: Chat) -> None:
        """Come into a chat, by a link or because it is public."""
        await self.add(chat, self)

    async def add(self, chat: Chat, *accounts: Account) -> None:
        """Take others into a chat; bots keep the privacy mode they have now."""
        for account in accounts:
            sees_all = isinstance(account, BotAccount) and not account.privacy
            self.world.set_member(chat, Member(account, sees_all=sees_all), by=self)
        if chat.type != "channel":
            self.say_happened(chat, new_chat_members=list(accounts))

    async def leave(self, chat: Chat) -> None:
        """Go out of a chat."""
        self._say_left(chat, self)
        self.world.set_member(chat, Member(self, "left"), by=self)

    async def kick(self, chat: Chat, account: Account) -> None:
        """Throw somebody out, so that they cannot come back by themselves."""
        self._need(chat, "can_restrict_members")
        self._say_left(chat, account)
        self.world.set_member(chat, Member(account, "kicked"), by=self)

    def _say_left(self, chat: Chat, account: Account) -> None:
        if chat.type != "channel":
            self.say_happened(chat, left_chat_member=account)

    async def promote(
        self,
        chat: Chat,
        account: Account,
        rights: Iterable[str] = ALL_RIGHTS,
        *,
        is_anonymous: bool = False,
    ) -> None:
        """Make somebody an administrator with these rights."""
        self._need(chat, "can_promote_members")
        old = chat.member(account) or Member(account, "left")
        new = Member(
            account,
            "administrator",
            frozenset(rights) | {"can_manage_chat"},
            is_anonymous=is_anonymous,
            sees_all=old.sees_all,
        )
        self.world.set_member(chat, new, by=self)

    async def demote(self, chat: Chat, account: Account) -> None:
        """Make an administrator a member again."""
        self._need(chat, "can_promote_members")
        self.world.set_member(chat, Member(account), by=self)

    async def restrict(
        self, chat: Chat, account: Account, permissions: Iterable[str] = ()
    ) -> None:
        """Let somebody do only this in a chat; nothing mutes them."""
        self._need(chat, "can_restrict_members")
        new = Member(account, "restricted", permissions=frozenset(permissions))
        self.world.set_member(chat, new, by=self)

    async def migrate(self, group: Chat) -> Chat:
        """Make a group a supergroup; the old one is not to be written to any more."""
        self._need(group, "can_change_info")
        if group.type != "group":
            raise NotAllowedError("only a group becomes a supergroup")
        number = self.world.next_number("channel", 1_000_000_001)
        chat = Chat(
            -1_000_000_000_000 - number,
            "supergroup",
            group.title,
            members={key: replace(m) for key, m in group.members.items()},
        )
        self.world.chats[chat.id] = chat
        self.say_happened(group, migrate_to_chat_id=chat.id)
        group.migrated_to = chat
        self.say_happened(chat, migrate_from_chat_id=group.id)
        return chat

    async def rename(self, chat: Chat, title: str) -> None:
        """Give a chat another title."""
        self._need(chat, "can_change_info")
        chat.title = title
        self.say_happened(chat, new_chat_title=title)

    async def pin(self, message: Message) -> None:
        """Put a message at the top of its chat."""
        self._need(message.chat, "can_pin_messages")
        message.chat.pinned.append(message)
        self.say_happened(message.chat, pinned_message=message)

    async def open_topic(self, chat: Chat, name: str) -> Topic:
        """Open a topic in a forum."""
        if not chat.is_forum:
            raise NotAllowedError(f"{chat.title} has no topics")
        topic = Topic(0, name)
        contents = {"name": name, "icon_color": topic.icon_color}
        self._say_in_topic(chat, topic, "forum_topic_created", contents)
        return topic

    async def close_topic(self, chat: Chat, topic: Topic) -> None:
        """Close a topic: only those who run topics write there now."""
        self._need(chat, "can_manage_topics")
        topic.is_closed = True
        self._say_in_topic(chat, topic, "forum_topic_closed", {})

    async def reopen_topic(self, chat: Chat, topic: Topic) -> None:
        """Open a topic again."""
        topic.is_closed = False
        self._say_in_topic(chat, topic, "forum_topic_reopened", {})

    async def delete_topic(self, chat: Chat, topic: Topic) -> None:
        """Take a topic away with all that was written in it; bots are not told."""
        topic.is_deleted = True
        for message in [m for m in chat.messages if m.thread_id == topic.id]:
            self.world.delete(message)

    def _say_in_topic(
        self, chat: Chat, topic: Topic, name: str, contents: dict[str, object]
    ) -> None:
        self.world.say_in_topic(chat, topic, self, {name: contents})

    def _need(self, chat: Chat, right: str) -> None:
        member = chat.member(self)
        is_private = chat.is_private
        if not is_private and (member is None or not member.has_right(right)):
            raise NotAllowedError(f"{self.first_name} lacks {right}")
