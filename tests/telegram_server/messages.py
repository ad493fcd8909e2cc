"""Messages as they are kept."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.telegram_server import utf16
from tests.telegram_server.accounts import Account
from tests.telegram_server.chats import Chat
from tests.telegram_server.entities import Entity, Formatted
from tests.telegram_server.media import Media

__all__ = ["Markup", "Message", "Poll", "Quote", "Version"]

Markup = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """What a message showed before it was edited."""

    text: str
    entities: tuple[Entity, ...]
    markup: Markup | None
    media: Media | None


@dataclass(frozen=True, slots=True)
class Quote:
    """The part of a message that a reply is about."""

    text: str
    position: int
    is_manual: bool = True
    entities: tuple[Entity, ...] = ()


@dataclass(slots=True, eq=False)
class Poll:
    """A question with answers, and who chose which."""

    id: str
    question: str
    options: list[str]
    is_anonymous: bool = True
    type: str = "regular"
    allows_multiple_answers: bool = False
    is_closed: bool = False
    correct_option_id: int | None = None
    votes: dict[int, list[int]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as the API's Poll."""
        counts = [
            sum(index in chosen for chosen in self.votes.values())
            for index in range(len(self.options))
        ]
        shown: dict[str, Any] = {
            "id": self.id,
            "question": self.question,
            "options": [
                {"text": text, "voter_count": count, "persistent_id": f"{index}"}
                for index, (text, count) in enumerate(
                    zip(self.options, counts, strict=True)
                )
            ],
            "total_voter_count": len(self.votes),
            "is_closed": self.is_closed,
            "is_anonymous": self.is_anonymous,
            "type": self.type,
            "allows_multiple_answers": self.allows_multiple_answers,
            "allows_revoting": self.type == "regular",
            "members_only": False,
        }
        if self.correct_option_id is not None and self.is_closed:
            shown["correct_option_ids"] = [self.correct_option_id]
        return shown


@dataclass(slots=True, eq=False)
class Message:
    """Something that was written, or that happened, in a chat.

    Attributes:
        text: the text, or with media its caption.
        sender: whom it shows as its writer; None: a channel's post.
        author: who really wrote it.
        sender_chat: the chat in whose name it was written.
        thread_id: its topic or thread; None: General, or none.
        service: what happened, as fields of the API's Message; {}: it was written.
        versions: what it showed before each edit, oldest first.
    """

    id: int
    chat: Chat
    sender: Account | None
    at_utc: datetime
    author: Account | None = None
    text: str = ""
    entities: tuple[Entity, ...] = ()
    media: Media | None = None
    markup: Markup | None = None
    reply_to: "Message | None" = None
    quote: Quote | None = None
    thread_id: int | None = None
    is_topic_message: bool = False
    sender_chat: Chat | None = None
    author_signature: str = ""
    via_bot: Account | None = None
    media_group_id: str = ""
    poll: Poll | None = None
    service: dict[str, Any] = field(default_factory=dict)
    forward_origin: dict[str, Any] | None = None
    is_automatic_forward: bool = False
    is_silent: bool = False
    is_protected: bool = False
    link_preview_options: dict[str, Any] | None = None
    edited_utc: datetime | None = None
    versions: list[Version] = field(default_factory=list)
    reactions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    is_deleted: bool = False

    def __post_init__(self) -> None:
        self.author = self.author or self.sender

    @property
    def formatted(self) -> Formatted:
        """The text with its entities."""
        return Formatted(self.text, self.entities)

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        """The buttons under it, by rows."""
        rows: list[list[dict[str, Any]]] = (self.markup or {}).get(
            "inline_keyboard", []
        )
        return rows

    @property
    def labels(self) -> list[str]:
        """What is written on its buttons."""
        return [button["text"] for row in self.buttons for button in row]

    def part(self, entity: Entity) -> str:
        """Return the text that an entity covers."""
        return utf16.substring(self.text, entity.offset, entity.length)

    def parts(self, kind: str) -> list[str]:
        """Return the texts that entities of a kind cover: what is bold, say."""
        return [self.part(entity) for entity in self.entities if entity.type == kind]

    def version(self) -> Version:
        """Return what it shows now."""
        return Version(self.text, self.entities, self.markup, self.media)
