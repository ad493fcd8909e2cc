"""With which keys texts are sealed; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m025_sealing"]


def m025_sealing(db: Database) -> None:
    """Keep the ids of the keys that are in use, each with a value that it opens.

    `is_clean` is 0 until the file has no traces of what was there before the sealing.
    """
    run_script(
        db,
        """
        CREATE TABLE seal_key (
            id TEXT PRIMARY KEY,
            proof BLOB NOT NULL,
            first_used_utc TEXT NOT NULL,
            is_clean INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
    """,
    )
