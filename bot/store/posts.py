"""Posts, and every change of their status.

Which status may follow which is decided elsewhere; here each change happens once.
"""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from bot.store.audit_chain import AuditEntry, append_audit
from bot.store.columns import (
    from_text_column,
    from_utc_column,
    json_column,
    text_column,
    utc_column,
)
from bot.store.post_extras import NO_EXTRAS, PostExtras, extras_columns, extras_of
from bot.store.store import Store
from bot.words import Text

__all__ = ["PostExtras", "PostRepository", "PostTransition", "StoredPost"]


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post as it is kept. `schedule_id` is None where a command asked for it."""

    id: str
    kind: str
    topic: str
    status: str
    language: str
    persona: str
    created_utc: datetime
    updated_utc: datetime
    title: str = ""
    body: str = field(default="", repr=False)
    schedule_id: str | None = None
    extras: PostExtras = NO_EXTRAS


@dataclass(frozen=True, slots=True)
class PostTransition:
    """A change of status. `from_status` is None where the post was made."""

    post_id: str
    from_status: str | None
    to_status: str
    actor: str
    reason: Text | None
    at_utc: datetime


class PostRepository:
    """Posts by id."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def create(
        self, post: StoredPost, *, actor: str, reason: Text | None = None
    ) -> None:
        """Keep a new post and, as its first transition, who made it and why.

        Raises:
            StoreError: there is one of this id already.
        """
        row = (
            post.id,
            post.schedule_id,
            post.kind,
            post.topic,
            post.title,
            post.body,
            post.language,
            post.persona,
            post.status,
            utc_column(post.created_utc),
            utc_column(post.updated_utc),
            *extras_columns(post.extras),
        )
        step = PostTransition(
            post.id, None, post.status, actor, reason, post.created_utc
        )

        def write(db: Database) -> None:
            db.execute(
                "INSERT INTO post (id, schedule_id, kind, topic, title, body,"
                " language, persona, status, created_utc, updated_utc, summary,"
                " poll_json, sources_json, scene)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            _add_transition(db, step)

        await self._store.write(write)

    async def get(self, post_id: str) -> StoredPost | None:
        """Return a post, None where there is none of this id."""

        def read(db: Database) -> StoredPost | None:
            row = db.execute("SELECT * FROM post WHERE id = ?", (post_id,)).fetchone()
            return None if row is None else _post(row)

        return await self._store.read(read)

    async def transition(
        self,
        post_id: str,
        from_status: str,
        to_status: str,
        *,
        actor: str,
        reason: Text | None = None,
        title: str | None = None,
        body: str | None = None,
        extras: PostExtras | None = None,
    ) -> bool:
        """Change a post's status, and its text in the same breath where one is given.

        Returns False, with nothing changed, where its status was another: of many who
        try the same at once, one alone gets True.
        """
        now_utc = self._store.clock.now_utc()
        step = PostTransition(post_id, from_status, to_status, actor, reason, now_utc)
        columns = extras_columns(extras) if extras else (None,) * 4

        def write(db: Database) -> bool:
            changed = db.execute(
                "UPDATE post SET status = ?, updated_utc = ?,"
                " title = coalesce(?, title), body = coalesce(?, body),"
                " summary = coalesce(?, summary), poll_json = coalesce(?, poll_json),"
                " sources_json = coalesce(?, sources_json), scene = coalesce(?, scene)"
                " WHERE id = ? AND status = ?",
                (
                    to_status,
                    utc_column(now_utc),
                    title,
                    body,
                    *columns,
                    post_id,
                    from_status,
                ),
            )
            if changed.rowcount != 1:
                return False
            _add_transition(db, step)
            return True

        return await self._store.write(write)

    async def list(
        self, *, status: str | None = None, limit: int | None = None
    ) -> tuple[StoredPost, ...]:
        """Return the latest posts (of one status), oldest first; all for no limit."""
        sql = "SELECT * FROM post ORDER BY rowid DESC LIMIT :limit"
        if status is not None:
            sql = (
                "SELECT * FROM post WHERE status = :status"
                " ORDER BY rowid DESC LIMIT :limit"
            )
        values = {"status": status, "limit": -1 if limit is None else max(0, limit)}

        def read(db: Database) -> tuple[StoredPost, ...]:
            rows = db.execute(sql, values).fetchall()
            return tuple(_post(row) for row in reversed(rows))

        return await self._store.read(read)

    async def recent(
        self,
        kind: str,
        *,
        schedule_id: str | None = None,
        except_statuses: Collection[str] = (),
        limit: int,
    ) -> tuple[StoredPost, ...]:
        """Return the latest posts of a kind (of one schedule), the latest first."""

        def read(db: Database) -> tuple[StoredPost, ...]:
            rows = db.execute(
                "SELECT * FROM post WHERE kind = :kind"
                " AND (:schedule IS NULL OR schedule_id = :schedule)"
                " AND status NOT IN (SELECT value FROM json_each(:statuses))"
                " ORDER BY rowid DESC LIMIT :limit",
                {
                    "kind": kind,
                    "schedule": schedule_id,
                    "statuses": json_column([*except_statuses]),
                    "limit": limit,
                },
            )
            return tuple(_post(row) for row in rows)

        return await self._store.read(read)

    async def recent_topics(
        self, kind: str, since_utc: datetime, *, except_statuses: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Return a kind's topics and titles since then, each once, the latest first."""

        def read(db: Database) -> tuple[str, ...]:
            rows = db.execute(
                "SELECT topic, title FROM post WHERE kind = ? AND created_utc >= ?"
                " AND status NOT IN (SELECT value FROM json_each(?))"
                " GROUP BY topic, title ORDER BY max(rowid) DESC",
                (kind, utc_column(since_utc), json_column([*except_statuses])),
            )
            texts = (text for row in rows for text in row if text)
            return tuple(dict.fromkeys(texts))

        return await self._store.read(read)

    async def transitions(self, post_id: str) -> tuple[PostTransition, ...]:
        """Return what happened to a post, in order."""

        def read(db: Database) -> tuple[PostTransition, ...]:
            rows = db.execute(
                "SELECT * FROM post_transition WHERE post_id = ? ORDER BY id",
                (post_id,),
            )
            return tuple(_transition(row) for row in rows)

        return await self._store.read(read)


def _add_transition(db: Database, step: PostTransition) -> None:
    db.execute(
        "INSERT INTO post_transition"
        " (post_id, from_status, to_status, actor, reason, at_utc)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            step.post_id,
            step.from_status,
            step.to_status,
            step.actor,
            text_column(step.reason),
            utc_column(step.at_utc),
        ),
    )
    community = db.execute(
        "SELECT schedule.community FROM post"
        " JOIN schedule ON schedule.id = post.schedule_id WHERE post.id = ?",
        (step.post_id,),
    ).fetchone()
    entry = AuditEntry(
        f"post.{step.to_status}",
        step.post_id,
        actor_name=step.actor,
        community=community[0] if community else "",
        facts={"from": step.from_status or ""},
    )
    append_audit(db, entry, step.at_utc)


def _post(row: sqlite3.Row) -> StoredPost:
    return StoredPost(
        id=row["id"],
        kind=row["kind"],
        topic=row["topic"],
        status=row["status"],
        language=row["language"],
        persona=row["persona"],
        created_utc=from_utc_column(row["created_utc"]),
        updated_utc=from_utc_column(row["updated_utc"]),
        title=row["title"],
        body=row["body"],
        schedule_id=row["schedule_id"],
        extras=extras_of(row),
    )


def _transition(row: sqlite3.Row) -> PostTransition:
    return PostTransition(
        post_id=row["post_id"],
        from_status=row["from_status"],
        to_status=row["to_status"],
        actor=row["actor"],
        reason=from_text_column(row["reason"]),
        at_utc=from_utc_column(row["at_utc"]),
    )
