"""How each answer went: numbers and ids, never text."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.generation.requests import FinishReason
from bot.store.columns import from_utc_column, utc_column
from bot.store.store import Store

__all__ = ["Trace", "TraceRepository"]


@dataclass(frozen=True, slots=True)
class Trace:
    """How one answer went.

    Attributes:
        scope_key: `Scope.key` of where it was given.
        message_id: the message that was answered.
        created_utc: when it was written.
        duration_ms: from the question until it was written.
        seed: what the model drew from; None where it did not say.
        prompt_tokens: None, as completion_tokens, where the model did not finish.
        waited_ms: from the question until the model began; None: it never did.
        first_piece_ms: from the question until there was something to read, or None.
        finish_reason: None: it did not come to an end of its own.
        error_id: what the person was told to quote; None: nothing failed.
    """

    request_id: str
    scope_key: str
    message_id: str
    model: str
    persona: str
    created_utc: datetime
    duration_ms: int
    seed: int | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    waited_ms: int | None = None
    first_piece_ms: int | None = None
    finish_reason: FinishReason | None = None
    error_id: str | None = None


class TraceRepository:
    """Traces, for whoever asks why an answer was slow or failed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, trace: Trace) -> None:
        """Keep a trace."""
        row = (
            trace.request_id,
            trace.scope_key,
            trace.message_id,
            trace.model,
            trace.persona,
            utc_column(trace.created_utc),
            trace.duration_ms,
            trace.seed,
            trace.prompt_tokens,
            trace.completion_tokens,
            trace.waited_ms,
            trace.first_piece_ms,
            trace.finish_reason,
            trace.error_id,
        )

        def write(db: Database) -> None:
            db.execute(
                "INSERT INTO trace (request_id, scope, message_id, model, persona,"
                " created_utc, duration_ms, seed, prompt_tokens, completion_tokens,"
                " waited_ms, first_piece_ms, finish_reason, error_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)

    async def failed(self, request_id: str, message_id: str, error_id: str) -> None:
        """Note what the person can quote whose answer was not delivered."""

        def write(db: Database) -> None:
            db.execute(
                "UPDATE trace SET error_id = ? WHERE message_id = ? AND request_id = ?",
                (error_id, message_id, request_id),
            )

        await self._store.write(write)

    async def recent(self, *, limit: int) -> tuple[Trace, ...]:
        """Return the latest traces, oldest first."""

        def read(db: Database) -> tuple[Trace, ...]:
            rows = db.execute(
                "SELECT * FROM trace ORDER BY id DESC LIMIT ?", (max(0, limit),)
            ).fetchall()
            return tuple(_trace(row) for row in reversed(rows))

        return await self._store.read(read)

    async def of_message(self, scope_key: str, message_id: str) -> Trace | None:
        """Return how the latest answer to a message went, or None."""

        def read(db: Database) -> Trace | None:
            row = db.execute(
                "SELECT * FROM trace WHERE message_id = ? AND scope = ?"
                " ORDER BY id DESC LIMIT 1",
                (message_id, scope_key),
            ).fetchone()
            return None if row is None else _trace(row)

        return await self._store.read(read)

    async def by_error(self, error_id: str) -> Trace | None:
        """Return the trace that a person's error id belongs to, or None."""

        def read(db: Database) -> Trace | None:
            row = db.execute(
                "SELECT * FROM trace WHERE error_id = ? ORDER BY id DESC LIMIT 1",
                (error_id,),
            ).fetchone()
            return None if row is None else _trace(row)

        return await self._store.read(read)


def _trace(row: sqlite3.Row) -> Trace:
    reason = row["finish_reason"]
    return Trace(
        request_id=row["request_id"],
        scope_key=row["scope"],
        message_id=row["message_id"],
        model=row["model"],
        persona=row["persona"],
        created_utc=from_utc_column(row["created_utc"]),
        duration_ms=row["duration_ms"],
        seed=row["seed"],
        prompt_tokens=row["prompt_tokens"],
        completion_tokens=row["completion_tokens"],
        waited_ms=row["waited_ms"],
        first_piece_ms=row["first_piece_ms"],
        finish_reason=None if reason is None else FinishReason(reason),
        error_id=row["error_id"],
    )
