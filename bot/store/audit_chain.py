"""The chain of the audit: how a row is hashed, added at the end, and checked.

Each row's hash is an HMAC-SHA-256 with a key of this store over the row and the hash
before it. The end of the chain is kept apart, so that rows cut off there are missed.
"""

import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlite_utils import Database

from bot.store.columns import storable_text, utc_column

__all__ = ["COLUMNS", "AuditEntry", "Chain", "Fault", "Flaw", "append_audit"]

KEY, END = "audit", "audit_end"
KEY_BYTES = 32
COLUMNS = (
    *("number", "at_utc", "actor", "actor_name", "community"),
    *("what", "subject", "facts_json", "prev_hash", "hash"),
)
_TEXTS = COLUMNS[1:]
# Cells are compared as bytes: text that is no UTF-8 could not even be read.
_SQL = (
    "SELECT number, "  # noqa: S608 (own names)
    + " || ".join(f"typeof({name})" for name in _TEXTS)
    + ", "
    + ", ".join(f"CAST({name} AS BLOB)" for name in _TEXTS)
    + " FROM audit WHERE number > ? ORDER BY number LIMIT ?"
)
_ALL_TEXT = "text" * len(_TEXTS)
BEFORE_ALL = -(2**63)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that was done: ids and facts, never what people wrote.

    Attributes:
        what: a verb with its kind before it, such as "post.published".
        subject: what it was done to: an id, a key, a name.
        actor: `platform:id` of a person; "": it was a part of the bot.
        actor_name: how they were called then, or which part it was.
        community: a `community_key`; "": it belongs to none.
    """

    what: str
    subject: str
    actor: str = ""
    actor_name: str = ""
    community: str = ""
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)


class Fault(StrEnum):
    """What can be wrong with a row."""

    CHANGED = "changed"
    MISSING = "missing"
    OUT_OF_ORDER = "out_of_order"
    FOREIGN = "foreign"
    """It stands outside the chain: behind its end, or before its beginning."""
    END_LOST = "end_lost"
    """Where the chain ends cannot be told any more."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first row that is not as it was written, and what is wrong."""

    number: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class _End:
    """The last row as it was written; None of a chain that nothing is known of."""

    number: int
    hash: str


def append_audit(db: Database, entry: AuditEntry, now_utc: datetime) -> int:
    """Add a row within the writer's transaction; return its number."""
    at = utc_column(now_utc)
    key = _key(db)
    if key is None:
        key = secrets.token_bytes(KEY_BYTES)
        _keep(db, KEY, key, at)
        end = _End(0, "")
        if _last_number(db):  # the key was taken away: what is there is not of this one
            end = _behind_a_gap(db)
    else:
        # The chain goes on from where it ended, not from the last row that is left:
        # what was cut off leaves a gap.
        end = _end(db, key) or _behind_a_gap(db)
    number = max(end.number, _last_number(db)) + 1  # behind what is foreign, too
    row = (
        number,
        at,
        storable_text(entry.actor),
        storable_text(entry.actor_name),
        storable_text(entry.community),
        storable_text(entry.what),
        storable_text(entry.subject),
        storable_text(json.dumps(dict(entry.facts), ensure_ascii=False)),
        end.hash,
    )
    digest = _hash(key, row)
    db.execute(
        f"INSERT INTO audit ({', '.join(COLUMNS)})"  # noqa: S608 (own names)
        f" VALUES ({', '.join('?' * len(COLUMNS))})",
        (*row, digest),
    )
    new_end = json.dumps([number, digest, _hash(key, (END, number, digest))])
    _keep(db, END, new_end.encode(), at)
    return number


class Chain:
    """Checks a chain from its beginning, in as many steps as one likes.

    `step` may be called with other connections, each time on a later state.
    """

    def __init__(self) -> None:
        self.num_rows = 0
        self._last = _End(0, "")
        self._position = BEFORE_ALL

    def step(self, db: Database, limit: int) -> Flaw | bool:
        """Check some more rows; return what is wrong, or whether there are more."""
        key = _key(db)
        rows = db.execute(_SQL, (self._position, limit)).fetchall()
        if key is None:
            return Flaw(rows[0][0], Fault.END_LOST) if rows else False
        end = _end(db, key)
        for row in rows:
            flaw = self._flaw(db, key, row, end)
            if flaw is not None:
                return flaw
            self.num_rows += 1
        if len(rows) == limit:
            return True
        if end is None:
            return Flaw(self._last.number, Fault.END_LOST)
        if end.number > self._last.number:
            return Flaw(self._last.number + 1, Fault.MISSING)
        if end != self._last:
            return Flaw(end.number, Fault.CHANGED)
        return False

    def _flaw(
        self, db: Database, key: bytes, row: sqlite3.Row, end: _End | None
    ) -> Flaw | None:
        number, types, *cells = row
        expected = self._last.number + 1
        if number < expected or (end is not None and number > end.number):
            if number > expected and end is not None and expected <= end.number:
                return Flaw(expected, Fault.MISSING)
            return Flaw(number, Fault.FOREIGN)
        if number > expected:
            return Flaw(expected, Fault.MISSING)
        texts = _texts(types, cells)
        if texts is None:
            return Flaw(number, Fault.CHANGED)
        *content, prev_hash, digest = texts
        is_own = digest == _hash(key, (number, *content, prev_hash))
        if prev_hash == self._last.hash and is_own:
            self._last, self._position = _End(number, digest), number
            return None
        would_be = _hash(key, (number, *content, self._last.hash))
        if prev_hash != self._last.hash and digest != would_be:
            elsewhere = "SELECT 1 FROM audit WHERE hash = ? AND number != ?"
            if not prev_hash or db.execute(elsewhere, (prev_hash, number)).fetchone():
                return Flaw(number, Fault.OUT_OF_ORDER)
        return Flaw(number, Fault.CHANGED)


def _texts(types: object, cells: Sequence[bytes]) -> list[str] | None:
    if types != _ALL_TEXT:
        return None
    try:
        return [cell.decode() for cell in cells]
    except UnicodeDecodeError:
        return None


def _hash(key: bytes, values: Sequence[str | int]) -> str:
    canonical = json.dumps(values, ensure_ascii=True, separators=(",", ":"))
    return hmac.digest(key, canonical.encode(), hashlib.sha256).hex()


def _key(db: Database) -> bytes | None:
    row = db.execute("SELECT value FROM secret WHERE name = ?", (KEY,)).fetchone()
    return None if row is None else _as_bytes(row[0])


def _end(db: Database, key: bytes) -> _End | None:
    """Return where the chain ends; None: that was taken away or changed."""
    row = db.execute("SELECT value FROM secret WHERE name = ?", (END,)).fetchone()
    try:
        number, digest, seal = json.loads(_as_bytes(row[0]) if row else b"")
    except (ValueError, TypeError):
        return None
    return _End(number, digest) if seal == _hash(key, (END, number, digest)) else None


def _as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _behind_a_gap(db: Database) -> _End:
    """Return an end that leaves a number out: this chain shall not look whole again."""
    return _End(_last_number(db) + 1, "")


def _last_number(db: Database) -> int:
    return int(db.execute("SELECT coalesce(max(number), 0) FROM audit").fetchone()[0])


def _keep(db: Database, name: str, value: bytes, at: str) -> None:
    db.execute(
        "INSERT OR REPLACE INTO secret (name, value, created_utc) VALUES (?, ?, ?)",
        (name, value, at),
    )
