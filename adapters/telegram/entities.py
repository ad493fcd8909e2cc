"""A text with its entities, as Telegram takes it.

Telegram counts in UTF-16 units. It takes at most 100 entities with a message; a text
that has more is sent with the ones that matter most.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate

import telegram

__all__ = ["MAX_ENTITIES", "Entity", "Kind", "Rendered", "utf16_offsets", "utf16_units"]

MAX_ENTITIES = 100


class Kind(StrEnum):
    """What an entity does; the values are Telegram's own, what matters most first."""

    PRE = "pre"
    """A block of code or a table."""
    TEXT_LINK = "text_link"
    """A link under a text."""
    SPOILER = "spoiler"
    """Hidden until it is tapped."""
    BLOCKQUOTE = "blockquote"
    """A quote."""
    EXPANDABLE_BLOCKQUOTE = "expandable_blockquote"
    """A quote of which only the first lines show until it is tapped."""
    CODE = "code"
    """A few words of code."""
    BOLD = "bold"
    """Bold, and all headings."""
    STRIKETHROUGH = "strikethrough"
    """Struck out."""
    UNDERLINE = "underline"
    """Underlined."""
    ITALIC = "italic"
    """Italic."""


RANKS = {kind: rank for rank, kind in enumerate(Kind)}


def utf16_units(text: str) -> int:
    """Return how many UTF-16 units a text takes."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_offsets(text: str) -> list[int] | range:
    """Return where each code point starts, in units, and where the text ends."""
    if utf16_units(text) == len(text):
        return range(len(text) + 1)
    steps = (2 if point > "\uffff" else 1 for point in text)
    return list(accumulate(steps, initial=0))


@dataclass(frozen=True, slots=True)
class Entity:
    """A part of a text that is shown in a special way.

    Attributes:
        offset: where it starts, in UTF-16 units.
        length: how long it is, in UTF-16 units.
        url: where a link leads.
        language: what a block of code is written in, or "".
    """

    type: Kind
    offset: int
    length: int
    url: str = ""
    language: str = ""

    @property
    def end(self) -> int:
        """Where it ends, in UTF-16 units."""
        return self.offset + self.length

    def to_telegram(self) -> telegram.MessageEntity:
        """Return it as the SDK's own."""
        return telegram.MessageEntity(
            self.type.value,
            self.offset,
            self.length,
            url=self.url or None,
            language=self.language or None,
        )


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text and its entities, ordered by where they start, the outer one first."""

    text: str = field(repr=False)
    entities: tuple[Entity, ...] = ()

    @property
    def units(self) -> int:
        """How long Telegram finds it."""
        return utf16_units(self.text)

    def most_important(self, limit: int = MAX_ENTITIES) -> tuple[Entity, ...]:
        """Return the entities that one message takes, in order.

        Where there are too many, code, links and quotes stay before bold and italic,
        and the first ones before the last.
        """
        if len(self.entities) <= limit:
            return self.entities
        ranked = sorted(self.entities, key=lambda entity: RANKS[entity.type])
        kept = set(ranked[:limit])
        return tuple(entity for entity in self.entities if entity in kept)

    def to_telegram(self) -> list[telegram.MessageEntity]:
        """Return the entities to send, as the SDK's own."""
        return [entity.to_telegram() for entity in self.most_important()]
