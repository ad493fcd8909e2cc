"""What passes between people and the bot, on whatever platform.

Ids are the platform's own, kept as `str`. Nothing here knows a platform.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from bot.provenance import Provenance

__all__ = [
    "Attachment",
    "Author",
    "Button",
    "Channel",
    "Message",
    "Press",
    "Reply",
    "Role",
    "Scope",
    "scope_of",
]


class Role(IntEnum):
    """What a person may do, least first, so that roles can be compared."""

    MEMBER = 1
    """Talks, and uses commands that concern only themselves."""
    MODERATOR = 2
    """Steers the bot in their community."""
    OWNER = 3
    """Runs the bot."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a message or pressed a button.

    Attributes:
        is_bot: a program; it is never answered.
        is_self: this very bot.
        language: a tag such as "zh-CN"; None: not known.
    """

    id: str
    name: str
    role: Role = Role.MEMBER
    is_bot: bool = False
    language: str | None = None
    is_self: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to talk: a Discord channel or thread, a Telegram chat, a web room."""

    platform: str
    id: str
    community_id: str
    name: str = ""
    thread_id: str | None = None
    is_private: bool = False  # one person and the bot
    is_age_restricted: bool = False

    @property
    def key(self) -> str:
        """The channel as settings name it: `platform:id` or `platform:id/thread`."""
        thread = f"/{self.thread_id}" if self.thread_id else ""
        return f"{self.platform}:{self.id}{thread}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What may enter one prompt together. Nothing from another scope ever does."""

    platform: str
    community_id: str
    channel_id: str
    thread_id: str | None
    person_id: str | None

    @property
    def key(self) -> str:
        """An unambiguous string for the store."""
        parts = (
            self.platform,
            self.community_id,
            self.channel_id,
            self.thread_id,
            self.person_id,
        )
        return "|".join(
            "-" if part is None else "=" + part.replace("%", "%25").replace("|", "%7C")
            for part in parts
        )


def scope_of(channel: Channel, author: Author) -> Scope:
    """Return the scope of what an author writes in a channel: the one place for it."""
    return Scope(
        platform=channel.platform,
        community_id=channel.community_id,
        channel_id=channel.id,
        thread_id=channel.thread_id,
        person_id=author.id if channel.is_private else None,
    )


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message or goes out with a reply.

    Attributes:
        is_voice: a voice message, as against a file with sound.
        description: what a picture shows, for those who cannot see it; "": not said.
        provenance: which model drew it; None: it is not ours.
    """

    name: str
    media_type: str
    content: bytes = field(repr=False)
    is_voice: bool = False
    description: str = field(default="", repr=False)
    provenance: Provenance | None = None

    @property
    def size_bytes(self) -> int:
        """How large the file is."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person wrote.

    Attributes:
        is_to_bot: a mention, a reply to it, a private or "always" channel.
        replied: the message that it replies to, where the platform shows it; that one's
            own `replied` is None.
        is_aside: it was asked beside the channel and is answered to its author alone;
            neither the question nor the answer becomes part of the conversation.
    """

    id: str
    channel: Channel
    author: Author
    text: str = field(repr=False)
    created_utc: datetime
    reply_to_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    is_to_bot: bool = False
    replied: "Message | None" = field(default=None, repr=False)
    is_aside: bool = False

    @property
    def scope(self) -> Scope:
        """What this message may be read together with."""
        return scope_of(self.channel, self.author)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press under a reply; pressing it runs a command.

    Attributes:
        command: what `hearthbot do` would run, such as "/stop 17".
        asks: what the platform asks the person for; the answer is added behind the
            command. "": nothing is asked.
        prefill: what the answer begins as, where the platform can show that.
    """

    label: str
    command: str
    asks: str = ""
    prefill: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Press:
    """A person pressed a button.

    Attributes:
        message_id: the message that has the button.
        id: the platform's name for this press, which the reply answers; "": none.
    """

    channel: Channel
    author: Author
    command: str
    message_id: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Something the bot says. Already judged: adapters send it as it is."""

    text: str = field(repr=False)
    buttons: tuple[Button, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reply_to_id: str | None = None
    only_for: str | None = None  # the one person who should see it; None: everybody
    settles: bool = False  # what was pressed is decided: its buttons may go
