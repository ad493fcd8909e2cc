"""What passes between people and the bot, on whatever platform.

Ids are the platform's own, kept as `str`. Nothing here knows a platform.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

__all__ = [
    "Attachment",
    "Author",
    "Button",
    "Channel",
    "Link",
    "Message",
    "Poll",
    "Press",
    "Publication",
    "Reply",
    "Role",
    "Scope",
    "scope_of",
]

LETTERS = "ABCDEFGHIJ"


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
    """A file that came with a message or goes out with a reply."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    is_voice: bool = False  # a voice message, as against a file with sound

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
    """Something to press under a reply; pressing it runs a command."""

    label: str
    command: str  # "/stop 17": what `hearthbot do` would run


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


@dataclass(frozen=True, slots=True)
class Link:
    """Where something comes from."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with answers to choose from.

    Attributes:
        correct: the index of the right answer, which makes it a quiz; None: any may be.
        explanation: shown once a quiz was answered, where the platform can.
        hours: how long it stays open.
    """

    question: str
    answers: tuple[str, ...]
    correct: int | None = None
    explanation: str = ""
    hours: int = 24

    @property
    def text(self) -> str:
        """It in markdown, the solution hidden, for platforms without polls."""
        answers = "\n".join(
            f"- {letter}: {answer}"
            for letter, answer in zip(LETTERS, self.answers, strict=False)
        )
        solution = ""
        if self.correct is not None:
            right = f"{LETTERS[self.correct]}: {self.answers[self.correct]}"
            solution = f"||{right}. {self.explanation}".strip() + "||"
        parts = (f"**{self.question}**", answers, solution)
        return "\n\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Publication:
    """A post as it goes out. Already judged; each platform lays it out in its own way.

    Attributes:
        id: the post's, shown small so that moderators can name it.
        body: in markdown.
        byline: the line that says it was made by AI, in the post's language.
        tags: for channels that sort posts by tags (Discord's forums).
        discussion: the name of a thread to open below it; "": none.
        mention_role: the platform's id of a role to call; "": nobody is called.
        begun_utc: since when parts of it may be there; None: it was never sent.
    """

    id: str
    title: str
    body: str = field(repr=False)
    summary: str = ""
    picture: Attachment | None = None
    sources: tuple[Link, ...] = ()
    byline: str = ""
    tags: tuple[str, ...] = ()
    poll: Poll | None = None
    discussion: str = ""
    mention_role: str = ""
    begun_utc: datetime | None = None

    @property
    def text(self) -> str:
        """All of it as one text in markdown, for platforms without a better layout."""
        sources = "\n".join(f"- [{link.title}]({link.url})" for link in self.sources)
        small = f"*{self.byline}*" if self.byline else ""
        poll = self.poll.text if self.poll else ""
        parts = (f"# {self.title}", self.body, poll, sources, small)
        return "\n\n".join(part for part in parts if part.strip())
