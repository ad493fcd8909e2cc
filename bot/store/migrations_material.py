"""What posts are put together from; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m016_material"]


def m016_material(db: Database) -> None:
    """Keep the entries, messages and posts that a post quotes."""
    run_script(
        db,
        """
        ALTER TABLE post_material ADD COLUMN items_json TEXT NOT NULL DEFAULT '[]';
    """,
    )
