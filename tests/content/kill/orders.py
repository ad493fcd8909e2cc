"""What a killed bot is told before it lives, and what it is to make."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["NUM_PARAGRAPHS", "SCHEDULE", "Fuse", "Order", "Shape", "long_text"]

SCHEDULE = "daily"
NUM_PARAGRAPHS = 45


@dataclass(frozen=True, slots=True)
class Fuse:
    """A point of the bot's life at which it kills itself.

    Attributes:
        point: "draft": while writing; "row before", "row after": at a write to the
            store; "call before", "call after": around a platform; "": nowhere.
        number: the how-manieth time it comes there, from 1.
    """

    point: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """What a post is like, and what moderators do with it.

    Attributes:
        kind: "article", or "quiz", which has a poll.
        is_edited: a moderator gives it a long text, which goes out in several pieces.
        is_sent_back: a moderator wants it written anew first.
    """

    kind: str
    has_picture: bool
    is_reviewed: bool
    is_edited: bool
    is_sent_back: bool
    has_discussion: bool


@dataclass(frozen=True, slots=True)
class Order:
    """One life of the bot.

    Attributes:
        folder: where its store is.
        discord, telegram: where the platforms are.
        channels: where the post goes.
    """

    folder: str
    discord: tuple[str, str, str]
    telegram: tuple[str, str]
    channels: tuple[str, ...]
    shape: Shape
    fuse: Fuse = Fuse()

    @property
    def path(self) -> Path:
        """Where its store is."""
        return Path(self.folder) / "bot.sqlite3"

    def to_line(self) -> str:
        """Write it for the process that forks."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def from_line(cls, line: str) -> "Order":
        """Read what `to_line` wrote."""
        values = json.loads(line)
        return cls(
            folder=values["folder"],
            discord=tuple(values["discord"]),
            telegram=tuple(values["telegram"]),
            channels=tuple(values["channels"]),
            shape=Shape(**values["shape"]),
            fuse=Fuse(**values["fuse"]),
        )


def long_text() -> str:
    """Return a text of many pieces, no paragraph like another."""
    ends = " ".join(["water", "soil", "shade", "straw"] * 8)
    paragraphs = [
        f"Paragraph {number} of tomatoes says {number * 7919} times {ends}."
        for number in range(NUM_PARAGRAPHS)
    ]
    return "\n\n".join(paragraphs)
