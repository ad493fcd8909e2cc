"""What posts have besides a text, and what stories and lessons go on from."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m011_stories"]


def m011_stories(db: Database) -> None:
    """Keep summary, poll and sources of posts, parts of stories, steps of lessons."""
    run_script(
        db,
        """
        ALTER TABLE post ADD COLUMN summary TEXT NOT NULL DEFAULT '';
        ALTER TABLE post ADD COLUMN poll_json TEXT NOT NULL DEFAULT '';
        ALTER TABLE post ADD COLUMN sources_json TEXT NOT NULL DEFAULT '[]';
        CREATE TABLE story_part (
            post_id TEXT PRIMARY KEY REFERENCES post (id),
            schedule_id TEXT NOT NULL,
            title TEXT NOT NULL,
            plan TEXT NOT NULL,
            characters_json TEXT NOT NULL,
            plot_json TEXT NOT NULL,
            last_lines TEXT NOT NULL,
            part INTEGER NOT NULL,
            has_ended INTEGER NOT NULL,
            updated_utc TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX story_part_by_schedule ON story_part (schedule_id);
        CREATE TABLE lesson_step (
            id INTEGER PRIMARY KEY,
            post_id TEXT NOT NULL REFERENCES post (id),
            schedule_id TEXT NOT NULL,
            word TEXT NOT NULL,
            meaning TEXT NOT NULL,
            is_new INTEGER NOT NULL,
            was_known INTEGER NOT NULL DEFAULT 1,
            at_utc TEXT NOT NULL
        );
        CREATE INDEX lesson_step_by_schedule ON lesson_step (schedule_id);
        CREATE INDEX lesson_step_by_post ON lesson_step (post_id);
    """,
    )
