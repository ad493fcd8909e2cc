"""Opens the database file: locked, checked, copied and brought up to date."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import structlog
from sqlite_utils import Database, Migrations

from bot.clock import Clock
from bot.errors import StoreError, StoreTooNewError
from bot.store.backups import back_up, newest_backup, prune_backups
from bot.store.connection import connect_writer, enable_wal
from bot.store.failures import corrupt_error, store_failures
from bot.store.lock import held_lock
from bot.store.seal_keys import keep_key, refuse_missing_keys
from bot.store.sealed_columns import seal_writes
from bot.store.sealing import Sealer
from bot.words import T

__all__ = ["APPLICATION_ID", "migrate", "open_database"]

logger = structlog.get_logger(__name__)

APPLICATION_ID = 0x48525448  # "HRTH": says whose file it is

CHECKED_BYTES = 64 * 1024 * 1024
"""Files up to this size are read through at the start: a second from a slow disk."""


@contextmanager
def open_database(
    path: Path,
    *,
    backups: int,
    clock: Clock,
    migrations: Migrations,
    sealer: Sealer | None = None,
) -> Iterator[Database]:
    """Give the one writing connection, in this thread, while the block runs.

    A missing file is made, readable only to its owner; an older one is upgraded, with
    a copy beside it. With a sealer it seals what is written from now on.

    Raises:
        StoreError: it cannot be opened; its kind and text say why and what to do.
    """
    with store_failures(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with held_lock(path):
            if not path.exists():
                path.touch(mode=0o600)
            elif not path.stat().st_size and newest_backup(path) is not None:
                raise corrupt_error(path, "the file is empty")
            with closing(connect_writer(path)) as db:
                _check(db, path)
                _refuse_newer(db, path, migrations)
                refuse_missing_keys(db, path, sealer)
                enable_wal(db)
                _upgrade(db, path, backups=backups, clock=clock, migrations=migrations)
                db.execute("PRAGMA foreign_keys = ON")
                if sealer is not None:
                    keep_key(db, sealer, clock)
                    seal_writes(db, sealer)
                yield db


def migrate(db: Database, migrations: Migrations) -> None:
    """Bring the schema up to date: all of it, or nothing where one migration fails."""
    with db.atomic():
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrations.apply(db)


def _check(db: Database, path: Path) -> None:
    """Refuse what is damaged and what is not ours, before anything is written."""
    application_id = db.execute("PRAGMA application_id").fetchone()[0]
    if application_id != APPLICATION_ID and db.table_names():
        raise StoreError(
            T(
                "The database {path} belongs to another program. Choose another "
                "[store] path in config.toml.",
                path=path,
            )
        )
    if path.stat().st_size <= CHECKED_BYTES:
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise corrupt_error(path, " ".join(str(found).split()))


def _refuse_newer(db: Database, path: Path, migrations: Migrations) -> None:
    applied = [migration.name for migration in migrations.applied(db)]
    with closing(Database(memory=True, execute_plugins=False)) as blank:
        known = {migration.name for migration in migrations.pending(blank)}
    if set(applied) <= known:
        return
    versions = {"theirs": len(applied), "ours": len(known)}
    if backup := newest_backup(path):
        raise StoreTooNewError(
            T(
                "The database {path} was written by a newer Hearthbot (version "
                "{theirs} of the tables; this one knows {ours}). Install the newer "
                "one again, or set [store] path to a copy of the backup {backup}.",
                path=path,
                backup=backup,
                **versions,
            )
        )
    raise StoreTooNewError(
        T(
            "The database {path} was written by a newer Hearthbot (version {theirs} "
            "of the tables; this one knows {ours}). Install the newer one again, or "
            "choose another [store] path in config.toml.",
            path=path,
            **versions,
        )
    )


def _upgrade(
    db: Database, path: Path, *, backups: int, clock: Clock, migrations: Migrations
) -> None:
    if not migrations.pending(db):
        return
    version = len(migrations.applied(db))
    backup = None
    if version:
        backup = back_up(db, path, version=version, now_utc=clock.now_utc())
    try:
        migrate(db, migrations)
    except sqlite3.Error as error:
        if backup is None:
            raise
        raise StoreError(
            T(
                "The database {path} could not be upgraded ({reason}) and was left as "
                "it was; a copy is in {backup}. Please report this, and use the "
                "Hearthbot you had before.",
                path=path,
                reason=error,
                backup=backup,
            )
        ) from error
    if backup is not None:
        prune_backups(path, keep=backups)
        logger.info("store upgraded", from_version=version, backup=str(backup))
