"""The tables of safety; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m005_safety"]


def m005_safety(db: Database) -> None:
    """Keep what was judged and corrected, appeals, and unwanted pictures."""
    # `text` is emptied when its time is over; a correction keeps its own copy, because
    # a moderator chose to keep it as an example.
    run_script(
        db,
        """
        CREATE TABLE judgement (
            id INTEGER PRIMARY KEY,
            scope TEXT NOT NULL,
            channel_key TEXT NOT NULL,
            community_key TEXT NOT NULL,
            message_id TEXT NOT NULL,
            author_id TEXT NOT NULL,
            author_name TEXT NOT NULL,
            stage TEXT NOT NULL,
            action TEXT NOT NULL,
            category TEXT NOT NULL,
            score REAL NOT NULL,
            filter TEXT NOT NULL,
            reason TEXT NOT NULL,
            has_acted INTEGER NOT NULL,
            scores_json TEXT NOT NULL,
            verdicts_json TEXT NOT NULL,
            text TEXT NOT NULL,
            created_utc TEXT NOT NULL
        );
        INSERT INTO judgement SELECT
            id, scope, '', '', message_id, author_id, '', stage, action, category,
            score, filter, reason, 1, '{}', '[]', '', created_utc
        FROM verdict;
        DROP TABLE verdict;
        CREATE INDEX judgement_by_message ON judgement (message_id);
        CREATE INDEX judgement_by_community ON judgement (community_key, created_utc);
        CREATE INDEX judgement_by_time ON judgement (created_utc);
        CREATE INDEX trace_by_time ON trace (created_utc);
        CREATE INDEX trace_by_message ON trace (message_id);
    """,
    )
    _create_moderation(db)


def _create_moderation(db: Database) -> None:
    run_script(
        db,
        """
        CREATE TABLE correction (
            judgement_id INTEGER NOT NULL,
            category TEXT NOT NULL,
            is_harmful INTEGER NOT NULL,
            stage TEXT NOT NULL,
            text TEXT NOT NULL,
            by_id TEXT NOT NULL,
            created_utc TEXT NOT NULL,
            PRIMARY KEY (judgement_id, category)
        ) WITHOUT ROWID;
        CREATE TABLE appeal (
            id INTEGER PRIMARY KEY,
            judgement_id INTEGER NOT NULL UNIQUE,
            channel_key TEXT NOT NULL,
            person_id TEXT NOT NULL,
            person_name TEXT NOT NULL,
            state TEXT NOT NULL,
            decided_by TEXT NOT NULL,
            created_utc TEXT NOT NULL,
            decided_utc TEXT
        );
        CREATE INDEX appeal_by_state ON appeal (state);
        CREATE TABLE picture_hash (
            community TEXT NOT NULL,
            hash TEXT NOT NULL,
            further_hashes TEXT NOT NULL,
            note TEXT NOT NULL,
            added_by TEXT NOT NULL,
            created_utc TEXT NOT NULL,
            PRIMARY KEY (community, hash)
        ) WITHOUT ROWID;
    """,
    )
