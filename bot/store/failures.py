"""Turns what SQLite and the file system refuse into the errors that people read."""

import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import (
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
)
from bot.store.backups import newest_backup
from bot.words import T

__all__ = ["corrupt_error", "full_error", "store_failures"]

CODE_MASK = 0xFF  # an extended result code has the primary one in its low byte
FULL = frozenset(
    {
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)
CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


@contextmanager
def store_failures(path: Path) -> Iterator[None]:
    """Let errors of SQLite and the file system out as StoreErrors with the path.

    Raises:
        StoreError: what SQLite said, of the kind that fits.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _from_sqlite(error, path) from error
    except OSError as error:
        raise full_error(path, error.strerror or str(error)) from error


def _from_sqlite(error: sqlite3.Error, path: Path) -> StoreError:
    # Errors that Python itself raises, such as for a closed connection, have no code.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & CODE_MASK
    if code in CORRUPT:
        return corrupt_error(path, str(error))
    if code in LOCKED:
        return StoreLockedError(
            T(
                "Another program is using the database {path}. Close that program, "
                "then try again.",
                path=path,
            )
        )
    if code in FULL or code == sqlite3.SQLITE_IOERR:
        return full_error(path, str(error))
    return StoreError(
        T("The database {path} did not take it: {reason}.", path=path, reason=error)
    )


def full_error(path: Path, reason: str) -> StoreFullError:
    """Return the error for a file that cannot be written."""
    return StoreFullError(
        T(
            "The database {path} cannot be written: {reason}. Make room on the disk, "
            "see that the folder belongs to whoever runs Hearthbot, or choose another "
            "[store] path in config.toml.",
            path=path,
            reason=reason,
        )
    )


def corrupt_error(path: Path, reason: str) -> StoreCorruptError:
    """Return the error for a damaged file: where the newest copy is, how to go back."""
    backup = newest_backup(path)
    aside = shlex.quote(str(path.with_name(f"{path.name}.damaged")))
    old = shlex.quote(str(path))
    # A log that stayed behind would be played into whatever takes the file's place.
    move = f"mv {old} {aside}; rm -f {old}-wal {old}-shm"
    if backup is None:
        return StoreCorruptError(
            T(
                "The database {path} is damaged ({reason}) and was left as it is. "
                "There is no backup. To begin anew and keep the damaged file, run: "
                "{command}",
                path=path,
                reason=reason,
                command=move,
            )
        )
    return StoreCorruptError(
        T(
            "The database {path} is damaged ({reason}) and was left as it is. The "
            "newest backup is {backup}. To go back to it and keep the damaged file, "
            "run: {command}",
            path=path,
            reason=reason,
            backup=backup,
            command=f"{move}; cp {shlex.quote(str(backup))} {old}",
        )
    )
