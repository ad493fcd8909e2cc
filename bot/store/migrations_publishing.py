"""How posts of a schedule go out; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m010_publishing"]


def m010_publishing(db: Database) -> None:
    """Keep tags, discussions and the role that a schedule's posts call."""
    run_script(
        db,
        """
        ALTER TABLE schedule ADD COLUMN tags_json TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE schedule ADD COLUMN discuss INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE schedule ADD COLUMN mention_role TEXT NOT NULL DEFAULT '';
    """,
    )
