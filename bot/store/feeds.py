"""Feeds: when each is looked at again, and which entries it has had."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.store.columns import (
    from_text_column,
    from_utc_column,
    json_column,
    text_column,
    utc_column,
)
from bot.store.store import Store
from bot.words import Text

__all__ = ["FeedRepository", "FeedState", "StoredEntry"]

KEPT_FOR = timedelta(days=180)
"""How long an entry is known after it has left its feed, lest it comes back as new."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """How it stands with a feed.

    Attributes:
        etag: what its server gave to tell whether it changed; so with last_modified.
        last_checked_utc: when it last answered; None: never.
        failures: how many checks in a row have failed.
        error: why the last one did; None: it did not.
    """

    url: str
    next_check_utc: datetime
    etag: str = ""
    last_modified: str = ""
    last_checked_utc: datetime | None = None
    failures: int = 0
    error: Text | None = None


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry of a feed as it is kept.

    Attributes:
        id: tells it from others of its feed.
        published_utc: None: not known.
        used_utc: when a post was begun about it; None: never.
    """

    feed_url: str
    id: str
    title: str
    url: str
    summary: str = field(repr=False)
    author: str
    feed_title: str
    published_utc: datetime | None
    first_seen_utc: datetime
    used_utc: datetime | None = None


class FeedRepository:
    """Feeds by address, entries by feed and id."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def state(self, url: str) -> FeedState | None:
        """Return how it stands with a feed; None where it was never looked at."""

        def read(db: Database) -> FeedState | None:
            row = db.execute("SELECT * FROM feed WHERE url = ?", (url,)).fetchone()
            return None if row is None else _state(row)

        return await self._store.read(read)

    async def put_state(self, state: FeedState) -> None:
        """Keep how it stands with a feed."""
        await self._store.write(lambda db: _put_state(db, state))

    async def put_entries(
        self, state: FeedState, entries: Sequence[StoredEntry]
    ) -> int:
        """Keep what a feed has now, and how it stands; return how many are new.

        What is known keeps when it was first seen and whether it was used. What has
        left the feed long ago is forgotten.
        """
        now_utc = self._store.clock.now_utc()

        def write(db: Database) -> int:
            _put_state(db, state)
            num_new = sum(_put_entry(db, entry, now_utc) for entry in entries)
            db.execute(
                "DELETE FROM feed_entry WHERE feed_url = ? AND last_seen_utc < ?",
                (state.url, utc_column(now_utc - KEPT_FOR)),
            )
            return num_new

        return await self._store.write(write)

    async def unused(
        self, urls: Sequence[str], *, since_utc: datetime, limit: int
    ) -> tuple[StoredEntry, ...]:
        """Return the entries of these feeds from since then, the latest first.

        None that was used, also under another id or in another feed. Where a feed does
        not say when an entry is from, it is from when it was first seen.
        """

        def read(db: Database) -> tuple[StoredEntry, ...]:
            rows = db.execute(
                "SELECT * FROM feed_entry AS entry WHERE used_utc IS NULL"
                " AND feed_url IN (SELECT value FROM json_each(?))"
                " AND coalesce(published_utc, first_seen_utc) >= ?"
                " AND (url = '' OR NOT EXISTS (SELECT 1 FROM feed_entry AS used"
                " WHERE used.url = entry.url AND used.used_utc IS NOT NULL))"
                " ORDER BY coalesce(published_utc, first_seen_utc) DESC, entry_id"
                " LIMIT ?",
                (json_column(urls), utc_column(since_utc), max(0, limit)),
            )
            return tuple(_entry(row) for row in rows)

        return await self._store.read(read)

    async def claim(self, entry: StoredEntry) -> bool:
        """Mark an entry as used; of many who try at once, one alone gets True."""
        now_utc = self._store.clock.now_utc()

        def write(db: Database) -> bool:
            changed = db.execute(
                "UPDATE feed_entry SET used_utc = ? WHERE feed_url = ?"
                " AND entry_id = ? AND used_utc IS NULL",
                (utc_column(now_utc), entry.feed_url, entry.id),
            )
            return changed.rowcount == 1

        return await self._store.write(write)


def _put_state(db: Database, state: FeedState) -> None:
    checked_utc = state.last_checked_utc
    db.execute(
        "INSERT OR REPLACE INTO feed (url, etag, last_modified, last_checked_utc,"
        " next_check_utc, failures, error) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            state.url,
            state.etag,
            state.last_modified,
            None if checked_utc is None else utc_column(checked_utc),
            utc_column(state.next_check_utc),
            state.failures,
            text_column(state.error),
        ),
    )


def _put_entry(db: Database, entry: StoredEntry, now_utc: datetime) -> bool:
    """Keep an entry; return whether it is new."""
    published_utc = entry.published_utc
    values = {
        "feed_url": entry.feed_url,
        "entry_id": entry.id,
        "title": entry.title,
        "url": entry.url,
        "summary": entry.summary,
        "author": entry.author,
        "feed_title": entry.feed_title,
        "published_utc": None if published_utc is None else utc_column(published_utc),
        "now": utc_column(now_utc),
    }
    known = db.execute(
        "UPDATE feed_entry SET title = :title, url = :url, summary = :summary,"
        " author = :author, feed_title = :feed_title, published_utc = :published_utc,"
        " last_seen_utc = :now WHERE feed_url = :feed_url AND entry_id = :entry_id",
        values,
    )
    if known.rowcount:
        return False
    db.execute(
        "INSERT INTO feed_entry (feed_url, entry_id, title, url, summary, author,"
        " feed_title, published_utc, first_seen_utc, last_seen_utc) VALUES (:feed_url,"
        " :entry_id, :title, :url, :summary, :author, :feed_title, :published_utc,"
        " :now, :now)",
        values,
    )
    return True


def _state(row: sqlite3.Row) -> FeedState:
    checked_utc = row["last_checked_utc"]
    return FeedState(
        url=row["url"],
        next_check_utc=from_utc_column(row["next_check_utc"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        last_checked_utc=None if checked_utc is None else from_utc_column(checked_utc),
        failures=row["failures"],
        error=from_text_column(row["error"]),
    )


def _entry(row: sqlite3.Row) -> StoredEntry:
    published_utc, used_utc = row["published_utc"], row["used_utc"]
    return StoredEntry(
        feed_url=row["feed_url"],
        id=row["entry_id"],
        title=row["title"],
        url=row["url"],
        summary=row["summary"],
        author=row["author"],
        feed_title=row["feed_title"],
        published_utc=None if published_utc is None else from_utc_column(published_utc),
        first_seen_utc=from_utc_column(row["first_seen_utc"]),
        used_utc=None if used_utc is None else from_utc_column(used_utc),
    )
