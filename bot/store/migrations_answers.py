"""What people do with answers; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m006_answers"]


def m006_answers(db: Database) -> None:
    """Keep how answers were rated and what was reported; find answers by question."""
    run_script(
        db,
        """
        CREATE INDEX turn_by_reply ON turn (scope, reply_to_id);
        CREATE INDEX turn_by_author ON turn (author_id);
        CREATE INDEX judgement_by_author ON judgement (author_id);
        CREATE TABLE rating (
            scope TEXT NOT NULL,
            question_id TEXT NOT NULL,
            platform TEXT NOT NULL,
            person_id TEXT NOT NULL,
            is_good INTEGER NOT NULL,
            created_utc TEXT NOT NULL,
            PRIMARY KEY (scope, question_id, person_id)
        ) WITHOUT ROWID;
        CREATE TABLE report (
            id INTEGER PRIMARY KEY,
            channel_key TEXT NOT NULL,
            community_key TEXT NOT NULL,
            message_id TEXT NOT NULL,
            platform TEXT NOT NULL,
            person_id TEXT NOT NULL,
            person_name TEXT NOT NULL,
            reason TEXT NOT NULL,
            created_utc TEXT NOT NULL,
            UNIQUE (channel_key, message_id, person_id)
        );
    """,
    )
