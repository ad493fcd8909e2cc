"""Formatted text: entities, where they may lie, and what Telegram finds by itself.

What is assumed of Telegram (from the source of its library):

- Entities that reach beyond the text, or begin or end inside a character, are refused.
- Empty ones are dropped; so are those that cover only blanks.
- Links, mentions, code and the like ("whole" ones) never overlap: of two that do, the
  later one is dropped. In code and pre there is no other formatting: it is dropped.
- Bold, italic, underline, strikethrough and spoiler may overlap anything else; where
  they would cross a whole one they are cut in two at its edge.
- A text is stripped of blanks at both ends, also where entities cover them; then
  mentions, hashtags, commands, links and addresses are found in what is left.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from tests.telegram_server import utf16
from tests.telegram_server.refusals import bad_request

__all__ = ["Entity", "Formatted", "find_entities", "fix", "read_entities"]

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = ("blockquote", "expandable_blockquote")
CODE = ("code", "pre")
GIVEN = (*SPLITTABLE, *QUOTES, *CODE, "text_link", "text_mention", "custom_emoji")
FOUND = ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number")
# In the order in which Telegram sorts entities that cover the same text.
ORDER = (*QUOTES, *CODE, "text_link", "text_mention", "custom_emoji", *FOUND)

PATTERNS = (
    ("url", r"https?://[^\s<>\"']*[^\s<>\"'.,!?;:)\]]|\bwww\.[^\s]+\.[a-z]{2,}[^\s]*"),
    ("email", r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}\b"),
    ("mention", r"(?<![\w@])@[A-Za-z]\w{2,31}\b"),
    (
        "bot_command",
        r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])",
    ),
    ("hashtag", r"(?<![\w#&])#(?=\w*[^\W\d_])\w{1,256}"),
    ("cashtag", r"(?<![\w$])\$[A-Z]{1,8}\b"),
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text and what it is; both numbers count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    user_id: int | None = None
    language: str | None = None
    custom_emoji_id: str | None = None

    @property
    def end(self) -> int:
        """Where it is over."""
        return self.offset + self.length

    def to_json(self) -> dict[str, Any]:
        """Return it as the API writes it; the user is left to whoever knows them."""
        optional = {
            "url": self.url,
            "language": self.language,
            "custom_emoji_id": self.custom_emoji_id,
        }
        return {
            "type": self.type,
            "offset": self.offset,
            "length": self.length,
            **{key: value for key, value in optional.items() if value is not None},
        }


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text with its entities."""

    text: str
    entities: tuple[Entity, ...] = ()


def read_entities(given: Any) -> list[Entity]:
    """Read the `entities` of a call.

    Types that Telegram finds by itself are ignored here, as it does.

    Raises:
        Refusal: they are not what the API documents.
    """
    if not isinstance(given, list):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    return [entity for entry in given if (entity := _read(entry)) is not None]


def _read(entry: Any) -> Entity | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
        raise bad_request("can't parse entities: expected an Object")
    kind, offset, length = entry["type"], entry.get("offset"), entry.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request(
            'can\'t parse MessageEntity: Can\'t find field "offset" or "length"'
        )
    for name, number in (("offset", offset), ("length", length)):
        if not 0 <= number <= 1_000_000:
            raise bad_request(f"receive an entity with incorrect {name} {number}")
    if kind in FOUND:
        return None
    if kind not in GIVEN:
        raise bad_request(
            "can't parse MessageEntity: Unsupported type of MessageEntity specified"
        )
    if kind == "text_link" and not entry.get("url"):
        raise bad_request("entity URL '' is invalid: URL host is empty")
    user = entry.get("user")
    return Entity(
        kind,
        offset,
        length,
        url=entry.get("url") if kind == "text_link" else None,
        user_id=user.get("id") if isinstance(user, dict) else None,
        language=(entry.get("language") or None) if kind == "pre" else None,
        custom_emoji_id=entry.get("custom_emoji_id"),
    )


def fix(text: str, entities: list[Entity], *, finds: bool = True) -> Formatted:
    """Return a text as Telegram keeps it: stripped, with entities in order.

    Raises:
        Refusal: an entity does not lie on the text.
    """
    _check(text, entities)
    text, entities = _strip(text, entities)
    kept = _without_overlaps(sorted(entities, key=_sort_key))
    kept = [part for part in (_trim(text, e) for e in kept) if part is not None]
    if finds:
        covered = [entity for entity in kept if entity.type not in SPLITTABLE + QUOTES]
        for found in find_entities(text):
            if not any(_overlap(found, other) for other in covered):
                kept.append(found)
    return Formatted(text, tuple(sorted(kept, key=_sort_key)))


