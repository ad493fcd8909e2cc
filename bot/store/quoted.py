"""Takes what a person said out of what the bot wrote to others."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from bot.store.quotes import Quotes

__all__ = ["Gap", "fill_gaps", "find_quotes"]

_HERE = "substr(scope, 1, length(:prefix)) = :prefix"
# What they wrote, wherever it is kept.
_SAID = (
    "SELECT text, created_utc FROM turn"  # noqa: S608 (own text)
    f" WHERE role = 'user' AND author_id = :person AND {_HERE}",
    "SELECT text, created_utc FROM judgement"  # noqa: S608
    f" WHERE stage = 'input' AND author_id = :person AND {_HERE}",
    "SELECT reason, created_utc FROM report"
    " WHERE platform = :platform AND person_id = :person",
    "SELECT text, created_utc FROM room_message"
    " WHERE :platform = 'web' AND author_id = :person AND NOT is_bot",
)
_SCOPES = (
    "(SELECT scope FROM turn WHERE role = 'user' AND author_id = :person"  # noqa: S608
    f" AND {_HERE} UNION SELECT scope FROM judgement"
    f" WHERE author_id = :person AND {_HERE})"
)
_BUTTONS = "key IN ('discord:buttons', 'telegram:buttons', 'telegram:questions')"
# What the bot wrote where they were heard: table, its key, the text, when, which rows.
_WRITTEN = (
    ("turn", "id", "text", "created_utc", f"role = 'assistant' AND scope IN {_SCOPES}"),
    (
        "judgement",
        "id",
        "text",
        "created_utc",
        f"stage = 'output' AND scope IN {_SCOPES}",
    ),
    ("room_message", "number", "text", "created_utc", "is_bot"),
    ("room_message", "number", "buttons_json", "created_utc", "is_bot"),
    ("post", "id", "body", "updated_utc", "kind = 'recap'"),
    ("post", "id", "summary", "updated_utc", "kind = 'recap'"),
    ("post", "id", "poll_json", "updated_utc", "kind = 'recap' AND poll_json != ''"),
    ("post_material", "post_id", "material", "'9999'", "items_json != '[]'"),
    ("case_note", "id", "text", "at_utc", "1"),
    ("setting", "name", "value", "updated_utc", _BUTTONS),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A text with gaps, to be put in the place of one that quotes."""

    table: str
    key: str
    row: str | int
    column: str
    text: str = field(repr=False)


def find_quotes(db: Database, values: Mapping[str, str]) -> list[Gap]:
    """Return what is to stand in the place of texts that quote a person.

    `values` are those of bot.store.persons_rows. What other people wrote stays as it
    is, also where they say the same. It may take a while: call it where reading is.
    """
    bound = dict(values)
    gaps = _topics(db, bound)
    quotes = Quotes((row[0], row[1]) for sql in _SAID for row in db.execute(sql, bound))
    if not quotes:
        return gaps
    for table, key, column, when, which in _WRITTEN:
        for row in db.execute(
            f"SELECT {key}, {column}, {when} FROM {table} WHERE {which}",  # noqa: S608
            bound,
        ):
            text = _without(row[1], row[2], quotes)
            if text != row[1]:
                gaps.append(Gap(table, key, row[0], column, text))
    return gaps + _items(db, quotes)


def fill_gaps(db: Database, gaps: Sequence[Gap]) -> int:
    """Put texts with gaps in the place of those that quote; return how many."""
    return sum(
        db.execute(
            f"UPDATE {gap.table} SET {gap.column} = ? WHERE {gap.key} = ?",  # noqa: S608
            (gap.text, gap.row),
        ).rowcount
        for gap in gaps
    )


def _without(text: str, written_utc: str, quotes: Quotes) -> str:
    """Return a text without quotes; where it is JSON, it stays JSON."""
    if text[:1] in "{[":
        try:
            value = json.loads(text)
        except ValueError:
            return quotes.taken_out(text, written_utc)
        cleaned = _cleaned(value, written_utc, quotes)
        if cleaned == value:
            return text
        return json.dumps(cleaned, ensure_ascii=False)
    return quotes.taken_out(text, written_utc)


def _cleaned(value: Any, written_utc: str, quotes: Quotes) -> Any:
    if isinstance(value, str):
        return quotes.taken_out(value, written_utc)
    if isinstance(value, list):
        return [_cleaned(one, written_utc, quotes) for one in value]
    if isinstance(value, dict):
        return {name: _cleaned(one, written_utc, quotes) for name, one in value.items()}
    return value


def _topics(db: Database, bound: dict[str, str]) -> list[Gap]:
    """Let a post whose topic was their suggestion be named by its title alone."""
    return [
        Gap("post", "id", row["id"], "topic", row["title"])
        for row in db.execute(
            "SELECT id, title FROM post WHERE title != '' AND topic IN (SELECT text"
            " FROM suggestion WHERE state = 'used' AND platform = :platform"
            " AND person_id = :person)",
            bound,
        )
    ]


def _items(db: Database, quotes: Quotes) -> list[Gap]:
    """Leave out what a recap that is being made was to quote of them."""
    gaps: list[Gap] = []
    for row in db.execute(
        "SELECT post_id, items_json FROM post_material WHERE items_json != '[]'"
    ):
        items = json.loads(row["items_json"])
        kept = [
            one for one in items if quotes.taken_out(one["text"], "9999") == one["text"]
        ]
        if len(kept) < len(items):
            text = json.dumps(kept, ensure_ascii=False)
            gaps.append(Gap("post_material", "post_id", row[0], "items_json", text))
    return gaps
