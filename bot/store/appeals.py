"""People who ask moderators to look again at what was refused."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlite_utils import Database

from bot.messages import Author
from bot.store.columns import from_utc_column, utc_column
from bot.store.judgements import StoredJudgement
from bot.store.store import Store

__all__ = ["Appeal", "AppealRepository", "AppealState"]


class AppealState(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    """Nobody has decided yet."""
    GRANTED = "granted"
    """The refusal was wrong."""
    UPHELD = "upheld"
    """The refusal stays."""


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal.

    Attributes:
        decided_by: the name of the moderator; "" while it is open.
    """

    id: int
    judgement_id: int
    channel_key: str
    person_id: str
    person_name: str
    state: AppealState
    decided_by: str
    created_utc: datetime


class AppealRepository:
    """Appeals; one for each judgement, decided once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def open(self, judgement: StoredJudgement, person: Author) -> Appeal | None:
        """Keep an appeal; None where there is one already."""
        now_utc = utc_column(self._store.clock.now_utc())

        def write(db: Database) -> Appeal | None:
            cursor = db.execute(
                "INSERT OR IGNORE INTO appeal (judgement_id, channel_key, person_id,"
                " person_name, state, decided_by, created_utc)"
                " VALUES (?, ?, ?, ?, ?, '', ?)",
                (
                    judgement.id,
                    judgement.channel_key,
                    person.id,
                    person.name,
                    AppealState.OPEN,
                    now_utc,
                ),
            )
            if cursor.rowcount == 0:
                return None
            return _get(db, int(cursor.lastrowid or 0))

        return await self._store.write(write)

    async def get(self, number: int) -> Appeal | None:
        """Return an appeal by its number, or None."""
        return await self._store.read(lambda db: _get(db, number))

    async def decide(
        self, number: int, state: AppealState, *, decided_by: str
    ) -> Appeal | None:
        """Decide an open appeal and return it; None where it is not open."""
        now_utc = utc_column(self._store.clock.now_utc())

        def write(db: Database) -> Appeal | None:
            changed = db.execute(
                "UPDATE appeal SET state = ?, decided_by = ?, decided_utc = ?"
                " WHERE id = ? AND state = ?",
                (state, decided_by, now_utc, number, AppealState.OPEN),
            )
            return _get(db, number) if changed.rowcount else None

        return await self._store.write(write)

    async def reopen(self, number: int) -> None:
        """Let an appeal be decided anew."""

        def write(db: Database) -> None:
            db.execute(
                "UPDATE appeal SET state = ?, decided_by = '', decided_utc = NULL"
                " WHERE id = ?",
                (AppealState.OPEN, number),
            )

        await self._store.write(write)

    async def is_granted(self, person_id: str, text: str) -> bool:
        """Return whether moderators found that this person may say this text."""

        def read(db: Database) -> bool:
            row = db.execute(
                "SELECT 1 FROM appeal JOIN judgement ON judgement.id = judgement_id"
                " WHERE state = ? AND person_id = ? AND text = ? LIMIT 1",
                (AppealState.GRANTED, person_id, text),
            ).fetchone()
            return row is not None

        return bool(text) and await self._store.read(read)


def _get(db: Database, number: int) -> Appeal | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM appeal WHERE id = ?", (number,)
    ).fetchone()
    if row is None:
        return None
    return Appeal(
        id=row["id"],
        judgement_id=row["judgement_id"],
        channel_key=row["channel_key"],
        person_id=row["person_id"],
        person_name=row["person_name"],
        state=AppealState(row["state"]),
        decided_by=row["decided_by"],
        created_utc=from_utc_column(row["created_utc"]),
    )
