"""What posts are put together from; a step of bot.store.migrations."""

from sqlite_utils import Database

__all__ = ["m016_material"]


def m016_material(db: Database) -> None:
    """Keep the entries, messages and posts that a post quotes."""
    db.executescript("""
        ALTER TABLE post_material ADD COLUMN items_json TEXT NOT NULL DEFAULT '[]';
    """)
