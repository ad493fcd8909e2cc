"""What a delivery became, as columns: in the callers' transactions."""

import json
import sqlite3

from sqlite_utils import Database

from bot.publication import Published
from bot.store.columns import json_column

__all__ = ["keep_published", "place_key", "published_column"]


def keep_published(db: Database, delivery_id: int, published: Published) -> None:
    """Write down what a delivery is now, in the caller's transaction."""
    db.execute(
        "UPDATE delivery SET message_id = ?, message_ids_json = ?, poll_message_id = ?,"
        " poll_id = ?, thread_id = ?, picture_message_id = ? WHERE id = ?",
        (
            published.message_id,
            json_column([*published.message_ids]),
            published.poll_message_id,
            published.poll_id,
            published.thread_id,
            published.picture_message_id,
            delivery_id,
        ),
    )
    (channel_key,) = db.execute(
        "SELECT channel_key FROM delivery WHERE id = ?", (delivery_id,)
    ).fetchone()
    db.execute("DELETE FROM delivery_message WHERE delivery_id = ?", (delivery_id,))
    db.conn.executemany(
        "INSERT OR REPLACE INTO delivery_message (place_key, message_id, delivery_id)"
        " VALUES (?, ?, ?)",
        [
            (place_key(channel_key), message_id, delivery_id)
            for message_id in published.all_ids
        ],
    )


def place_key(channel_key: str) -> str:
    """Return a channel without its thread: message ids count through all of them."""
    return channel_key.partition("/")[0]


def published_column(row: sqlite3.Row) -> Published | None:
    """Return what a row of `delivery` became; None where it has not been sent."""
    if row["message_id"] is None:
        return None
    return Published(
        tuple(json.loads(row["message_ids_json"])),
        poll_message_id=row["poll_message_id"],
        poll_id=row["poll_id"],
        thread_id=row["thread_id"],
        picture_message_id=row["picture_message_id"],
    )
