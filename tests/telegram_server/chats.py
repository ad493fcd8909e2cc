"""Places to write in: who is there, with which rights, and what was written."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.telegram_server.accounts import Account, BotAccount

if TYPE_CHECKING:
    from tests.telegram_server.messages import Message

__all__ = ["ADMIN_RIGHTS", "PERMISSIONS", "Chat", "Draft", "Member", "Topic"]

PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
    "can_react_to_messages",
)
ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_messages",
    "can_edit_messages",
    "can_pin_messages",
    "can_manage_topics",
)
PRESENT = ("creator", "administrator", "member")


@dataclass(slots=True, eq=False)
class Member:
    """Somebody's place in a chat.

    Attributes:
        status: as the API names it.
        rights: an administrator's; the creator has all.
        permissions: what a restricted member may still do.
        until: when a restriction or a ban ends; 0: never.
        sees_all: a bot that came without privacy mode.
    """

    account: Account
    status: str = "member"
    rights: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    until: int = 0
    is_anonymous: bool = False
    custom_title: str = ""
    sees_all: bool = False
    is_member: bool = True  # of a restricted one: whether they are in the chat

    @property
    def is_present(self) -> bool:
        """Whether they are in the chat."""
        return self.status in PRESENT or (
            self.status == "restricted" and self.is_member
        )

    @property
    def is_admin(self) -> bool:
        """Whether they run the chat, alone or with others."""
        return self.status in ("creator", "administrator")

    def has_right(self, right: str) -> bool:
        """Whether they may do this as one who runs the chat."""
        return self.status == "creator" or (self.is_admin and right in self.rights)


@dataclass(slots=True, eq=False)
class Topic:
    """A topic of a forum; its id is that of the message that opened it."""

    id: int
    name: str
    icon_color: int = 7322096
    is_closed: bool = False
    is_deleted: bool = False


@dataclass(slots=True)
class Draft:
    """What a person saw of an answer while it was written."""

    draft_id: int
    text: str
    thread_id: int | None
    at_utc: datetime
    bot: BotAccount = field(repr=False)


@dataclass(slots=True, eq=False)
class Chat:
    """A place, and what a person who looks at it sees.

    Attributes:
        type: private, group, supergroup or channel.
        messages: what is there now, in order; `deleted` is what was there.
        actions: typing and the like that is shown now; `actions_seen` is all of it.
        drafts: answers in the making, as they were shown (private chats).
        linked: a channel's discussion group, or a group's channel.
        migrated_to: the supergroup that a group has become.
    """

    id: int
    type: str
    title: str = ""
    username: str = ""
    is_forum: bool = False
    person: Account | None = None
    bot: BotAccount | None = None
    is_started: bool = True
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    permissions: frozenset[str] = frozenset(PERMISSIONS)
    messages: "list[Message]" = field(default_factory=list)
    deleted: "list[Message]" = field(default_factory=list)
    pinned: "list[Message]" = field(default_factory=list)
    actions: list[tuple[str, int | None]] = field(default_factory=list)
    actions_seen: list[tuple[str, int | None]] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    linked: "Chat | None" = None
    migrated_to: "Chat | None" = None
    last_message_id: int = 1  # the first one says that the chat was made
    is_general_closed: bool = False

    @property
    def is_private(self) -> bool:
        """Whether it is one person and one bot."""
        return self.type == "private"

    @property
    def has_own_ids(self) -> bool:
        """Whether messages are counted here alone; elsewhere they share one count."""
        return self.type in ("supergroup", "channel")

    @property
    def texts(self) -> list[str]:
        """What the messages say."""
        return [message.text for message in self.messages]

    def member(self, account: Account) -> Member | None:
        """Return somebody's place here, also of those who left."""
        return self.members.get(account.id)

    def is_admin(self, account: Account) -> bool:
        """Whether somebody runs the chat."""
        member = self.member(account)
        return member is not None and member.is_admin

    def find(self, message_id: int) -> "Message | None":
        """Return the message with this id, if it is still there."""
        for message in reversed(self.messages):
            if message.id == message_id:
                return message
        return None

    def by(self, account: Account) -> "list[Message]":
        """Return what somebody wrote here and did not take back."""
        return [m for m in self.messages if m.author is account and not m.service]

    def to_json(self) -> dict[str, Any]:
        """Return it as the API's Chat."""
        if self.person is not None:
            person = self.person.to_json()
            kept = ("first_name", "last_name", "username")
            names = {key: person[key] for key in kept if key in person}
            return {"id": self.id, "type": self.type, **names}
        optional = {"username": self.username, "is_forum": self.is_forum}
        return {
            "id": self.id,
            "type": self.type,
            "title": self.title,
            **{key: value for key, value in optional.items() if value},
        }
