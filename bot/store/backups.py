"""Copies of the database from before an upgrade."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

__all__ = ["back_up", "backups_of", "newest_backup", "prune_backups"]

SUFFIX = re.compile(r"\.v\d+-(\d{8}T\d{12}Z)\.backup\.sqlite3")


def back_up(db: Database, path: Path, *, version: int, now_utc: datetime) -> Path:
    """Copy the database at `path` to a file beside it and return that file.

    A copy that is cut short never carries the name of a backup.
    """
    stamp = now_utc.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    backup = path.with_name(f"{path.name}.v{version}-{stamp}.backup.sqlite3")
    unfinished = backup.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with closing(sqlite3.connect(unfinished)) as copy:
        db.conn.backup(copy)
        # The copy stands alone: no log beside it is needed to read it.
        copy.execute("PRAGMA journal_mode = DELETE")
    return unfinished.rename(backup)


def backups_of(path: Path) -> tuple[Path, ...]:
    """Return the backups of the database at `path`, oldest first."""
    found: list[tuple[str, Path]] = []
    for file in path.parent.iterdir() if path.parent.is_dir() else ():
        match = SUFFIX.fullmatch(file.name.removeprefix(path.name))
        if match and file.name.startswith(path.name):
            found.append((match[1], file))
    return tuple(file for _, file in sorted(found))


def newest_backup(path: Path) -> Path | None:
    """Return the newest backup of the database at `path`, None where there is none."""
    return next(reversed(backups_of(path)), None)


def prune_backups(path: Path, *, keep: int) -> None:
    """Delete all but the newest `keep` backups (1 or more)."""
    for file in backups_of(path)[:-keep]:
        file.unlink(missing_ok=True)
