"""What is to become of what was sent: written before the platform is called."""

import secrets
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlite_utils import Database

from bot.publication import Published
from bot.store.columns import (
    from_text_column,
    from_utc_column,
    json_column,
    text_column,
    utc_column,
)
from bot.store.deliveries import NONCE_BYTES, DeliveryState
from bot.store.published import keep_published
from bot.store.store import Store
from bot.words import Text

__all__ = ["ChangeKind", "ChangeState", "DeliveryChange", "DeliveryChangeRepository"]


class ChangeKind(StrEnum):
    """What is done with a delivery."""

    REVISE = "revise"
    """It gets the text that its post has by then."""
    RETRACT = "retract"
    """It is taken away."""


class ChangeState(StrEnum):
    """Where a change stands."""

    PLANNED = "planned"
    """The platform has not been called."""
    CALLING = "calling"
    """The platform may have been called; no answer is known."""
    DONE = "done"
    """It is as it was to become. Final."""
    FAILED = "failed"
    """The platform refused; tried again where next_attempt_utc is set."""
    UNKNOWN = "unknown"
    """Whether all of it arrived cannot be known; a moderator is asked. Final."""
    DROPPED = "dropped"
    """Another change came in its place, or there is nothing to change. Final."""


S = ChangeState
OPEN_SQL = "(state IN ('planned', 'calling') OR next_attempt_utc IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class DeliveryChange:
    """A change of one delivery.

    Attributes:
        actor: the name of who wants it.
        nonce: names what is sent for it; the same for every attempt.
        attempts: how often the platform was called, or may have been.
        next_attempt_utc: when to try again; None: not by itself.
    """

    id: int
    delivery_id: int
    kind: ChangeKind
    actor: str
    nonce: str
    state: ChangeState
    attempts: int
    error: Text | None
    next_attempt_utc: datetime | None
    created_utc: datetime
    updated_utc: datetime

    @property
    def is_open(self) -> bool:
        """Whether the platform is to be called (again)."""
        if self.state is S.FAILED:
            return self.next_attempt_utc is not None
        return self.state in (S.PLANNED, S.CALLING)


