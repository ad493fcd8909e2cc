"""Takes what a person said out of what the bot wrote to others."""

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from bot.store.quotes import Quotes

__all__ = ["take_out_quotes"]

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
    ("post", "rowid", "body", "updated_utc", "kind = 'recap'"),
    ("post", "rowid", "summary", "updated_utc", "kind = 'recap'"),
    ("post", "rowid", "poll_json", "updated_utc", "kind = 'recap' AND poll_json != ''"),
    ("post_material", "post_id", "material", "'9999'", "items_json != '[]'"),
    ("setting", "name", "value", "updated_utc", _BUTTONS),
)


def take_out_quotes(db: Database, values: Mapping[str, str]) -> int:
    """Put gaps in the place of what a person said; return how many rows had any.

    `values` are those of bot.store.persons_rows. What other people wrote stays as it
    is, also where they say the same.
    """
    bound = dict(values)
    num_rows = _take_out_topics(db, bound)
    quotes = Quotes((row[0], row[1]) for sql in _SAID for row in db.execute(sql, bound))
    if not quotes:
        return num_rows
    for table, key, column, when, which in _WRITTEN:
        rows = db.execute(
            f"SELECT {key}, {column}, {when} FROM {table} WHERE {which}",  # noqa: S608
            bound,
        ).fetchall()
        for row in rows:
            text = _without(row[1], row[2], quotes)
            if text != row[1]:
                num_rows += db.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {key} = ?",  # noqa: S608
                    (text, row[0]),
                ).rowcount
    return num_rows + _take_out_items(db, quotes)


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


def _take_out_topics(db: Database, bound: dict[str, str]) -> int:
    """Let a post whose topic was their suggestion be named by its title alone."""
    # One by one: whoever writes fetches texts, and does not compare them in SQL.
    suggested = db.execute(
        "SELECT text FROM suggestion WHERE state = 'used' AND platform = :platform"
        " AND person_id = :person",
        bound,
    ).fetchall()
    return sum(
        db.execute(
            "UPDATE post SET topic = title WHERE topic = ? AND title != ''", (row[0],)
        ).rowcount
        for row in suggested
    )


def _take_out_items(db: Database, quotes: Quotes) -> int:
    """Leave out what a recap that is being made was to quote of them."""
    num_rows = 0
    for row in db.execute(
        "SELECT post_id, items_json FROM post_material WHERE items_json != '[]'"
    ).fetchall():
        items = json.loads(row["items_json"])
        kept = [
            item
            for item in items
            if quotes.taken_out(item["text"], "9999") == item["text"]
        ]
        if len(kept) < len(items):
            num_rows += 1
            db.execute(
                "UPDATE post_material SET items_json = ? WHERE post_id = ?",
                (json.dumps(kept, ensure_ascii=False), row["post_id"]),
            )
    return num_rows
