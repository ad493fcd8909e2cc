"""Who visits the page: names that people chose, and the moderators' seats."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.columns import from_utc_column, storable_text, utc_column
from bot.store.store import Store

__all__ = ["Visitor", "VisitorRepository"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person on the page.

    Attributes:
        id: random, known only through their signed cookie.
        name: "" until they chose one.
        language: what they chose; None: what their browser asks for counts.
    """

    id: str
    name: str
    language: str | None = None


class VisitorRepository:
    """Keeps people's names and languages, and who holds a seat until when."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, visitor_id: str) -> Visitor | None:
        """Return a visitor; None: they have told nothing about themselves yet."""

        def read(db: Database) -> Visitor | None:
            row = db.execute(
                "SELECT id, name, language FROM visitor WHERE id = ?", (visitor_id,)
            ).fetchone()
            return None if row is None else Visitor(*row)

        return await self._store.read(read)

    async def set_name(
        self, visitor_id: str, name: str, *, name_key: str, seen_utc: datetime
    ) -> bool:
        """Give a visitor a name; `name_key` is equal for names that look alike.

        Returns False, and changes nothing, where somebody else has that name.
        """

        def write(db: Database) -> bool:
            taken = db.execute(
                "SELECT 1 FROM visitor WHERE name_key = ? AND id != ?",
                (name_key, visitor_id),
            ).fetchone()
            if taken:
                return False
            db.execute(
                "INSERT INTO visitor (id, name, name_key, seen_utc) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
                " name_key = excluded.name_key, seen_utc = excluded.seen_utc",
                (visitor_id, storable_text(name), name_key, utc_column(seen_utc)),
            )
            return True

        return await self._store.write(write)

    async def set_language(
        self, visitor_id: str, language: str, *, seen_utc: datetime
    ) -> None:
        """Remember which language a visitor chose, perhaps before they had a name."""
        row = (visitor_id, f"?{visitor_id}", language, utc_column(seen_utc))

        def write(db: Database) -> None:
            db.execute(
                "INSERT INTO visitor (id, name, name_key, language, seen_utc)"
                " VALUES (?, '', ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET language = excluded.language,"
                " seen_utc = excluded.seen_utc",
                row,
            )

        await self._store.write(write)

    async def take_seat(self, session_key: str, *, expires_utc: datetime) -> None:
        """Let a session hold a moderator's seat until a time."""

        def write(db: Database) -> None:
            db.execute(
                "INSERT OR REPLACE INTO seat (session_key, expires_utc) VALUES (?, ?)",
                (session_key, utc_column(expires_utc)),
            )

        await self._store.write(write)

    async def prolong_seat(self, session_key: str, *, expires_utc: datetime) -> None:
        """Let a seat last until a later time; one that was left stays left."""

        def write(db: Database) -> None:
            db.execute(
                "UPDATE seat SET expires_utc = ? WHERE session_key = ?",
                (utc_column(expires_utc), session_key),
            )

        await self._store.write(write)

    async def leave_seat(self, session_key: str) -> None:
        """Take a session's seat away."""

        def write(db: Database) -> None:
            db.execute("DELETE FROM seat WHERE session_key = ?", (session_key,))

        await self._store.write(write)

    async def seat_end_utc(self, session_key: str) -> datetime | None:
        """Return when a session's seat ends, or ended; None: it has none."""

        def read(db: Database) -> datetime | None:
            row = db.execute(
                "SELECT expires_utc FROM seat WHERE session_key = ?", (session_key,)
            ).fetchone()
            return None if row is None else from_utc_column(row["expires_utc"])

        return await self._store.read(read)
