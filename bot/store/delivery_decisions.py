"""What moderators decide about deliveries."""

import secrets
from collections.abc import Collection

from sqlite_utils import Database

from bot.publication import Published
from bot.store.columns import json_column, utc_column
from bot.store.deliveries import NONCE_BYTES, DeliveryState
from bot.store.published import keep_published
from bot.store.store import Store

__all__ = ["DeliveryDecisions"]

S = DeliveryState


class DeliveryDecisions:
    """Decisions, each for the state that it was taken about; else nothing changes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def withdraw(self, post_id: str) -> int:
        """Keep back what has not been sent yet; return how many that are."""
        now_utc = utc_column(self._store.clock.now_utc())

        def write(db: Database) -> int:
            return db.execute(
                "UPDATE delivery SET state = ?, next_attempt_utc = NULL,"
                " updated_utc = ? WHERE post_id = ? AND state IN (?, ?)",
                (S.WITHDRAWN, now_utc, post_id, S.PLANNED, S.FAILED),
            ).rowcount

        return await self._store.write(write)

    async def send_again(
        self, delivery_id: int, was: Collection[DeliveryState], *, nonce: str = ""
    ) -> bool:
        """Let a delivery be sent once more, as if it had been tried once at most.

        `nonce` is the one that it keeps; "": it gets a new one.
        """
        now_utc = utc_column(self._store.clock.now_utc())

        def write(db: Database) -> bool:
            changed = db.execute(
                "UPDATE delivery SET state = ?, attempts = min(attempts, 1),"
                " error = NULL, nonce = ?, next_attempt_utc = NULL, updated_utc = ?"
                " WHERE id = ? AND state IN (SELECT value FROM json_each(?))",
                (
                    S.PLANNED,
                    nonce or secrets.token_hex(NONCE_BYTES),
                    now_utc,
                    delivery_id,
                    json_column([*was]),
                ),
            )
            return changed.rowcount == 1

        return await self._store.write(write)

    async def is_there(self, delivery_id: int) -> bool:
        """Believe that the platform has it, whatever its messages' ids are."""
        now_utc = utc_column(self._store.clock.now_utc())

        def write(db: Database) -> bool:
            changed = db.execute(
                "UPDATE delivery SET state = ?, error = NULL, updated_utc = ?"
                " WHERE id = ? AND state = ?",
                (S.SENT, now_utc, delivery_id, S.UNKNOWN),
            )
            if changed.rowcount == 1:
                keep_published(db, delivery_id, Published())
            return changed.rowcount == 1

        return await self._store.write(write)
