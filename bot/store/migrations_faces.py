"""Whose the pictures of personas are; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m026_faces"]


def m026_faces(db: Database) -> None:
    """Keep avatars by community; those that there were are drawn anew.

    `community` is "" for what private chats are shown: no person's chat is named.
    """
    run_script(
        db,
        """
        DROP TABLE persona_avatar;
        CREATE TABLE persona_avatar (
            community TEXT NOT NULL,
            persona TEXT NOT NULL,
            prompt TEXT NOT NULL,
            content BLOB NOT NULL,
            model TEXT NOT NULL,
            seed INTEGER NOT NULL,
            made_utc TEXT NOT NULL,
            PRIMARY KEY (community, persona)
        );
    """,
    )
