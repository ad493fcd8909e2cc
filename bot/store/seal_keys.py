"""The keys that a database was sealed with: known before anything is read or written.

Their ids are kept with a small sealed value each, never the keys.
"""

from collections.abc import Collection
from pathlib import Path

from sqlite_utils import Database

from bot.clock import Clock
from bot.errors import StoreSealedError
from bot.store.columns import utc_column
from bot.store.sealing import Sealer
from bot.words import T

__all__ = [
    "drop_keys",
    "is_clean",
    "keep_key",
    "key_ids",
    "mark_clean",
    "refuse_missing_keys",
]

TABLE = "seal_key"


def key_ids(db: Database) -> tuple[str, ...]:
    """Return the ids of the keys that something may be sealed with."""
    if TABLE not in db.table_names():
        return ()
    rows = db.execute(f"SELECT id FROM {TABLE} ORDER BY first_used_utc, id")  # noqa: S608
    return tuple(str(row["id"]) for row in rows)


def refuse_missing_keys(db: Database, path: Path, sealer: Sealer | None) -> None:
    """See to it that all that is sealed can be opened; nothing is written.

    Raises:
        StoreSealedError: a key is missing or wrong.
    """
    used = key_ids(db)
    missing = [one for one in used if sealer is None or one not in sealer.ids]
    if missing and sealer is None:
        raise StoreSealedError(
            T(
                "The texts in the database {path} are sealed, and there is no key: put "
                "it (id {ids}) into the environment variable that [store] key_env in "
                "config.toml names. Nothing was changed.",
                path=path,
                ids=", ".join(missing),
            )
        )
    if missing:
        raise StoreSealedError(
            T(
                "The texts in the database {path} are sealed with another key (id "
                "{ids}) than the given one. Put that key back; to change to a new one, "
                "write both, the new one first, with a comma between them. Nothing was "
                "changed.",
                path=path,
                ids=", ".join(missing),
            )
        )
    if sealer is not None and used:
        for row in db.execute(f"SELECT id, proof FROM {TABLE}"):  # noqa: S608
            sealer.open(row["proof"], _label(row["id"]))


def keep_key(db: Database, sealer: Sealer, clock: Clock) -> None:
    """Keep the newest key's id, before anything is sealed with it."""
    newest = sealer.ids[0]
    db.execute(
        f"INSERT OR IGNORE INTO {TABLE} (id, proof, first_used_utc)"  # noqa: S608
        " VALUES (?, ?, ?)",
        (newest, sealer.seal(newest, _label(newest)), utc_column(clock.now_utc())),
    )


def is_clean(db: Database) -> bool:
    """Return whether the file has no traces of what was there before the sealing."""
    row = db.execute(f"SELECT min(is_clean) FROM {TABLE}").fetchone()  # noqa: S608
    return bool(row[0])


def mark_clean(db: Database, *, clean: bool) -> None:
    """Keep whether the file has no such traces."""
    db.execute(f"UPDATE {TABLE} SET is_clean = ?", (clean,))  # noqa: S608


def drop_keys(db: Database, ids: Collection[str]) -> None:
    """Forget keys that nothing is sealed with any more."""
    for one in ids:
        db.execute(f"DELETE FROM {TABLE} WHERE id = ?", (one,))  # noqa: S608


def _label(key_id: str) -> str:
    return f"{TABLE}.proof:{key_id}"
