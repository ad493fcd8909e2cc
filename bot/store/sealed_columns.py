"""Which columns are sealed where there is a key, and how a connection does it.

The connection that writes has triggers: what was put into one of these columns is
sealed before the transaction ends. The ones that read see, in place of each of these
tables, a view that opens the values. So repositories need not know of it; but where
they write, they may fetch these columns, and compute with them in SQL as `opened(…)`.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from bot.errors import StoreSealedError
from bot.store.sealing import Sealer

__all__ = [
    "BLANK",
    "SEALED",
    "Failures",
    "Sealed",
    "begins",
    "primary_key",
    "seal_writes",
    "unseal_reads",
]


@dataclass(frozen=True, slots=True)
class Sealed:
    """Columns of a table that are sealed.

    Attributes:
        key: what names a row and never changes; sealed values cannot leave their row.
        only: a condition on the row, for tables that have other things too.
    """

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    only: str = "1"

    def label(self, column: str, row: str) -> str:
        """Return SQL for the label of a column in the row of this name."""
        parts = " || ' ' || ".join(f"{row}.{name}" for name in self.key)
        return f"'{self.table}.{column}:' || {parts}"


# Lessons, and the commands behind buttons and questions: they have what was written.
_WORDS = (
    "({row}.name LIKE 'lesson-%' OR {row}.name = 'memory-offered'"
    " OR {row}.key LIKE '%:buttons' OR {row}.key LIKE '%:questions')"
)

SEALED = (
    Sealed("turn", ("id",), ("text",)),
    Sealed("judgement", ("id",), ("text",)),
    Sealed("correction", ("judgement_id", "category"), ("text",)),
    Sealed("report", ("id",), ("reason",)),
    Sealed("case_message", ("number", "channel_key", "message_id"), ("text",)),
    Sealed("case_note", ("id",), ("text",)),
    Sealed("warning", ("id",), ("text",)),
    Sealed("person_note", ("number",), ("text",)),
    Sealed("memory", ("number",), ("text",)),
    Sealed("drawn_sheet", ("number",), ("prompt",)),
    Sealed("suggestion", ("number",), ("text", "text_key")),
    Sealed("room_message", ("number",), ("text", "buttons_json")),
    Sealed("room_file", ("id",), ("name", "content", "description")),
    Sealed("post_material", ("post_id",), ("material", "items_json")),
    Sealed("review_press", ("id",), ("note",)),
    Sealed("setting", ("name",), ("value",), only=_WORDS),
    Sealed("secret", ("name",), ("value",)),
    Sealed("ban", ("platform", "person_id", "kind"), ("reason",)),
)
"""One line a table. Neither a table nor a key here may be renamed by a migration."""

BLANK = "('', '[]', '{}')"
"""Values that say nothing; they are left as they are, so SQL can ask for them."""


class Failures:
    """Keeps why a value was not opened: SQLite tells only that a function failed."""

    def __init__(self) -> None:
        self.last: StoreSealedError | None = None

    def take(self) -> StoreSealedError | None:
        """Return the last failure, once."""
        last, self.last = self.last, None
        return last


def seal_writes(db: Database, sealer: Sealer) -> None:
    """Let the writing connection seal what it writes, and open what it fetches."""
    # What is not sealed yet must not leave the memory before the transaction ends.
    db.execute("PRAGMA cache_spill = OFF")

    def reseal(value: Any, label: str) -> Any:
        if value is None or value in ("", "[]", "{}"):
            return value  # it was emptied since it was found
        is_plain = isinstance(value, str) or not sealer.is_sealed(value)
        return sealer.seal(value if is_plain else sealer.open(value, label), label)

    def opened(value: Any) -> Any:
        return sealer.open(value) if sealer.is_sealed(value) else value

    db.conn.create_function("opened", 1, opened, deterministic=True)
    db.conn.create_function("hearth_seal", 2, sealer.seal)
    db.conn.create_function("hearth_reseal", 2, reseal)
    db.conn.row_factory = _opening_rows(sealer)
    tables = set(db.table_names())
    for one in SEALED:
        if one.table in tables:
            row = " AND ".join(f"{name} = new.{name}" for name in primary_key(db, one))
            db.execute(_insert_trigger(one, row))
            db.execute(_update_trigger(one, row, sealer))


def primary_key(db: Database, one: Sealed) -> tuple[str, ...]:
    """Return the columns that tell the rows of a table apart."""
    return tuple(str(row["name"]) for row in _table_info(db, one) if row["pk"])


def unseal_reads(db: Database, sealer: Sealer) -> Failures:
    """Let a reading connection see opened values; return where failures are kept."""
    failures = Failures()

    def unseal(value: bytes, label: str) -> str | bytes:
        try:
            return sealer.open(value, label)
        except StoreSealedError as error:
            failures.last = error
            raise

    db.conn.create_function("hearth_open", 2, unseal, deterministic=True)
    tables = set(db.table_names())
    for one in SEALED:
        if one.table in tables:
            db.execute(_view(db, one, sealer))
    return failures


def _opening_rows(sealer: Sealer) -> Any:
    def row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        if any(sealer.is_sealed(value) for value in values):
            values = tuple(
                sealer.open(value) if sealer.is_sealed(value) else value
                for value in values
            )
        return sqlite3.Row(cursor, values)

    return row


def _insert_trigger(one: Sealed, row: str) -> str:
    return f"""
        CREATE TEMP TRIGGER seal_added_{one.table} AFTER INSERT ON main.{one.table}
        WHEN {one.only.format(row="new")}
        BEGIN {_sealing(one, "new.{column} IS NOT NULL", row)} END"""


def _update_trigger(one: Sealed, row: str, sealer: Sealer) -> str:
    is_open = f"({begins('new.{column}', sealer.prefixes)}) IS NOT TRUE"
    is_due = " OR ".join(
        f"({is_open.format(column=name)} AND new.{name} NOT IN {BLANK})"
        for name in one.columns
    )
    return f"""
        CREATE TEMP TRIGGER seal_changed_{one.table}
        AFTER UPDATE OF {", ".join(one.columns)} ON main.{one.table}
        WHEN ({is_due}) AND {one.only.format(row="new")}
        BEGIN {_sealing(one, is_open, row)} END"""


def _sealing(one: Sealed, is_due: str, row: str) -> str:
    assignments = ", ".join(
        f"{name} = CASE WHEN {is_due.format(column=name)} AND new.{name} NOT IN {BLANK}"
        f" THEN hearth_seal(new.{name}, {one.label(name, 'new')})"
        f" ELSE new.{name} END"
        for name in one.columns
    )
    return f"UPDATE {one.table} SET {assignments} WHERE {row};"  # noqa: S608


def _view(db: Database, one: Sealed, sealer: Sealer) -> str:
    columns = [
        _opened(one, row["name"], row["type"], sealer)
        if row["name"] in one.columns
        else row["name"]
        for row in _table_info(db, one)
    ]
    if _has_hidden_rowid(db, one):
        columns.append("rowid")
    opened = f"SELECT {', '.join(columns)} FROM main.{one.table}"  # noqa: S608
    return f"CREATE TEMP VIEW {one.table} AS {opened}"


def _opened(one: Sealed, name: str, declared: str, sealer: Sealer) -> str:
    is_due = f"typeof({name}) = 'blob'"  # a text that is none must have been sealed
    if declared == "BLOB":
        is_due += f" AND {begins(name, sealer.prefixes)}"
    return (
        f"CASE WHEN {is_due} THEN hearth_open({name}, {one.label(name, one.table)})"
        f" ELSE {name} END AS {name}"
    )


def begins(column: str, prefixes: Sequence[bytes]) -> str:
    """Return SQL for whether a value begins with one of some bytes of a length."""
    listed = ", ".join(f"x'{one.hex()}'" for one in prefixes)
    return f"substr({column}, 1, {len(prefixes[0])}) IN ({listed})"


def _table_info(db: Database, one: Sealed) -> list[sqlite3.Row]:
    found: list[sqlite3.Row] = db.execute(
        f"PRAGMA main.table_info({one.table})"
    ).fetchall()
    return found


def _has_hidden_rowid(db: Database, one: Sealed) -> bool:
    """Return whether rows have a number that is none of the columns."""
    without = db.execute(
        "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?",
        (one.table,),
    ).fetchone()[0]
    is_column = any(
        row["pk"] and row["type"] == "INTEGER" for row in _table_info(db, one)
    )
    return not without and not is_column
