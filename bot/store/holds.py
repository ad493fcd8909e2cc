"""Posts that moderators want to go out at a time of their choice."""

from datetime import datetime

from sqlite_utils import Database

from bot.store.columns import from_utc_column, utc_column
from bot.store.store import Store

__all__ = ["HoldRepository"]


class HoldRepository:
    """Times by post."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put(self, post_id: str, until_utc: datetime) -> bool:
        """Keep a time for a post; False: it does not wait (any more)."""
        until = utc_column(until_utc)

        def write(db: Database) -> bool:
            added = db.execute(
                "INSERT OR REPLACE INTO post_hold (post_id, until_utc)"
                " SELECT id, ? FROM post WHERE id = ?"
                " AND status IN ('pending_review', 'approved')",
                (until, post_id),
            )
            return added.rowcount == 1

        return await self._store.write(write)

    async def get(self, post_id: str) -> datetime | None:
        """Return when a post is to go out; None: as soon as it may."""

        def read(db: Database) -> datetime | None:
            row = db.execute(
                "SELECT until_utc FROM post_hold WHERE post_id = ?", (post_id,)
            ).fetchone()
            return None if row is None else from_utc_column(row["until_utc"])

        return await self._store.read(read)
