"""A post on its way to each channel: written before the platform is called."""

import secrets
import sqlite3
from collections.abc import Collection, Sequence
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
from bot.store.published import keep_published, place_key, published_column
from bot.store.store import Store
from bot.words import Text

__all__ = ["Delivery", "DeliveryRepository", "DeliveryState"]

NONCE_BYTES = 12
"""24 hexadecimal digits: platforms that take a nonce take at least 25 characters."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PLANNED = "planned"
    """The platform has not been called."""
    SENDING = "sending"
    """The platform may have been called; no answer is known."""
    SENT = "sent"
    """The platform has it. Final."""
    FAILED = "failed"
    """The platform did not take it; tried again where next_attempt_utc is set."""
    UNKNOWN = "unknown"
    """Whether the platform has it cannot be known; a moderator is asked."""
    EXPIRED = "expired"
    """Its time passed while the platform could not be reached."""
    WITHDRAWN = "withdrawn"
    """It was taken back before the platform had it."""
    RETRACTED = "retracted"
    """The platform had it, and it was taken away."""


S = DeliveryState
OPEN = (S.SENDING, S.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One post for one channel.

    Attributes:
        channel_key: `Channel.key`.
        nonce: names the sending towards the platform; the same for every attempt.
        attempts: how often the platform was called, or may have been, since somebody
            wanted it sent; what was tried before that counts as once.
        published: what it became; None until it was sent.
        error: what went wrong last; None: nothing did.
        next_attempt_utc: when to try again; None: not by itself.
    """

    id: int
    post_id: str
    channel_key: str
    nonce: str
    state: DeliveryState
    attempts: int
    published: Published | None
    error: Text | None
    next_attempt_utc: datetime | None
    updated_utc: datetime

    @property
    def platform(self) -> str:
        """The name of the adapter."""
        return self.channel_key.partition(":")[0]

    @property
    def channel_id(self) -> str:
        """The channel, as `Adapter.channel` takes it."""
        return self.channel_key.partition(":")[2]