def find_entities(text: str) -> list[Entity]:
    """Return what Telegram makes of a text by itself: links, mentions, commands …"""
    offsets = utf16.positions(text)
    found: list[Entity] = []
    for kind, pattern in PATTERNS:
        for match in re.finditer(pattern, text):
            start, end = offsets[match.start()], offsets[match.end()]
            entity = Entity(kind, start, end - start)
            if not any(_overlap(entity, other) for other in found):
                found.append(entity)
    return sorted(found, key=_sort_key)


def _check(text: str, entities: list[Entity]) -> None:
    offsets = set(utf16.positions(text))
    end = max(offsets)
    for entity in entities:
        if entity.offset > end:
            raise bad_request(
                "entity begins after the end of the text at UTF-16 offset "
                f"{entity.offset}"
            )
        if entity.end > end:
            raise bad_request(
                f"entity beginning at UTF-16 offset {entity.offset} ends after the end "
                f"of the text at UTF-16 offset {entity.end}"
            )
        if entity.offset not in offsets:
            raise bad_request(
                "entity begins in a middle of a UTF-16 symbol at byte offset "
                f"{entity.offset}"
            )
        if entity.end not in offsets:
            raise bad_request(
                f"entity beginning at UTF-16 offset {entity.offset} ends in a middle "
                f"of a UTF-16 symbol at byte offset {entity.end}"
            )


def _strip(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Take away blanks at both ends of the text and of each entity."""
    body = re.sub(r"[\x00-\x09\x0b\x0c\x0e-\x1f]", " ", text)
    first = len(body) - len(body.lstrip(" \n"))
    body = body.strip(" \n")
    last = utf16.units(body)
    kept: list[Entity] = []
    for entity in entities:
        start, end = max(entity.offset - first, 0), min(entity.end - first, last)
        moved = replace(entity, offset=start, length=max(end - start, 0))
        if (part := _trim(body, moved)) is not None:
            kept.append(part)
    return body, kept


def _trim(text: str, entity: Entity) -> Entity | None:
    """Take away blanks an entity begins with; None: there is nothing else."""
    part = utf16.substring(text, entity.offset, entity.length)
    blanks = len(part) - len(part.lstrip(" \n"))
    if blanks == len(part):
        return None
    offset, length = entity.offset + blanks, entity.length - blanks
    return replace(entity, offset=offset, length=length)


def _sort_key(entity: Entity) -> tuple[int, int, int]:
    rank = ORDER.index(entity.type) if entity.type in ORDER else len(ORDER)
    return entity.offset, -entity.length, rank


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.end and other.offset < one.end


def _inside(one: Entity, other: Entity) -> bool:
    return other.offset <= one.offset and one.end <= other.end


def _without_overlaps(entities: list[Entity]) -> list[Entity]:
    quotes = _first_of_each(e for e in entities if e.type in QUOTES)
    whole = _first_of_each(e for e in entities if e.type not in SPLITTABLE + QUOTES)
    whole = [
        entity
        for entity in whole
        if all(_inside(entity, q) or not _overlap(entity, q) for q in quotes)
    ]
    kept = [*quotes, *whole]
    for kind in SPLITTABLE:
        for entity in _merged(e for e in entities if e.type == kind):
            kept += _cut(entity, whole)
    return kept


def _first_of_each(entities: Any) -> list[Entity]:
    kept: list[Entity] = []
    for entity in entities:
        if not any(_overlap(entity, other) for other in kept):
            kept.append(entity)
    return kept


def _merged(entities: Any) -> list[Entity]:
    """Join stretches of one kind that touch or overlap."""
    joined: list[Entity] = []
    for entity in entities:
        if joined and entity.offset <= joined[-1].end:
            length = max(joined[-1].end, entity.end) - joined[-1].offset
            joined[-1] = replace(joined[-1], length=length)
        else:
            joined.append(entity)
    return joined


def _cut(entity: Entity, whole: list[Entity]) -> list[Entity]:
    """Take code out of a stretch, and cut it where it crosses a whole entity."""
    edges = {entity.offset, entity.end}
    for other in whole:
        if not _overlap(entity, other):
            continue
        crosses = not _inside(other, entity) and not _inside(entity, other)
        if crosses or other.type in CODE:
            edges |= {other.offset, other.end}
    places = sorted(edge for edge in edges if entity.offset <= edge <= entity.end)
    parts = [
        replace(entity, offset=start, length=end - start)
        for start, end in pairwise(places)
    ]
    code = [other for other in whole if other.type in CODE]
    return [part for part in parts if not any(_overlap(part, c) for c in code)]
