"""Single slots of schedules that were moved or left out by moderators."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.columns import (
    from_utc_column,
    storable_text,
    text_column,
    utc_column,
)
from bot.store.store import Store
from bot.words import Text

__all__ = ["MoveRepository", "SlotMove"]

NOWHERE = ""
"""In the column, for a slot that is left out."""


@dataclass(frozen=True, slots=True)
class SlotMove:
    """One slot of a schedule that comes at another time, or not at all.

    Attributes:
        slot_utc: when its timetable has it.
        to_utc: when it comes instead; None: it is left out.
        by_name: who moved it.
    """

    schedule_id: str
    slot_utc: datetime
    to_utc: datetime | None
    by_name: str


class MoveRepository:
    """Moves by schedule and slot. A slot that has a run is not moved any more."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def by_schedule(self) -> dict[str, list[SlotMove]]:
        """Return the moves of every schedule that has any, by slot."""

        def read(db: Database) -> dict[str, list[SlotMove]]:
            found: dict[str, list[SlotMove]] = {}
            for row in db.execute("SELECT * FROM slot_move ORDER BY slot_utc"):
                found.setdefault(row["schedule_id"], []).append(_move(row))
            return found

        return await self._store.read(read)

    async def of(self, schedule_id: str) -> tuple[SlotMove, ...]:
        """Return the moves of one schedule, by slot."""

        def read(db: Database) -> tuple[SlotMove, ...]:
            rows = db.execute(
                "SELECT * FROM slot_move WHERE schedule_id = ? ORDER BY slot_utc",
                (schedule_id,),
            )
            return tuple(_move(row) for row in rows)

        return await self._store.read(read)

    async def move(
        self,
        schedule_id: str,
        slot_utc: datetime,
        *,
        from_utc: datetime | None,
        to_utc: datetime | None,
        by_name: str,
        begin: Text | None = None,
    ) -> bool:
        """Let a slot come at another time; None is no time at all.

        To its own time it is put back. With a reason to begin it has its run at once,
        in the same breath. Returns False, with nothing changed, where the slot is not
        at `from_utc` (any more), has its run already, or another one was moved there.
        """
        slot, now = utc_column(slot_utc), utc_column(self._store.clock.now_utc())
        was, to = _column(from_utc), _column(to_utc)

        def write(db: Database) -> bool:
            is_there = db.execute(
                "SELECT coalesce((SELECT to_utc FROM slot_move WHERE schedule_id = :id"
                " AND slot_utc = :slot), :slot) = :was AND NOT EXISTS (SELECT 1 FROM"
                " schedule_run WHERE schedule_id = :id AND due_utc IN (:was, :to))"
                " AND NOT EXISTS (SELECT 1 FROM slot_move WHERE schedule_id = :id"
                " AND slot_utc != :slot AND to_utc = nullif(:to, ''))",
                {"id": schedule_id, "slot": slot, "was": was, "to": to},
            ).fetchone()[0]
            if not is_there:
                return False
            db.execute(
                "INSERT OR REPLACE INTO slot_move"
                " (schedule_id, slot_utc, to_utc, by_name, moved_utc)"
                " VALUES (?, ?, ?, ?, ?)",
                (schedule_id, slot, to, storable_text(by_name), now),
            )
            db.execute(
                "DELETE FROM slot_move WHERE schedule_id = ? AND to_utc = slot_utc",
                (schedule_id,),
            )
            if begin is not None:
                db.execute(
                    "INSERT INTO schedule_run (schedule_id, due_utc, state, reason,"
                    " updated_utc) VALUES (?, ?, 'planned', ?, ?)",
                    (schedule_id, to, text_column(begin), now),
                )
            return True

        return await self._store.write(write)

    async def forget(self, schedule_id: str) -> None:
        """Delete the moves of a schedule that is no more."""

        def write(db: Database) -> None:
            db.execute("DELETE FROM slot_move WHERE schedule_id = ?", (schedule_id,))

        await self._store.write(write)


def _column(when_utc: datetime | None) -> str:
    return NOWHERE if when_utc is None else utc_column(when_utc)


def _move(row: sqlite3.Row) -> SlotMove:
    to_utc = row["to_utc"]
    return SlotMove(
        schedule_id=row["schedule_id"],
        slot_utc=from_utc_column(row["slot_utc"]),
        to_utc=None if to_utc == NOWHERE else from_utc_column(to_utc),
        by_name=row["by_name"],
    )
