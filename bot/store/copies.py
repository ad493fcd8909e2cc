"""Copies of the store that people ask for, and the way back from one."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database, Migrations

from bot.errors import (
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreTooNewError,
)
from bot.store.connection import connect_reader, connect_writer
from bot.store.failures import corrupt_error, store_failures
from bot.store.holding_back import hold_back
from bot.store.lock import held_lock
from bot.store.migrations import MIGRATIONS
from bot.store.opening import APPLICATION_ID
from bot.words import T

__all__ = [
    "copies_folder",
    "copy_store",
    "newest_copy_utc",
    "prune_copies",
    "restore_store",
    "stamped_name",
]

STAMPED = "hearthbot-%Y%m%dT%H%M%SZ.sqlite3"
PATTERN = "hearthbot-" + "[0-9]" * 8 + "T" + "[0-9]" * 6 + "Z.sqlite3"
SIDE_FILES = ("-wal", "-shm")


def stamped_name(now_utc: datetime) -> str:
    """Return a name for a copy that is made now."""
    return now_utc.astimezone(UTC).strftime(STAMPED)


def copy_store(path: Path, out: Path) -> None:
    """Copy the store at `path`, which may be in use, to the new file `out`.

    It is the store at one moment: what is written meanwhile waits for nothing and is
    not in it. A copy that is cut short never carries the name. Takes a while; not for
    the event loop.

    Raises:
        StoreError: there is no store, or the copy is there already or cannot be made.
    """
    if not path.exists():
        raise StoreError(T("There is no database {path} to copy yet.", path=path))
    if out.exists():
        raise StoreError(
            T("{file} is there already. Choose another name for the copy.", file=out)
        )
    try:
        with store_failures(path), _unfinished(out) as part:
            with closing(connect_reader(path)) as db:
                _copy(db.conn, part)
            with closing(Database(part, execute_plugins=False)) as copied:
                _check(copied, path, damaged=corrupt_error)
            _rest(part)
            part.rename(out)
            _rest(out.parent)
    except StoreFullError as error:
        raise StoreFullError(
            T(
                "The copy {file} cannot be written: {reason}. Make room on its disk, "
                "or choose another place with --out.",
                file=out,
                reason=getattr(error.__cause__, "strerror", None) or error.__cause__,
            )
        ) from error


def copies_folder(path: Path) -> Path:
    """Return where copies of the store at `path` are unless another place is named."""
    return path.with_name("backups")


def newest_copy_utc(folder: Path) -> datetime | None:
    """Return when the newest copy with a stamped name was made; None: there is none."""
    newest = max(folder.glob(PATTERN), default=None)
    if newest is None:
        return None
    return datetime.strptime(newest.name, STAMPED).replace(tzinfo=UTC)


def prune_copies(folder: Path, *, keep: int) -> None:
    """Delete all but the newest `keep` copies (1 or more) with a stamped name."""
    for file in sorted(folder.glob(PATTERN))[:-keep]:
        file.unlink(missing_ok=True)


def restore_store(
    path: Path, file: Path, *, now_utc: datetime, migrations: Migrations = MIGRATIONS
) -> Path | None:
    """Put a copy in the place of the store at `path`; return where that one is now.

    None: there was none. The copy stays where it is; an older one is upgraded at the
    next start. What it would send is held back: moderators decide. At every moment one
    of the two is in place, whole.

    Raises:
        StoreLockedError: the bot is running.
        StoreCorruptError: the copy is damaged; nothing was changed.
        StoreTooNewError: a newer version wrote it; nothing was changed.
        StoreError: it is no copy of a store, or cannot be put there.
    """
    if not file.is_file():
        raise StoreError(T("There is no file {file}.", file=file))
    if path.exists() and path.samefile(file):
        raise StoreError(T("{file} is the database itself, not a copy.", file=file))
    with store_failures(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with held_lock(path), _unfinished(path) as part:
            _take(file, part, migrations)
            with closing(connect_writer(part)) as db:
                hold_back(db, now_utc)
            _rest(part)
            kept = _keep(path, now_utc)
            part.replace(path)
            _rest(path.parent)
            return kept


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """Give an empty file beside `path`, readable only to its owner, for a while."""
    part = path.with_name(f"{path.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, part: Path) -> None:
    with closing(sqlite3.connect(part)) as copy:
        # All pages in one step: one state of the store, whatever is written meanwhile.
        source.backup(copy)
        # The copy stands alone: no log beside it is needed to read it.
        copy.execute("PRAGMA journal_mode = DELETE")


def _take(file: Path, part: Path, migrations: Migrations) -> None:
    """Copy `file` to `part` and refuse what cannot be a store of ours."""
    try:
        with closing(connect_reader(file)) as db:
            _copy(db.conn, part)
        with closing(Database(part, execute_plugins=False)) as db:
            _check(db, file, damaged=_damaged)
            applied = {migration.name for migration in migrations.applied(db)}
    except sqlite3.DatabaseError as error:
        raise _damaged(file, str(error)) from error
    with closing(Database(memory=True, execute_plugins=False)) as blank:
        known = {migration.name for migration in migrations.pending(blank)}
    if not applied <= known:
        raise StoreTooNewError(
            T(
                "{file} was written by a newer Hearthbot (version {theirs} of the "
                "tables; this one knows {ours}). Install the newer one first. The "
                "database was left as it was.",
                file=file,
                theirs=len(applied),
                ours=len(known),
            )
        )


def _check(
    db: Database, file: Path, *, damaged: Callable[[Path, str], StoreCorruptError]
) -> None:
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError(
            T("{file} is no database of Hearthbot's. Nothing was changed.", file=file)
        )
    found = str(db.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if found != "ok":
        raise damaged(file, " ".join(found.split()))


def _damaged(file: Path, reason: str) -> StoreCorruptError:
    return StoreCorruptError(
        T(
            "{file} is damaged ({reason}), or no database at all. Nothing was changed; "
            "take another copy.",
            file=file,
            reason=reason,
        )
    )


def _keep(path: Path, now_utc: datetime) -> Path | None:
    """Keep the present store under another name, also where it is damaged."""
    if not path.exists():
        return None
    with suppress(sqlite3.Error), closing(connect_writer(path)) as db:
        # Else what is only in the log would be missing from what is kept.
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stamp = f"{now_utc.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
    kept = path.with_name(f"{path.name}.replaced-{stamp}")
    # A log that stayed behind would be played into whatever takes the file's place.
    for suffix in SIDE_FILES:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(f"{kept}{suffix}")
    try:
        os.link(path, kept)
    except OSError:  # there are file systems without links
        kept.touch(mode=0o600)
        shutil.copyfile(path, kept)
    return kept


def _rest(path: Path) -> None:
    """See to it that a file or folder is on the disk as it is now."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
