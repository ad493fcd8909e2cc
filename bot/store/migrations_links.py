"""Which accounts belong to one person; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m022_links"]


def m022_links(db: Database) -> None:
    """Keep linked accounts, codes that join them (as a hash), and wrong tries."""
    run_script(
        db,
        """
        CREATE TABLE linked_account (
            id INTEGER PRIMARY KEY,
            platform TEXT NOT NULL,
            person_id TEXT NOT NULL,
            person_name TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            link TEXT NOT NULL,
            linked_utc TEXT NOT NULL,
            UNIQUE (platform, person_id)
        );
        CREATE INDEX linked_account_by_link ON linked_account (link);
        CREATE TABLE link_code (
            platform TEXT NOT NULL,
            person_id TEXT NOT NULL,
            person_name TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            code_hash TEXT NOT NULL UNIQUE,
            expires_utc TEXT NOT NULL,
            taken_platform TEXT,
            taken_id TEXT,
            PRIMARY KEY (platform, person_id)
        ) WITHOUT ROWID;
        CREATE TABLE link_try (
            id INTEGER PRIMARY KEY,
            platform TEXT NOT NULL,
            person_id TEXT NOT NULL,
            at_utc TEXT NOT NULL
        );
        CREATE INDEX link_try_by_person ON link_try (platform, person_id);
    """,
    )
