"""Who came to the desk by a link; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m024_desk"]


def m024_desk(db: Database) -> None:
    """Keep the links to the desk that were handed out, and the visits they became.

    `key` is the hash of a link's token or of a visit's session.
    """
    run_script(
        db,
        """
        CREATE TABLE desk_visit (
            key TEXT PRIMARY KEY,
            is_begun INTEGER NOT NULL,
            person_id TEXT NOT NULL,
            person_name TEXT NOT NULL,
            role INTEGER NOT NULL,
            place_json TEXT NOT NULL,
            seen_utc TEXT NOT NULL,
            expires_utc TEXT NOT NULL
        ) WITHOUT ROWID;
    """,
    )
