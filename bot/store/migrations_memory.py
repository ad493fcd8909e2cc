"""What people asked it to remember; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m021_memory"]


def m021_memory(db: Database) -> None:
    """Keep notes, and which of them an answer was written with."""
    # A community's own note has no person. Numbers are never used again: an old button
    # must not reach a newer note.
    run_script(
        db,
        """
        CREATE TABLE memory (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            place TEXT NOT NULL,
            platform TEXT NOT NULL,
            person_id TEXT NOT NULL,
            text TEXT NOT NULL,
            created_utc TEXT NOT NULL,
            updated_utc TEXT NOT NULL
        );
        CREATE INDEX memory_by_person ON memory (platform, person_id, place);
        CREATE TABLE memory_use (
            scope TEXT NOT NULL,
            message_id TEXT NOT NULL,
            number INTEGER NOT NULL REFERENCES memory (number) ON DELETE CASCADE,
            created_utc TEXT NOT NULL,
            PRIMARY KEY (scope, message_id, number)
        ) WITHOUT ROWID;
        CREATE INDEX memory_use_by_number ON memory_use (number);
        CREATE INDEX memory_use_by_time ON memory_use (created_utc);
    """,
    )
