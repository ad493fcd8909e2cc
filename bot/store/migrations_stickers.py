"""What was drawn in chats; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m018_stickers"]


def m018_stickers(db: Database) -> None:
    """Keep drawings for a while, which of them members would choose, and avatars.

    `place_hash` and `person_hash` name nobody: they are keyed with the store's own
    secret.
    """
    run_script(
        db,
        """
        CREATE TABLE drawn_sheet (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            place_hash TEXT NOT NULL,
            person_hash TEXT NOT NULL,
            purpose TEXT NOT NULL,
            prompt TEXT NOT NULL,
            model TEXT NOT NULL,
            taken INTEGER,
            made_utc TEXT NOT NULL
        );
        CREATE INDEX drawn_sheet_by_person ON drawn_sheet (person_hash);
        CREATE TABLE drawn_picture (
            sheet_id TEXT NOT NULL REFERENCES drawn_sheet (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            content BLOB NOT NULL,
            seed INTEGER NOT NULL,
            PRIMARY KEY (sheet_id, number)
        );
        CREATE TABLE drawn_vote (
            sheet_id TEXT NOT NULL REFERENCES drawn_sheet (id) ON DELETE CASCADE,
            person_hash TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (sheet_id, person_hash)
        ) WITHOUT ROWID;
        CREATE INDEX drawn_vote_by_person ON drawn_vote (person_hash);
        CREATE TABLE persona_avatar (
            persona TEXT PRIMARY KEY,
            prompt TEXT NOT NULL,
            content BLOB NOT NULL,
            model TEXT NOT NULL,
            seed INTEGER NOT NULL,
            made_utc TEXT NOT NULL
        );
    """,
    )
