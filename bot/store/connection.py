"""Connections to the database file, as the writer and the readers need them."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from typing_extensions import override

from bot.store.columns import storable_text

__all__ = ["connect_reader", "connect_writer", "enable_wal"]

BUSY_TIMEOUT_S = 5.0
"""How long to wait for a program that looks into the file (such as a shell)."""

JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024
"""What the write-ahead log is cut back to after a burst."""


class _TextSafeDatabase(Database):
    """A database that takes any `str`: what is no text is made text on the way in."""

    @override
    def execute(
        self, sql: str, parameters: Sequence[Any] | dict[str, Any] | None = None
    ) -> sqlite3.Cursor:
        try:
            return super().execute(sql, parameters)
        except UnicodeEncodeError:
            # A lone surrogate; binding failed, so nothing was executed.
            return super().execute(sql, _storable(parameters or ()))


def _storable(
    parameters: Sequence[Any] | dict[str, Any],
) -> Sequence[Any] | dict[str, Any]:
    def clean(value: Any) -> Any:
        return storable_text(value) if isinstance(value, str) else value

    if isinstance(parameters, dict):
        return {name: clean(value) for name, value in parameters.items()}
    return [clean(value) for value in parameters]


def connect_writer(path: Path) -> Database:
    """Return the one connection that writes; it belongs to the calling thread."""
    return _database(
        # isolation_level=None: transactions begin only where the code says so.
        sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    )


def enable_wal(db: Database) -> None:
    """Make the file one that readers can read while it is written to.

    FULL: a write that was reported survives a loss of power, not only the end of the
    process; writes that come together share the cost. What is deleted is overwritten:
    what people had forgotten is not to be found in the file.
    """
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA secure_delete = ON")
    db.execute(f"PRAGMA journal_size_limit = {JOURNAL_LIMIT_BYTES}")


def connect_reader(path: Path) -> Database:
    """Return a connection that cannot write; any one thread at a time may use it."""
    return _database(
        sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )
    )


def _database(connection: sqlite3.Connection) -> Database:
    connection.row_factory = sqlite3.Row
    # For SQL that computes with columns which may be sealed; see sealed_columns.
    connection.create_function("opened", 1, lambda value: value, deterministic=True)
    # Whatever else is installed on this machine does not meddle with the store.
    return _TextSafeDatabase(connection, execute_plugins=False)