class DeliveryChangeRepository:
    """Changes of deliveries, each taken one step at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def plan(
        self, post_id: str, kind: ChangeKind, *, actor: str
    ) -> tuple[DeliveryChange, ...]:
        """Keep a change for each delivery of a post that a platform has or may have.

        It comes in place of those that have not been begun.
        """
        now_utc = utc_column(self._store.clock.now_utc())
        there = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN)

        def write(db: Database) -> tuple[DeliveryChange, ...]:
            rows = db.execute(
                "SELECT id FROM delivery WHERE post_id = ?"
                " AND state IN (SELECT value FROM json_each(?)) ORDER BY id",
                (post_id, json_column([*there])),
            ).fetchall()
            return tuple(self._insert(db, row[0], kind, actor, now_utc) for row in rows)

        return await self._store.write(write)

    def _insert(
        self, db: Database, delivery_id: int, kind: ChangeKind, actor: str, now: str
    ) -> DeliveryChange:
        db.execute(
            "UPDATE delivery_change SET state = ?, next_attempt_utc = NULL,"
            " updated_utc = ? WHERE delivery_id = ? AND (state = ?"
            " OR (state = ? AND next_attempt_utc IS NOT NULL))",
            (S.DROPPED, now, delivery_id, S.PLANNED, S.FAILED),
        )
        nonce = secrets.token_hex(NONCE_BYTES)
        cursor = db.execute(
            "INSERT INTO delivery_change (delivery_id, kind, actor, nonce, state,"
            " attempts, created_utc, updated_utc) VALUES (?, ?, ?, ?, ?, 0, ?, ?)",
            (delivery_id, kind, actor, nonce, S.PLANNED, now, now),
        )
        return _found(db, "id = ?", (cursor.lastrowid or 0,))[0]

    async def begin(self, change_id: int) -> bool:
        """Note that the platform is about to be called; False: it must not be."""
        return await self._change(
            change_id, (S.PLANNED, S.FAILED, S.CALLING), S.CALLING, error=None
        )

    async def revised(self, change: DeliveryChange, published: Published) -> None:
        """Note what the delivery is now, at once with the end of its change."""

        def also(db: Database) -> None:
            keep_published(db, change.delivery_id, published)

        await self._change(change.id, (S.CALLING,), S.DONE, also=also)

    async def retracted(self, change: DeliveryChange) -> None:
        """Note that the delivery is gone, at once with the end of its change."""
        now_utc = utc_column(self._store.clock.now_utc())

        def also(db: Database) -> None:
            db.execute(
                "UPDATE delivery SET state = ?, updated_utc = ? WHERE id = ?",
                (DeliveryState.RETRACTED, now_utc, change.delivery_id),
            )

        await self._change(change.id, (S.CALLING,), S.DONE, also=also)

    async def failed(
        self, change_id: int, error: Text, retry_utc: datetime | None
    ) -> None:
        """Note what went wrong, and when to try again (or None)."""
        was = (S.PLANNED, S.CALLING, S.FAILED)
        await self._change(change_id, was, S.FAILED, error=error, retry_utc=retry_utc)

    async def unknown(self, change_id: int, error: Text) -> None:
        """Note that nobody can tell whether all of it arrived."""
        await self._change(change_id, (S.CALLING,), S.UNKNOWN, error=error)

    async def drop(self, change_id: int) -> None:
        """Note that there is nothing to do, or not any more."""
        await self._change(change_id, (S.PLANNED, S.CALLING, S.FAILED), S.DROPPED)

    async def get(self, change_id: int) -> DeliveryChange | None:
        """Return a change, None where there is none of this id."""
        found = await self._store.read(lambda db: _found(db, "id = ?", (change_id,)))
        return found[0] if found else None

    async def unfinished(self) -> tuple[DeliveryChange, ...]:
        """Return the changes that a platform is still to be called for."""
        return await self._store.read(lambda db: _found(db, OPEN_SQL, ()))

    async def of_post(self, post_id: str) -> tuple[DeliveryChange, ...]:
        """Return all changes of a post's deliveries, the oldest first."""
        where = "delivery_id IN (SELECT id FROM delivery WHERE post_id = ?)"
        return await self._store.read(lambda db: _found(db, where, (post_id,)))

    async def _change(
        self,
        change_id: int,
        was: Collection[ChangeState],
        state: ChangeState,
        *,
        error: Text | None = None,
        retry_utc: datetime | None = None,
        also: Callable[[Database], None] | None = None,
    ) -> bool:
        now_utc = utc_column(self._store.clock.now_utc())
        values = (
            state,
            text_column(error) or None,
            None if retry_utc is None else utc_column(retry_utc),
            1 if state is S.CALLING else 0,
            now_utc,
            change_id,
            json_column([*was]),
        )

        def write(db: Database) -> bool:
            changed = db.execute(
                "UPDATE delivery_change SET state = ?, error = ?, next_attempt_utc = ?,"
                " attempts = attempts + ?, updated_utc = ?"
                " WHERE id = ? AND state IN (SELECT value FROM json_each(?))",
                values,
            )
            if changed.rowcount == 1 and also is not None:
                also(db)
            return changed.rowcount == 1

        return await self._store.write(write)


def _found(
    db: Database, condition: str, values: tuple[str | int, ...]
) -> tuple[DeliveryChange, ...]:
    # The condition is one of this module's own, the values are bound.
    rows = db.execute(
        f"SELECT * FROM delivery_change WHERE {condition} ORDER BY id",  # noqa: S608
        values,
    )
    return tuple(_change(row) for row in rows)


def _change(row: sqlite3.Row) -> DeliveryChange:
    next_utc = row["next_attempt_utc"]
    return DeliveryChange(
        id=row["id"],
        delivery_id=row["delivery_id"],
        kind=ChangeKind(row["kind"]),
        actor=row["actor"],
        nonce=row["nonce"],
        state=ChangeState(row["state"]),
        attempts=row["attempts"],
        error=from_text_column(row["error"]),
        next_attempt_utc=None if next_utc is None else from_utc_column(next_utc),
        created_utc=from_utc_column(row["created_utc"]),
        updated_utc=from_utc_column(row["updated_utc"]),
    )
