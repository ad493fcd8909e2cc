"""Which slot of which schedule ran, and how that ended."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlite_utils import Database

from bot.store.columns import (
    from_text_column,
    from_utc_column,
    text_column,
    utc_column,
)
from bot.store.store import Store
from bot.words import T, Text

__all__ = [
    "MAY_BE_OUT",
    "RESTORED",
    "UNFINISHED",
    "RunRepository",
    "RunState",
    "ScheduleRun",
]


class RunState(StrEnum):
    """Where a run stands."""

    PLANNED = "planned"
    """It is due; nothing has begun."""
    STARTED = "started"
    """It is at work, or was when the bot ended."""
    DONE = "done"
    """Its post was made."""
    SKIPPED = "skipped"
    """Its time had passed, or there was no need."""
    FAILED = "failed"
    """It could not be done; the reason is with it."""
    ASKED = "asked"
    """Its time had passed; moderators were asked whether it is made up for."""


UNFINISHED = (RunState.PLANNED, RunState.STARTED)
RESTORED = ("store", "restored")
"""Key and name of the setting that tells when the store was put back to a copy."""
MAY_BE_OUT = T("the database was restored from a copy, and it may have gone out since")
"""Why moderators are asked about what no row tells of."""


@dataclass(frozen=True, slots=True)
class ScheduleRun:
    """One slot of a schedule. `post_id` is None where there is no post."""

    schedule_id: str
    due_utc: datetime
    state: RunState
    reason: Text | None
    post_id: str | None
    updated_utc: datetime


class RunRepository:
    """Runs by schedule and due time; a slot exists once, whatever happens."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def plan(
        self,
        schedule_id: str,
        due_utc: datetime,
        *,
        state: RunState = RunState.PLANNED,
        reason: Text | None = None,
    ) -> bool:
        """Keep a new run; return True only to whoever was first with the slot."""
        now_utc = self._store.clock.now_utc()
        run = ScheduleRun(schedule_id, due_utc, state, reason, None, now_utc)
        return await self._store.write(lambda db: _insert(db, run))

    async def plan_all(
        self, slots: Iterable[tuple[str, datetime, RunState, Text | None, datetime]]
    ) -> tuple[ScheduleRun, ...]:
        """Keep new runs at once; return those whose slot nobody had before.

        Of each slot: its schedule, when it is due, its state and why, and when its
        timetable has it. One that was moved meanwhile has no run.
        """
        now_utc = self._store.clock.now_utc()
        runs = [
            (ScheduleRun(schedule_id, due_utc, state, reason, None, now_utc), slot_utc)
            for schedule_id, due_utc, state, reason, slot_utc in slots
        ]
        if not runs:
            return ()

        def write(db: Database) -> tuple[ScheduleRun, ...]:
            return tuple(
                run
                for run, slot_utc in runs
                if _is_due(db, run, slot_utc) and _insert(db, run)
            )

        return await self._store.write(write)

    async def change(
        self,
        schedule_id: str,
        due_utc: datetime,
        from_state: RunState,
        to_state: RunState,
        *,
        reason: Text | None = None,
        post_id: str | None = None,
    ) -> bool:
        """Change a run's state; a post_id of None keeps the one before.

        Returns False, with nothing changed, where its state was another.
        """
        now_utc = utc_column(self._store.clock.now_utc())
        due, why = utc_column(due_utc), text_column(reason)

        def write(db: Database) -> bool:
            changed = db.execute(
                "UPDATE schedule_run SET state = ?, reason = ?, updated_utc = ?,"
                " post_id = coalesce(?, post_id)"
                " WHERE schedule_id = ? AND due_utc = ? AND state = ?",
                (to_state, why, now_utc, post_id, schedule_id, due, from_state),
            )
            return changed.rowcount == 1

        return await self._store.write(write)

    async def get(self, schedule_id: str, due_utc: datetime) -> ScheduleRun | None:
        """Return the run of a slot, None where there was none."""
        due = utc_column(due_utc)

        def read(db: Database) -> ScheduleRun | None:
            row = db.execute(
                "SELECT * FROM schedule_run WHERE schedule_id = ? AND due_utc = ?",
                (schedule_id, due),
            ).fetchone()
            return None if row is None else _run(row)

        return await self._store.read(read)

    async def of_post(self, post_id: str) -> ScheduleRun | None:
        """Return the run that made a post, None where none did."""

        def read(db: Database) -> ScheduleRun | None:
            row = db.execute(
                "SELECT * FROM schedule_run WHERE post_id = ?", (post_id,)
            ).fetchone()
            return None if row is None else _run(row)

        return await self._store.read(read)

    async def recent(self, schedule_id: str, *, limit: int) -> tuple[ScheduleRun, ...]:
        """Return the latest runs of a schedule, oldest first."""

        def read(db: Database) -> tuple[ScheduleRun, ...]:
            rows = db.execute(
                "SELECT * FROM schedule_run WHERE schedule_id = ?"
                " ORDER BY due_utc DESC LIMIT ?",
                (schedule_id, max(0, limit)),
            ).fetchall()
            return tuple(_run(row) for row in reversed(rows))

        return await self._store.read(read)

    async def between(
        self, from_utc: datetime, until_utc: datetime
    ) -> tuple[ScheduleRun, ...]:
        """Return the runs that were due from the one until before the other."""

        def read(db: Database) -> tuple[ScheduleRun, ...]:
            rows = db.execute(
                "SELECT * FROM schedule_run WHERE due_utc >= ? AND due_utc < ?"
                " ORDER BY due_utc, schedule_id",
                (utc_column(from_utc), utc_column(until_utc)),
            )
            return tuple(_run(row) for row in rows)

        return await self._store.read(read)

    async def latest_due(self) -> dict[str, datetime]:
        """Return the due time of the latest run of every schedule."""

        def read(db: Database) -> dict[str, datetime]:
            rows = db.execute(
                "SELECT schedule_id, max(due_utc) AS due FROM schedule_run"
                " GROUP BY schedule_id"
            )
            return {row["schedule_id"]: from_utc_column(row["due"]) for row in rows}

        return await self._store.read(read)

    async def restored_utc(self) -> datetime | None:
        """Return until when slots may have had a post that no row tells of.

        It is when the store was put back to a copy; None: never.
        """

        def read(db: Database) -> datetime | None:
            row = db.execute(
                "SELECT value FROM setting WHERE key = ? AND name = ?", RESTORED
            ).fetchone()
            return None if row is None else from_utc_column(row["value"])

        return await self._store.read(read)

    async def unfinished(self) -> tuple[ScheduleRun, ...]:
        """Return the runs that are planned or started, the first due first."""
        return await self._in_states(*UNFINISHED)

    async def asked(self) -> tuple[ScheduleRun, ...]:
        """Return the runs that moderators are to decide about, the first due first."""
        return await self._in_states(RunState.ASKED, RunState.ASKED)

    async def _in_states(self, *states: RunState) -> tuple[ScheduleRun, ...]:
        def read(db: Database) -> tuple[ScheduleRun, ...]:
            rows = db.execute(
                "SELECT * FROM schedule_run WHERE state IN (?, ?)"
                " ORDER BY due_utc, schedule_id",
                states,
            )
            return tuple(_run(row) for row in rows)

        return await self._store.read(read)


