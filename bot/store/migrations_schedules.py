"""What moderators set about schedules; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m009_schedules"]


def m009_schedules(db: Database) -> None:
    """Keep when schedules rest, how they end, and what becomes of missed slots."""
    run_script(
        db,
        """
        ALTER TABLE schedule ADD COLUMN quiet_hours TEXT NOT NULL DEFAULT '';
        ALTER TABLE schedule ADD COLUMN in_quiet_hours TEXT NOT NULL DEFAULT 'wait';
        ALTER TABLE schedule ADD COLUMN until_date TEXT;
        ALTER TABLE schedule ADD COLUMN jitter_minutes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE schedule ADD COLUMN misfire TEXT NOT NULL DEFAULT 'last';
        ALTER TABLE schedule ADD COLUMN community TEXT NOT NULL DEFAULT '';
    """,
    )
