"""Posts that wait for moderators, and every press about them."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.messages import Author
from bot.store.columns import (
    from_json_column,
    from_utc_column,
    json_column,
    storable_text,
    utc_column,
)
from bot.store.store import Store

__all__ = ["Press", "ReviewRepository", "StoredReview"]


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A post that waits for moderators.

    Attributes:
        round: which version of the post it is about, from 1; each new text is one more.
        communities: whose moderators are asked, by their keys.
        approvals: how many moderators have to agree.
        expires_utc: who has not decided by then need not any more.
        ask_utc: when they are asked (again); None: they have been.
    """

    post_id: str
    round: int
    communities: tuple[str, ...]
    approvals: int
    expires_utc: datetime
    ask_utc: datetime | None


@dataclass(frozen=True, slots=True)
class Press:
    """What a moderator said about one version of a post."""

    person_id: str
    person_name: str
    action: str
    note: str
    at_utc: datetime


class ReviewRepository:
    """Reviews by post; one for each, renewed with each new text."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def open(
        self,
        post_id: str,
        *,
        communities: Sequence[str],
        approvals: int,
        expires_utc: datetime,
    ) -> StoredReview:
        """Ask for a review of the post as it is now: a new round."""
        values = (
            post_id,
            json_column(communities),
            approvals,
            utc_column(expires_utc),
            utc_column(self._store.clock.now_utc()),
        )

        def write(db: Database) -> StoredReview:
            db.execute(
                "INSERT INTO review (post_id, round, communities_json, approvals,"
                " expires_utc, ask_utc) VALUES (?, 1, ?, ?, ?, ?)"
                " ON CONFLICT (post_id) DO UPDATE SET round = round + 1,"
                " expires_utc = excluded.expires_utc, ask_utc = excluded.ask_utc",
                values,
            )
            return _get(db, post_id) or _missing(post_id)

        return await self._store.write(write)

    async def get(self, post_id: str) -> StoredReview | None:
        """Return the review of a post, None where none was asked for."""
        return await self._store.read(lambda db: _get(db, post_id))

    async def ask_at(self, post_id: str, when_utc: datetime | None) -> None:
        """Note when moderators are asked again; None: they have just been."""
        ask_utc = None if when_utc is None else utc_column(when_utc)

        def write(db: Database) -> None:
            db.execute(
                "UPDATE review SET ask_utc = ? WHERE post_id = ?", (ask_utc, post_id)
            )

        await self._store.write(write)

    async def press(
        self, review: StoredReview, person: Author, action: str, *, note: str = ""
    ) -> None:
        """Keep what a moderator said, whatever comes of it."""
        row = (
            review.post_id,
            review.round,
            person.id,
            person.name,
            action,
            storable_text(note),
            utc_column(self._store.clock.now_utc()),
        )

        def write(db: Database) -> None:
            db.execute(
                "INSERT INTO review_press (post_id, round, person_id, person_name,"
                " action, note, at_utc) VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)

    async def presses(self, post_id: str, *, round: int) -> tuple[Press, ...]:
        """Return what was said about one version of a post, in order."""

        def read(db: Database) -> tuple[Press, ...]:
            rows = db.execute(
                "SELECT * FROM review_press WHERE post_id = ? AND round = ?"
                " ORDER BY id",
                (post_id, round),
            )
            return tuple(_press(row) for row in rows)

        return await self._store.read(read)


def _get(db: Database, post_id: str) -> StoredReview | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM review WHERE post_id = ?", (post_id,)
    ).fetchone()
    if row is None:
        return None
    ask_utc = row["ask_utc"]
    return StoredReview(
        post_id=row["post_id"],
        round=row["round"],
        communities=from_json_column(row["communities_json"]),
        approvals=row["approvals"],
        expires_utc=from_utc_column(row["expires_utc"]),
        ask_utc=None if ask_utc is None else from_utc_column(ask_utc),
    )


def _missing(post_id: str) -> StoredReview:
    raise LookupError(f"the review of {post_id} was not kept")


def _press(row: sqlite3.Row) -> Press:
    return Press(
        person_id=row["person_id"],
        person_name=row["person_name"],
        action=row["action"],
        note=row["note"],
        at_utc=from_utc_column(row["at_utc"]),
    )