class DeliveryRepository:
    """Deliveries. Every change names the states it may come from, and happens once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def plan(
        self, post_id: str, channel_keys: Sequence[str]
    ) -> tuple[Delivery, ...]:
        """Keep a delivery for each channel that has none; return all of the post's.

        Raises:
            StoreError: there is no such post.
        """
        now_utc = utc_column(self._store.clock.now_utc())

        def write(db: Database) -> tuple[Delivery, ...]:
            for channel_key in channel_keys:
                db.execute(
                    "INSERT INTO delivery"
                    " (post_id, channel_key, nonce, state, attempts, updated_utc)"
                    " VALUES (?, ?, ?, ?, 0, ?)"
                    " ON CONFLICT (post_id, channel_key) DO NOTHING",
                    (
                        post_id,
                        channel_key,
                        secrets.token_hex(NONCE_BYTES),
                        S.PLANNED,
                        now_utc,
                    ),
                )
            return _of_post(db, post_id)

        return await self._store.write(write)

    async def begin(
        self,
        delivery_id: int,
        *,
        was: Collection[DeliveryState] = (S.PLANNED, S.FAILED),
    ) -> bool:
        """Note that the platform is about to be called; False: it must not be.

        To repeat one whose answer was never seen, `was` names SENDING or UNKNOWN.
        """
        return await self._change(
            delivery_id, was, S.SENDING, "attempts = attempts + 1"
        )

    async def sent(self, delivery_id: int, published: Published) -> bool:
        """Note what it became; False, with nothing changed, if it was not under way."""
        now_utc = utc_column(self._store.clock.now_utc())

        def write(db: Database) -> bool:
            changed = db.execute(
                "UPDATE delivery SET state = ?, updated_utc = ?, error = NULL,"
                " next_attempt_utc = NULL"
                " WHERE id = ? AND state IN (SELECT value FROM json_each(?))",
                (S.SENT, now_utc, delivery_id, json_column([*OPEN])),
            )
            if changed.rowcount != 1:
                return False
            keep_published(db, delivery_id, published)
            return True

        return await self._store.write(write)

    async def failed(
        self, delivery_id: int, error: Text, retry_utc: datetime | None
    ) -> bool:
        """Note that the platform does not have it, and when to try again (or None).

        False, with nothing changed, if it was sent before.
        """
        return await self._change(
            delivery_id,
            (S.PLANNED, S.FAILED, *OPEN),
            S.FAILED,
            "error = ?, next_attempt_utc = ?",
            text_column(error),
            None if retry_utc is None else utc_column(retry_utc),
        )

    async def unknown(self, delivery_id: int, error: Text | None = None) -> bool:
        """Note that nobody can tell whether the platform has it.

        False, with nothing changed, if it was not under way.
        """
        return await self._change(
            delivery_id,
            OPEN,
            S.UNKNOWN,
            "error = coalesce(?, error), next_attempt_utc = NULL",
            text_column(error) or None,
        )

    async def expired(self, delivery_id: int, error: Text) -> bool:
        """Note that it is too late for the platform; False if it was sent before."""
        return await self._change(
            delivery_id,
            (S.PLANNED, S.FAILED, S.SENDING),
            S.EXPIRED,
            "error = ?, next_attempt_utc = NULL",
            text_column(error),
        )

    async def get(self, delivery_id: int) -> Delivery | None:
        """Return a delivery, None where there is none of this id."""

        def read(db: Database) -> Delivery | None:
            row = db.execute(
                "SELECT * FROM delivery WHERE id = ?", (delivery_id,)
            ).fetchone()
            return None if row is None else _delivery(row)

        return await self._store.read(read)

    async def of_post(self, post_id: str) -> tuple[Delivery, ...]:
        """Return the deliveries of a post, as planned."""
        return await self._store.read(lambda db: _of_post(db, post_id))

    async def of_message(self, channel_key: str, message_id: str) -> Delivery | None:
        """Return the delivery that a message of a channel belongs to, or None.

        Any of its messages will do, also those in a thread of the channel.
        """

        def read(db: Database) -> Delivery | None:
            row = db.execute(
                "SELECT delivery.* FROM delivery_message"
                " JOIN delivery ON delivery.id = delivery_message.delivery_id"
                " WHERE place_key = ? AND delivery_message.message_id = ?",
                (place_key(channel_key), message_id),
            ).fetchone()
            return None if row is None else _delivery(row)

        return await self._store.read(read)

    async def of_poll(self, platform: str, poll_id: str) -> Delivery | None:
        """Return the delivery that a poll of a platform belongs to, or None."""

        def read(db: Database) -> Delivery | None:
            row = db.execute(
                "SELECT * FROM delivery WHERE poll_id = ? AND poll_id != ''"
                " AND substr(channel_key, 1, length(?)) = ?",
                (poll_id, f"{platform}:", f"{platform}:"),
            ).fetchone()
            return None if row is None else _delivery(row)

        return await self._store.read(read)

    async def unfinished(self) -> tuple[Delivery, ...]:
        """Return what is not settled: all but the sent and the failed for good."""

        def read(db: Database) -> tuple[Delivery, ...]:
            rows = db.execute(
                "SELECT * FROM delivery WHERE state IN (?, ?, ?)"
                " OR (state = ? AND next_attempt_utc IS NOT NULL) ORDER BY id",
                (S.PLANNED, S.SENDING, S.UNKNOWN, S.FAILED),
            )
            return tuple(_delivery(row) for row in rows)

        return await self._store.read(read)

    async def _change(
        self,
        delivery_id: int,
        was: Collection[DeliveryState],
        state: DeliveryState,
        assignments: str,
        *values: str | None,
    ) -> bool:
        now_utc = utc_column(self._store.clock.now_utc())
        # The assignments are this module's own; what comes from outside is bound.
        sql = (
            f"UPDATE delivery SET {assignments}, state = ?, updated_utc = ?"  # noqa: S608
            " WHERE id = ? AND state IN (SELECT value FROM json_each(?))"
        )

        def write(db: Database) -> bool:
            changed = db.execute(
                sql, (*values, state, now_utc, delivery_id, json_column([*was]))
            )
            return changed.rowcount == 1

        return await self._store.write(write)


def _of_post(db: Database, post_id: str) -> tuple[Delivery, ...]:
    rows = db.execute(
        "SELECT * FROM delivery WHERE post_id = ? ORDER BY id", (post_id,)
    )
    return tuple(_delivery(row) for row in rows)


def _delivery(row: sqlite3.Row) -> Delivery:
    next_utc = row["next_attempt_utc"]
    return Delivery(
        id=row["id"],
        post_id=row["post_id"],
        channel_key=row["channel_key"],
        nonce=row["nonce"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        published=published_column(row),
        error=from_text_column(row["error"]),
        next_attempt_utc=None if next_utc is None else from_utc_column(next_utc),
        updated_utc=from_utc_column(row["updated_utc"]),
    )
