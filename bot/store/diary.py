"""Posts as the calendar shows them: when each was made, and where it went."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.columns import from_json_column, from_utc_column, json_column, utc_column
from bot.store.store import Store

__all__ = ["DiaryPost", "DiaryRepository"]


@dataclass(frozen=True, slots=True)
class DiaryPost:
    """What a calendar needs of a post.

    Attributes:
        published_utc: None where it was not published.
        hold_utc: when a moderator wants it to go out; None: as soon as it may.
        channels: the keys of its deliveries.
    """

    id: str
    schedule_id: str | None
    kind: str
    topic: str
    title: str
    status: str
    created_utc: datetime
    published_utc: datetime | None
    hold_utc: datetime | None
    channels: tuple[str, ...]


class DiaryRepository:
    """Posts by time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def between(
        self, from_utc: datetime, until_utc: datetime, *, also: Collection[str] = ()
    ) -> tuple[DiaryPost, ...]:
        """Return the posts that were made in a span of time, and some by their ids."""
        values = {
            "from": utc_column(from_utc),
            "until": utc_column(until_utc),
            "also": json_column([*also]),
        }

        def read(db: Database) -> tuple[DiaryPost, ...]:
            rows = db.execute(
                "SELECT id, schedule_id, kind, topic, title, status, created_utc,"
                " (SELECT max(at_utc) FROM post_transition WHERE post_id = post.id"
                " AND to_status = 'published') AS published_utc,"
                " (SELECT until_utc FROM post_hold WHERE post_id = post.id)"
                " AS hold_utc,"
                " (SELECT json_group_array(channel_key) FROM delivery"
                " WHERE post_id = post.id) AS channels_json"
                " FROM post WHERE id IN (SELECT id FROM post WHERE created_utc >= :from"
                " AND created_utc < :until UNION SELECT value FROM json_each(:also))",
                values,
            )
            return tuple(_post(row) for row in rows)

        return await self._store.read(read)


def _post(row: sqlite3.Row) -> DiaryPost:
    published, hold = row["published_utc"], row["hold_utc"]
    return DiaryPost(
        id=row["id"],
        schedule_id=row["schedule_id"],
        kind=row["kind"],
        topic=row["topic"],
        title=row["title"],
        status=row["status"],
        created_utc=from_utc_column(row["created_utc"]),
        published_utc=None if published is None else from_utc_column(published),
        hold_utc=None if hold is None else from_utc_column(hold),
        channels=from_json_column(row["channels_json"]),
    )
