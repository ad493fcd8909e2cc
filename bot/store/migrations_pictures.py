"""The pictures of posts; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m013_pictures"]


def m013_pictures(db: Database) -> None:
    """Keep what a post's picture is to show, it itself, and what files show."""
    run_script(
        db,
        """
        ALTER TABLE room_file ADD COLUMN description TEXT NOT NULL DEFAULT '';
        ALTER TABLE post ADD COLUMN scene TEXT NOT NULL DEFAULT '';
        CREATE TABLE post_picture (
            post_id TEXT NOT NULL REFERENCES post (id),
            number INTEGER NOT NULL,
            content BLOB NOT NULL,
            media_type TEXT NOT NULL,
            alt TEXT NOT NULL,
            title TEXT NOT NULL,
            prompt TEXT NOT NULL,
            model TEXT NOT NULL,
            seed INTEGER NOT NULL,
            is_cover INTEGER NOT NULL,
            made_utc TEXT NOT NULL,
            PRIMARY KEY (post_id, number)
        );
    """,
    )
