"""What was counted in channels that are watched: how many, never whose."""

from collections.abc import Mapping
from datetime import timedelta

from sqlite_utils import Database

from bot.store.columns import utc_column
from bot.store.store import Store

__all__ = ["WatchCounts"]


class WatchCounts:
    """Counts by channel, day and what was counted."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, channel_key: str, *names: str) -> None:
        """Count one more of each."""
        day = utc_column(self._store.clock.now_utc())[:10]

        def write(db: Database) -> None:
            for name in names:
                db.execute(
                    "INSERT INTO watch_count (channel_key, day, what, num)"
                    " VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET num = num + 1",
                    (channel_key, day, name),
                )

        await self._store.write(write)

    async def of(self, channel_key: str, *, within: timedelta) -> Mapping[str, int]:
        """Return what was counted in a channel since then, the most first."""
        since = utc_column(self._store.clock.now_utc() - within)[:10]

        def read(db: Database) -> dict[str, int]:
            rows = db.execute(
                "SELECT what, sum(num) AS num FROM watch_count"
                " WHERE channel_key = ? AND day >= ? GROUP BY what ORDER BY num DESC",
                (channel_key, since),
            ).fetchall()
            return {row["what"]: int(row["num"]) for row in rows}

        return await self._store.read(read)
