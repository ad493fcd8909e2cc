"""What people brought before the moderators."""

from sqlite_utils import Database

from bot.messages import Author, Channel
from bot.preferences import community_key
from bot.store.columns import storable_text, utc_column
from bot.store.store import Store

__all__ = ["ReportRepository"]


class ReportRepository:
    """Reports: one for each person and message."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(
        self, channel: Channel, message_id: str, person: Author, *, reason: str
    ) -> int | None:
        """Keep a report and return its number; None where the person made it before."""
        row = (
            channel.key,
            community_key(channel),
            message_id,
            channel.platform,
            person.id,
            person.name,
            storable_text(reason),
            utc_column(self._store.clock.now_utc()),
        )

        def write(db: Database) -> int | None:
            added = db.execute(
                "INSERT OR IGNORE INTO report (channel_key, community_key, message_id,"
                " platform, person_id, person_name, reason, created_utc)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            return int(added.lastrowid or 0) if added.rowcount else None

        return await self._store.write(write)
