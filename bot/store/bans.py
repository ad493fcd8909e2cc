"""Who may not deal with the bot, and until when."""

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlite_utils import Database

from bot.store.columns import from_utc_column, storable_text, utc_column
from bot.store.store import Store

__all__ = ["EVERYWHERE", "Ban", "BanKind", "BanRepository"]

EVERYWHERE = "everywhere"
"""The place of what counts in every community."""


class BanKind(StrEnum):
    """How somebody is kept away."""

    BAN = "ban"
    """By a ban: until it is lifted, or its time is over."""
    MUTE = "mute"
    """For a time, to calm down."""


@dataclass(frozen=True, slots=True)
class Ban:
    """That somebody gets no answers.

    Attributes:
        place: a community's key, or EVERYWHERE.
        until_utc: when it ends by itself; None: when somebody lifts it.
        by_owner: an owner set it: it counts for moderators too; only owners lift it.
        told_utc: when the person was told of it last.
        appealed_utc: when the person asked for it to be lifted.
    """

    place: str
    platform: str
    person_id: str
    kind: BanKind
    person_name: str
    by_id: str
    by_name: str
    created_utc: datetime
    until_utc: datetime | None = None
    reason: str = field(default="", repr=False)
    by_owner: bool = False
    told_utc: datetime | None = None
    appealed_utc: datetime | None = None

    def lasts(self, now_utc: datetime) -> bool:
        """Return whether it is not over."""
        return self.until_utc is None or now_utc < self.until_utc


class BanRepository:
    """Bans and mutes; there is one of a kind for a person in a place."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put(self, ban: Ban) -> None:
        """Keep a ban in place of the one before."""
        row = (
            ban.place,
            ban.platform,
            ban.person_id,
            ban.kind,
            storable_text(ban.person_name),
            utc_column(ban.until_utc) if ban.until_utc else None,
            storable_text(ban.reason),
            ban.by_id,
            storable_text(ban.by_name),
            ban.by_owner,
            utc_column(ban.created_utc),
            utc_column(ban.told_utc) if ban.told_utc else None,
            utc_column(ban.appealed_utc) if ban.appealed_utc else None,
        )

        def write(db: Database) -> None:
            db.execute(
                "INSERT OR REPLACE INTO ban (place, platform, person_id, kind,"
                " person_name, until_utc, reason, by_id, by_name, by_owner,"
                " created_utc, told_utc, appealed_utc)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)

    async def delete(self, ban: Ban) -> None:
        """Forget a ban; one that is not there is no error."""
        key = (ban.place, ban.platform, ban.person_id, ban.kind)

        def write(db: Database) -> None:
            db.execute(
                "DELETE FROM ban WHERE place = ? AND platform = ? AND person_id = ?"
                " AND kind = ?",
                key,
            )

        await self._store.write(write)

    async def all(self) -> tuple[Ban, ...]:
        """Return everything that is kept, also what is over."""

        def read(db: Database) -> tuple[Ban, ...]:
            rows = db.execute("SELECT * FROM ban ORDER BY created_utc").fetchall()
            return tuple(_ban(row) for row in rows)

        return await self._store.read(read)


def _ban(row: sqlite3.Row) -> Ban:
    return Ban(
        place=row["place"],
        platform=row["platform"],
        person_id=row["person_id"],
        kind=BanKind(row["kind"]),
        person_name=row["person_name"],
        by_id=row["by_id"],
        by_name=row["by_name"],
        created_utc=from_utc_column(row["created_utc"]),
        until_utc=_when(row["until_utc"]),
        reason=row["reason"],
        by_owner=bool(row["by_owner"]),
        told_utc=_when(row["told_utc"]),
        appealed_utc=_when(row["appealed_utc"]),
    )


def _when(column: str | None) -> datetime | None:
    return None if column is None else from_utc_column(column)
