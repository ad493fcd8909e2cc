"""How much of what is in the store, for those who watch the bot."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from bot.store.store import Store

__all__ = ["Tally", "TallyRepository"]

COUNTS = {
    "deliveries": "SELECT state, count(*) FROM delivery GROUP BY state",
    "posts": "SELECT status, count(*) FROM post GROUP BY status",
    "runs": "SELECT state, count(*) FROM schedule_run GROUP BY state",
}
"""Each is answered from an index."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A count of the store.

    Attributes:
        deliveries, posts, runs: how many there are, by state.
        store_bytes: the database with its write-ahead log.
        free_bytes: room on its disk.
    """

    deliveries: Mapping[str, int]
    posts: Mapping[str, int]
    runs: Mapping[str, int]
    store_bytes: int
    free_bytes: int


class TallyRepository:
    """Counts of what the store holds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def tally(self) -> Tally:
        """Count.

        Raises:
            StoreError: the store cannot be read.
        """
        path = self._store.path
        log = path.with_name(f"{path.name}-wal")

        def read(db: Database) -> Tally:
            counts = {
                name: {row[0]: row[1] for row in db.execute(sql)}
                for name, sql in COUNTS.items()
            }
            sizes = [file.stat().st_size for file in (path, log) if file.exists()]
            return Tally(
                **counts,
                store_bytes=sum(sizes),
                free_bytes=shutil.disk_usage(path.parent).free,
            )

        return await self._store.read(read)
