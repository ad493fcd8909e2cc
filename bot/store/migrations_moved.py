"""Single times of schedules that were moved; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m015_moved"]


def m015_moved(db: Database) -> None:
    """Keep where single slots were moved, and find runs and posts by their time."""
    run_script(
        db,
        """
        CREATE TABLE slot_move (
            schedule_id TEXT NOT NULL,
            slot_utc TEXT NOT NULL,
            to_utc TEXT NOT NULL,
            by_name TEXT NOT NULL,
            moved_utc TEXT NOT NULL,
            PRIMARY KEY (schedule_id, slot_utc)
        ) WITHOUT ROWID;
        CREATE TABLE post_hold (
            post_id TEXT PRIMARY KEY REFERENCES post (id),
            until_utc TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX schedule_run_by_due ON schedule_run (due_utc);
        CREATE INDEX schedule_run_by_change ON schedule_run (updated_utc);
        CREATE INDEX post_by_creation ON post (created_utc);
    """,
    )