def _is_due(db: Database, run: ScheduleRun, slot_utc: datetime) -> bool:
    """Return whether a slot comes then, and was not moved somewhere else."""
    due, slot = utc_column(run.due_utc), utc_column(slot_utc)
    moved = db.execute(
        "SELECT to_utc FROM slot_move WHERE schedule_id = ? AND slot_utc = ?",
        (run.schedule_id, slot),
    ).fetchone()
    return bool(due == (slot if moved is None else moved[0]))


def _insert(db: Database, run: ScheduleRun) -> bool:
    added = db.execute(
        "INSERT OR IGNORE INTO schedule_run"
        " (schedule_id, due_utc, state, reason, updated_utc) VALUES (?, ?, ?, ?, ?)",
        (
            run.schedule_id,
            utc_column(run.due_utc),
            run.state,
            text_column(run.reason),
            utc_column(run.updated_utc),
        ),
    )
    return added.rowcount == 1


def _run(row: sqlite3.Row) -> ScheduleRun:
    return ScheduleRun(
        schedule_id=row["schedule_id"],
        due_utc=from_utc_column(row["due_utc"]),
        state=RunState(row["state"]),
        reason=from_text_column(row["reason"]),
        post_id=row["post_id"],
        updated_utc=from_utc_column(row["updated_utc"]),
    )
