"""What moderators write down about a person, for one another."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from bot.store.columns import from_utc_column, storable_text, utc_column
from bot.store.store import Store

__all__ = ["Note", "NoteRepository"]


@dataclass(frozen=True, slots=True)
class Note:
    """What a moderator wrote about somebody."""

    text: str = field(repr=False)
    author_id: str
    author_name: str
    created_utc: datetime


class NoteRepository:
    """Notes by community and person; those of another community are never seen."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(
        self, community: str, platform: str, person_id: str, note: Note
    ) -> None:
        """Keep a note about a person."""
        row = (
            community,
            platform,
            person_id,
            storable_text(note.text),
            note.author_id,
            storable_text(note.author_name),
            utc_column(note.created_utc),
        )

        def write(db: Database) -> None:
            db.execute(
                "INSERT INTO person_note (community, platform, person_id, text,"
                " author_id, author_name, created_utc) VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)

    async def of(
        self, community: str, platform: str, person_id: str, *, limit: int
    ) -> tuple[Note, ...]:
        """Return the latest notes about a person, oldest first."""

        def read(db: Database) -> tuple[Note, ...]:
            rows = db.execute(
                "SELECT * FROM person_note WHERE community = ? AND person_id = ?"
                " AND platform = ? ORDER BY number DESC LIMIT ?",
                (community, person_id, platform, limit),
            ).fetchall()
            return tuple(
                Note(
                    row["text"],
                    row["author_id"],
                    row["author_name"],
                    from_utc_column(row["created_utc"]),
                )
                for row in reversed(rows)
            )

        return await self._store.read(read)
