"""What a platform must offer the core, and what the core offers a platform."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from bot.discipline import Discipline
from bot.errors import PlatformError, UserError
from bot.messages import Attachment, Author, Button, Channel, Message, Press, Reply
from bot.preview import PreviewKind, PreviewPart
from bot.publication import Publication, Published
from bot.reactions import Comment, Reaction, Vote
from bot.words import T

__all__ = ["Adapter", "CallCounts", "Inbox", "Limits", "ReplyStream"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform takes.

    Attributes:
        text_units: the longest text of one message, in the platform's own units.
        count_units: how the platform counts (code points, UTF-16 units, bytes).
        edit_interval_s: the least time between two edits of one message.
        attachment_bytes: the largest file that may come in or go out.
        attachments: how many files one message may carry.
    """

    text_units: int
    count_units: Callable[[str], int] = len
    edit_interval_s: float = 1.0
    attachment_bytes: int = 10 * 1024 * 1024
    attachments: int = 10


@dataclass(slots=True)
class CallCounts:
    """Calls to a platform since the bot started; `limited` is how many it put off."""

    made: int = 0
    limited: int = 0


class Inbox(Protocol):
    """Where an adapter hands in what happens on its platform.

    Each call returns at once; the work goes on in the core's own tasks.
    """

    def message(self, message: Message) -> None:
        """A person wrote. A message id that was seen before is ignored."""

    def edited(self, message: Message) -> None:
        """A person changed the text of what they wrote."""

    def deleted(self, channel: Channel, message_id: str) -> None:
        """A message is gone: what is being answered to it stops."""

    def pressed(self, press: Press) -> None:
        """A person pressed a button."""

    def reacted(self, reaction: Reaction) -> None:
        """Somebody put an emoji under a message or took it away; bots do not count."""

    def voted(self, vote: Vote) -> None:
        """Somebody voted in a poll or took their vote back; bots do not count."""

    def commented(self, comment: Comment) -> None:
        """Somebody wrote below a post, where the message alone does not show that."""


class ReplyStream(ABC):
    """One answer while it grows. What is fed is already judged and may be shown."""

    @abstractmethod
    async def notice(self, text: str, picture: Attachment | None = None) -> None:
        """Show a passing line such as the place in the queue, perhaps with a picture.

        The first text that is fed takes its place; where nothing can be edited or
        taken back, it may be shown once or not at all. The picture goes with it; where
        none can be shown, there is the line alone. Returns at once.
        """

    @abstractmethod
    async def feed(self, text: str) -> None:
        """Add text to the end. Returns at once; showing it may be put off."""

    @abstractmethod
    async def finish(self, reply: Reply) -> tuple[str, ...]:
        """Show the whole answer, `reply.text`, with its buttons and files.

        `reply.text` starts with what was fed, unless something had to be taken back.
        Returns the platform's ids of the messages it became, in order.

        Raises:
            PlatformError: the platform did not take it.
        """


