"""What moderators and the bot did: rows that are only ever added, and checked."""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.audit_chain import AuditEntry, Chain, Fault, Flaw, append_audit
from bot.store.columns import from_utc_column, utc_column
from bot.store.store import Store

__all__ = [
    "AuditEntry",
    "AuditQuery",
    "AuditRepository",
    "AuditRow",
    "Checked",
    "Fault",
    "Flaw",
    "append_audit",
]

CHUNK_ROWS = 500
"""So many rows are checked in one go: a few milliseconds in a reader's thread."""
EXPORT_ROWS = 2000
_OF_COMMUNITIES = (
    "(:communities IS NULL OR community IN (SELECT value FROM json_each(:communities)))"
)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry as it is kept."""

    number: int
    at_utc: datetime
    entry: AuditEntry
    hash: str


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which rows somebody looks for.

    Attributes:
        communities: only of these; None: of all, and what belongs to none.
        what: exactly this action; "": any.
        who: stands in the id or the name of who did it.
        before: only rows with a smaller number.
    """

    communities: Collection[str] | None
    what: str = ""
    who: str = ""
    since_utc: datetime | None = None
    until_utc: datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking found: the first flaw, and how many rows before it are whole."""

    num_rows: int
    flaw: Flaw | None


class AuditRepository:
    """The audit. Retention and forgetting leave it alone: it has no words of people."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, entry: AuditEntry) -> int:
        """Add an entry that is not part of another write; return its number."""
        now_utc = self._store.clock.now_utc()
        return await self._store.write(lambda db: append_audit(db, entry, now_utc))

    async def latest(
        self, limit: int, *, community: str | None = None
    ) -> tuple[AuditRow, ...]:
        """Return the latest rows (of one community), oldest first."""

        def read(db: Database) -> tuple[AuditRow, ...]:
            rows = db.execute(
                "SELECT * FROM audit WHERE :community IS NULL OR community = :community"
                " ORDER BY number DESC LIMIT :limit",
                {"community": community, "limit": limit},
            ).fetchall()
            return tuple(_row(row) for row in reversed(rows))

        return await self._store.read(read)

    async def find(self, query: AuditQuery, *, limit: int) -> tuple[AuditRow, ...]:
        """Return the rows that somebody looks for, newest first."""
        values = {
            "communities": _listed(query.communities),
            "what": query.what,
            "who": query.who,
            "since": utc_column(query.since_utc) if query.since_utc else "",
            "until": utc_column(query.until_utc) if query.until_utc else "~",
            "before": query.before,
            "limit": limit,
        }

        def read(db: Database) -> tuple[AuditRow, ...]:
            rows = db.execute(
                f"SELECT * FROM audit WHERE {_OF_COMMUNITIES}"  # noqa: S608 (own text)
                " AND (:what = '' OR what = :what)"
                " AND (:who = '' OR instr(lower(actor), lower(:who)) > 0"
                " OR instr(lower(actor_name), lower(:who)) > 0)"
                " AND at_utc >= :since AND at_utc < :until"
                " AND (:before IS NULL OR number < :before)"
                " ORDER BY number DESC LIMIT :limit",
                values,
            ).fetchall()
            return tuple(map(_row, rows))

        return await self._store.read(read)

    async def actions(self, communities: Collection[str] | None) -> tuple[str, ...]:
        """Return what was done in communities; None: anywhere."""

        def read(db: Database) -> tuple[str, ...]:
            rows = db.execute(
                "SELECT DISTINCT what FROM audit"  # noqa: S608 (own text)
                f" WHERE {_OF_COMMUNITIES} ORDER BY what",
                {"communities": _listed(communities)},
            )
            return tuple(row["what"] for row in rows)

        return await self._store.read(read)

    async def last_config(self) -> AuditRow | None:
        """Return the latest row about config.toml, None where there is none."""

        def read(db: Database) -> AuditRow | None:
            row = db.execute(
                "SELECT * FROM audit WHERE what = 'config.changed'"
                " ORDER BY number DESC LIMIT 1"
            ).fetchone()
            return None if row is None else _row(row)

        return await self._store.read(read)

    async def verify(self) -> Checked:
        """Check the whole chain, a little at a time."""
        chain = Chain()
        while True:
            found = await self._store.read(lambda db: chain.step(db, CHUNK_ROWS))
            if isinstance(found, Flaw):
                return Checked(chain.num_rows, found)
            if not found:
                return Checked(chain.num_rows, None)

    async def export(self) -> bytes:
        """Return all rows as JSON lines, as they are, in order."""
        lines: list[str] = []
        position = -(2**63)
        while True:
            after = position

            def read(db: Database, after: int = after) -> tuple[list[str], int]:
                rows = db.execute(
                    "SELECT * FROM audit WHERE number > ? ORDER BY number LIMIT ?",
                    (after, EXPORT_ROWS),
                ).fetchall()
                some = [json.dumps(dict(row), ensure_ascii=False) for row in rows]
                return some, rows[-1]["number"] if rows else after

            some, position = await self._store.read(read)
            lines += some
            if len(some) < EXPORT_ROWS:
                return "".join(f"{line}\n" for line in lines).encode()


def _row(row: sqlite3.Row) -> AuditRow:
    return AuditRow(
        number=row["number"],
        at_utc=from_utc_column(row["at_utc"]),
        entry=AuditEntry(
            what=row["what"],
            subject=row["subject"],
            actor=row["actor"],
            actor_name=row["actor_name"],
            community=row["community"],
            facts=json.loads(row["facts_json"]),
        ),
        hash=row["hash"],
    )


def _listed(communities: Collection[str] | None) -> str | None:
    return None if communities is None else json.dumps(sorted(communities))
