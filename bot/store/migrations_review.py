"""What moderators say about posts; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m007_review"]


def m007_review(db: Database) -> None:
    """Keep which posts wait for moderators, and every press about them."""
    run_script(
        db,
        """
        ALTER TABLE schedule ADD COLUMN approvals INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE schedule ADD COLUMN review_minutes INTEGER NOT NULL DEFAULT 720;
        CREATE TABLE review (
            post_id TEXT PRIMARY KEY REFERENCES post (id),
            round INTEGER NOT NULL,
            communities_json TEXT NOT NULL,
            approvals INTEGER NOT NULL,
            expires_utc TEXT NOT NULL,
            ask_utc TEXT
        ) WITHOUT ROWID;
        CREATE TABLE review_press (
            id INTEGER PRIMARY KEY,
            post_id TEXT NOT NULL REFERENCES post (id),
            round INTEGER NOT NULL,
            person_id TEXT NOT NULL,
            person_name TEXT NOT NULL,
            action TEXT NOT NULL,
            note TEXT NOT NULL,
            at_utc TEXT NOT NULL
        );
        CREATE INDEX review_press_by_post ON review_press (post_id, round);
    """,
    )
