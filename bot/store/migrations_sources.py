"""Where topics come from; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m008_sources"]


def m008_sources(db: Database) -> None:
    """Keep what schedules draw topics from: feeds, suggestions, and what was found."""
    run_script(
        db,
        """
        ALTER TABLE schedule ADD COLUMN topic_source TEXT NOT NULL DEFAULT 'list';
        ALTER TABLE schedule ADD COLUMN feeds_json TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE schedule ADD COLUMN folder TEXT NOT NULL DEFAULT '';
        CREATE TABLE feed (
            url TEXT PRIMARY KEY,
            etag TEXT NOT NULL,
            last_modified TEXT NOT NULL,
            last_checked_utc TEXT,
            next_check_utc TEXT NOT NULL,
            failures INTEGER NOT NULL,
            error TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE feed_entry (
            feed_url TEXT NOT NULL,
            entry_id TEXT NOT NULL,
            title TEXT NOT NULL,
            url TEXT NOT NULL,
            summary TEXT NOT NULL,
            author TEXT NOT NULL,
            feed_title TEXT NOT NULL,
            published_utc TEXT,
            first_seen_utc TEXT NOT NULL,
            last_seen_utc TEXT NOT NULL,
            used_utc TEXT,
            PRIMARY KEY (feed_url, entry_id)
        ) WITHOUT ROWID;
        CREATE INDEX feed_entry_by_url ON feed_entry (url) WHERE used_utc IS NOT NULL;
    """,
    )
    _create_suggestions(db)


def _create_suggestions(db: Database) -> None:
    run_script(
        db,
        """
        CREATE TABLE suggestion (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            community_key TEXT NOT NULL,
            text TEXT NOT NULL,
            text_key TEXT NOT NULL,
            platform TEXT NOT NULL,
            person_id TEXT NOT NULL,
            person_name TEXT NOT NULL,
            is_moderator INTEGER NOT NULL,
            state TEXT NOT NULL,
            created_utc TEXT NOT NULL,
            settled_utc TEXT
        );
        CREATE UNIQUE INDEX suggestion_open ON suggestion (community_key, text_key)
            WHERE state = 'open';
        CREATE TABLE suggestion_vote (
            number INTEGER NOT NULL REFERENCES suggestion (number),
            platform TEXT NOT NULL,
            person_id TEXT NOT NULL,
            created_utc TEXT NOT NULL,
            PRIMARY KEY (number, platform, person_id)
        ) WITHOUT ROWID;
        CREATE TABLE post_material (
            post_id TEXT PRIMARY KEY,
            material TEXT NOT NULL,
            links_json TEXT NOT NULL
        ) WITHOUT ROWID;
    """,
    )
