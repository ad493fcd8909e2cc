"""What the filters had something to say about; never the text itself."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.messages import Scope
from bot.safety.verdict import Action, Stage, Verdict
from bot.store.columns import from_utc_column, scope_column, utc_column
from bot.store.store import Store

__all__ = ["StoredVerdict", "VerdictRepository"]


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """A verdict and where it was given; `verdict.text` is always None.

    Attributes:
        message_id: the message that was judged, or that the judged answer was for.
        author_id: who wrote it; "" for the bot, and where it was not noted.
    """

    scope_key: str
    message_id: str
    author_id: str
    stage: Stage
    verdict: Verdict
    created_utc: datetime


class VerdictRepository:
    """Verdicts, for moderators who ask why."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(
        self,
        scope: Scope,
        message_id: str,
        stage: Stage,
        verdicts: Sequence[Verdict],
        *,
        author_id: str = "",
    ) -> None:
        """Keep the verdicts that did not simply allow."""
        now_utc = utc_column(self._store.clock.now_utc())
        rows = [
            (
                scope_column(scope),
                message_id,
                author_id,
                stage,
                verdict.action.name.lower(),
                verdict.category,
                verdict.score,
                verdict.filter,
                verdict.reason,
                now_utc,
            )
            for verdict in verdicts
            if verdict.action is not Action.ALLOW
        ]

        def write(db: Database) -> None:
            for row in rows:
                db.execute(
                    "INSERT INTO verdict (scope, message_id, author_id, stage, action,"
                    " category, score, filter, reason, created_utc)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    row,
                )

        if rows:
            await self._store.write(write)

    async def recent(
        self, *, limit: int, scope: Scope | None = None
    ) -> tuple[StoredVerdict, ...]:
        """Return the latest verdicts, oldest first; of every scope where none is named.

        Verdicts of every scope are for owners only.
        """
        sql = "SELECT * FROM verdict ORDER BY id DESC LIMIT :limit"
        values: dict[str, str | int] = {"limit": max(0, limit)}
        if scope is not None:
            sql = (
                "SELECT * FROM verdict WHERE scope = :scope"
                " ORDER BY id DESC LIMIT :limit"
            )
            values["scope"] = scope_column(scope)

        def read(db: Database) -> tuple[StoredVerdict, ...]:
            rows = db.execute(sql, values).fetchall()
            return tuple(_stored(row) for row in reversed(rows))

        return await self._store.read(read)


def _stored(row: sqlite3.Row) -> StoredVerdict:
    return StoredVerdict(
        scope_key=row["scope"],
        message_id=row["message_id"],
        author_id=row["author_id"],
        stage=Stage(row["stage"]),
        verdict=Verdict(
            Action[row["action"].upper()],
            row["category"],
            row["score"],
            row["filter"],
            row["reason"],
        ),
        created_utc=from_utc_column(row["created_utc"]),
    )