class Adapter(Discipline, ABC):
    """A platform that people talk on.

    A life cycle: `async with adapter:` connects and disconnects. Class attributes say
    what the platform can do.
    """

    name: ClassVar[str]
    limits: Limits
    calls: CallCounts | None = None  # None: it makes none that could be put off
    can_edit: ClassVar[bool] = True
    can_press: ClassVar[bool] = True
    can_hide: ClassVar[bool] = False  # replies that only one person sees
    can_deduplicate: ClassVar[bool] = False  # a nonce is never sent twice
    can_offer: ClassVar[bool] = True  # finished answers have buttons: again, on, rate
    can_emoji: ClassVar[bool] = False  # communities have emoji of their own
    can_sticker: ClassVar[bool] = False  # and stickers

    @property
    def url(self) -> str:
        """Where people find it in a browser; "" where they do not."""
        return ""

    @property
    def invitation(self) -> str:
        """Where a community lets it in; "" where that needs no address."""
        return ""

    @property
    def left(self) -> asyncio.Event | None:
        """Set when the one person it is for has left; None: it is for many."""
        return None

    @abstractmethod
    async def __aenter__(self) -> "Adapter": ...

    @abstractmethod
    async def __aexit__(self, *exc_info: object) -> None: ...

    @abstractmethod
    def channel(self, channel_id: str) -> Channel:
        """Return the channel with this id; `id/thread` names a thread or topic of it.

        Raises:
            GoneError: there is none.
        """

    def link(self, channel: Channel, message_id: str) -> str:
        """Return the address of a message for a browser; "" where it has none."""
        return ""

    @abstractmethod
    async def send(
        self, channel: Channel, reply: Reply, *, nonce: str = ""
    ) -> tuple[str, ...]:
        """Send one reply, split where it is too long; return its messages' ids.

        A nonce names the sending: where the platform can, the same nonce is not sent
        twice. `reply.reply_to_id` may also be the id of a command or a press that the
        adapter handed in: then it is answered as the platform answers those. A reply
        that is `only_for` somebody is shown to nobody else; where the platform cannot
        hide it, it goes to the person in private or says only that they should ask
        there. A blank reply shows nothing; it only acknowledges a command or a press.
        The ids are in order; () where it became no message, but an alert or nothing.

        Raises:
            PlatformError: the platform did not take it.
        """

    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        """Send a post, laid out as the platform can; return what it became.

        Raises:
            PlatformError: the platform did not take it.
        """
        picture = publication.picture
        reply = Reply(publication.text, attachments=(picture,) if picture else ())
        message_ids = await self.send(channel, reply, nonce=nonce)
        *_, last_id = ("", *message_ids)
        return Published(message_ids, picture_message_id=last_id if picture else "")

    async def revise(
        self,
        channel: Channel,
        published: Published,
        publication: Publication,
        *,
        nonce: str,
    ) -> Published:
        """Change a post that is out; return what it is then. May be repeated.

        A nonce names the change: where the platform can, what is added to the post is
        not sent twice under the same one. Polls stay as they are.

        Raises:
            GoneError: it is no longer there.
            NetworkError: no answer came. Where the adapter cannot deduplicate, a part
                that was added may be there or not; else it raises RateLimitedError.
            PlatformError: the platform did not take it.
        """
        raise PlatformError(T("What was sent cannot be changed on this platform."))

    async def retract(self, channel: Channel, published: Published) -> None:
        """Take a post away, with what was opened below it. May be repeated.

        What is gone already is no error.

        Raises:
            PlatformError: it is still there, or part of it; the text says what to do.
        """
        raise PlatformError(T("What was sent cannot be taken back on this platform."))

    def preview(self, publication: Publication) -> tuple[PreviewPart, ...]:
        """Return the messages that `publish` would make of a post; sends nothing."""
        has_picture = publication.picture is not None
        kind = PreviewKind.CAPTION if has_picture else PreviewKind.TEXT
        return (PreviewPart(kind, publication.text),)

    async def add_emoji(
        self, channel: Channel, name: str, picture: Attachment, *, by: Author
    ) -> str:
        """Add an emoji to the community of a channel; return its id.

        `by` is the moderator who wants it: the platform may note or need them.

        Raises:
            UserError: the platform has none of a community's own.
            PlatformError: it did not take it.
        """
        raise UserError(T("Communities have no emoji of their own on this platform."))

    async def add_sticker(
        self,
        channel: Channel,
        name: str,
        picture: Attachment,
        *,
        emoji: str,
        by: Author,
    ) -> str:
        """Add a sticker to the community of a channel; return where to find it.

        That is an address for a browser; "" where it needs none. `by` is the moderator
        who wants it: the platform may note or need them.

        Raises:
            UserError: the platform has none of a community's own.
            PlatformError: it did not take it.
        """
        raise UserError(T("I can add no stickers on this platform."))

    async def change(self, channel: Channel, message_id: str, reply: Reply) -> None:
        """Show a reply in place of a message of the bot, such as a card.

        Raises:
            GoneError: it is no longer there.
            PlatformError: the platform did not take it.
        """
        raise PlatformError(T("What was sent cannot be changed on this platform."))

    @abstractmethod
    def open_reply(
        self, message: Message, *, buttons: tuple[Button, ...] = ()
    ) -> ReplyStream:
        """Begin an answer to a message. Shows that the bot is at it (typing).

        The buttons (Stop) are there while it grows, where the platform can; `finish`
        puts the reply's own in their place.
        """
