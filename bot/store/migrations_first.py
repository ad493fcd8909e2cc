"""The first tables: turns, verdicts, posts, the page's rooms; steps of migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m001_conversation", "m002_judgement", "m003_posts", "m004_rooms"]


def m001_conversation(db: Database) -> None:
    """Keep what was said and which messages were seen."""
    run_script(
        db,
        """
        CREATE TABLE turn (
            id INTEGER PRIMARY KEY,
            scope TEXT NOT NULL,
            role TEXT NOT NULL,
            text TEXT NOT NULL,
            message_id TEXT NOT NULL,
            reply_to_id TEXT,
            author_id TEXT NOT NULL,
            author_name TEXT NOT NULL,
            created_utc TEXT NOT NULL
        );
        CREATE INDEX turn_by_scope ON turn (scope);
        CREATE TABLE turn_message (
            scope TEXT NOT NULL,
            message_id TEXT NOT NULL,
            turn_id INTEGER NOT NULL REFERENCES turn (id) ON DELETE CASCADE,
            PRIMARY KEY (scope, message_id)
        ) WITHOUT ROWID;
        CREATE INDEX turn_message_by_turn ON turn_message (turn_id);
        CREATE TABLE seen_message (
            platform TEXT NOT NULL,
            channel_key TEXT NOT NULL,
            message_id TEXT NOT NULL,
            seen_utc TEXT NOT NULL,
            PRIMARY KEY (platform, channel_key, message_id)
        ) WITHOUT ROWID;
        CREATE INDEX seen_message_by_time ON seen_message (seen_utc);
    """,
    )


def m002_judgement(db: Database) -> None:
    """Keep verdicts and traces, settings, and what the page needs to know people."""
    run_script(
        db,
        """
        CREATE TABLE verdict (
            id INTEGER PRIMARY KEY,
            scope TEXT NOT NULL,
            message_id TEXT NOT NULL,
            author_id TEXT NOT NULL,
            stage TEXT NOT NULL,
            action TEXT NOT NULL,
            category TEXT NOT NULL,
            score REAL NOT NULL,
            filter TEXT NOT NULL,
            reason TEXT NOT NULL,
            created_utc TEXT NOT NULL
        );
        CREATE INDEX verdict_by_scope ON verdict (scope);
        CREATE TABLE trace (
            id INTEGER PRIMARY KEY,
            request_id TEXT NOT NULL,
            scope TEXT NOT NULL,
            message_id TEXT NOT NULL,
            model TEXT NOT NULL,
            persona TEXT NOT NULL,
            seed INTEGER,
            prompt_tokens INTEGER,
            completion_tokens INTEGER,
            waited_ms INTEGER,
            first_piece_ms INTEGER,
            duration_ms INTEGER NOT NULL,
            finish_reason TEXT,
            error_id TEXT,
            created_utc TEXT NOT NULL
        );
        CREATE INDEX trace_by_error ON trace (error_id) WHERE error_id IS NOT NULL;
        CREATE TABLE setting (
            key TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            updated_utc TEXT NOT NULL,
            PRIMARY KEY (key, name)
        ) WITHOUT ROWID;
        CREATE TABLE secret (
            name TEXT PRIMARY KEY,
            value BLOB NOT NULL,
            created_utc TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE password (
            name TEXT PRIMARY KEY,
            hash TEXT NOT NULL,
            updated_utc TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE start (
            number INTEGER PRIMARY KEY,
            started_utc TEXT NOT NULL
        );
    """,
    )


def m003_posts(db: Database) -> None:
    """Keep schedules and their runs, posts and their ways, and deliveries."""
    _create_schedules(db)
    _create_posts(db)


def _create_schedules(db: Database) -> None:
    # A run and a post outlive their schedule, so they do not refer to its row.
    run_script(
        db,
        """
        CREATE TABLE schedule (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            channels_json TEXT NOT NULL,
            topics_json TEXT NOT NULL,
            cron TEXT NOT NULL,
            every_minutes INTEGER NOT NULL,
            at_utc TEXT,
            timezone TEXT NOT NULL,
            at_first_start INTEGER NOT NULL,
            grace_minutes INTEGER NOT NULL,
            persona TEXT,
            language TEXT,
            is_enabled INTEGER NOT NULL,
            source TEXT NOT NULL,
            config_hash TEXT,
            created_utc TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE schedule_run (
            schedule_id TEXT NOT NULL,
            due_utc TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            post_id TEXT,
            updated_utc TEXT NOT NULL,
            PRIMARY KEY (schedule_id, due_utc)
        ) WITHOUT ROWID;
        CREATE INDEX schedule_run_by_state ON schedule_run (state);
    """,
    )


def _create_posts(db: Database) -> None:
    run_script(
        db,
        """
        CREATE TABLE post (
            id TEXT PRIMARY KEY,
            schedule_id TEXT,
            kind TEXT NOT NULL,
            topic TEXT NOT NULL,
            language TEXT NOT NULL,
            persona TEXT NOT NULL,
            status TEXT NOT NULL,
            created_utc TEXT NOT NULL,
            updated_utc TEXT NOT NULL,
            title TEXT NOT NULL,
            body TEXT NOT NULL
        );
        CREATE INDEX post_by_status ON post (status);
        CREATE INDEX post_by_kind ON post (kind, created_utc);
        CREATE TABLE post_transition (
            id INTEGER PRIMARY KEY,
            post_id TEXT NOT NULL REFERENCES post (id),
            from_status TEXT,
            to_status TEXT NOT NULL,
            actor TEXT NOT NULL,
            reason TEXT NOT NULL,
            at_utc TEXT NOT NULL
        );
        CREATE INDEX post_transition_by_post ON post_transition (post_id);
        CREATE TABLE delivery (
            id INTEGER PRIMARY KEY,
            post_id TEXT NOT NULL REFERENCES post (id),
            channel_key TEXT NOT NULL,
            nonce TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            message_id TEXT,
            error TEXT,
            next_attempt_utc TEXT,
            updated_utc TEXT NOT NULL,
            UNIQUE (post_id, channel_key)
        );
        CREATE INDEX delivery_by_state ON delivery (state);
    """,
    )


def m004_rooms(db: Database) -> None:
    """Keep what is written in the rooms of the page, and who visits it."""
    run_script(
        db,
        """
        CREATE TABLE room_message (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            room TEXT NOT NULL,
            author_id TEXT NOT NULL,
            author_name TEXT NOT NULL,
            text TEXT NOT NULL,
            created_utc TEXT NOT NULL,
            is_bot INTEGER NOT NULL,
            reply_to_id TEXT,
            audience_id TEXT,
            buttons_json TEXT NOT NULL,
            is_edited INTEGER NOT NULL,
            nonce TEXT UNIQUE
        );
        CREATE INDEX room_message_by_room ON room_message (room, number);
        CREATE TABLE room_file (
            id TEXT PRIMARY KEY,
            message_id TEXT NOT NULL REFERENCES room_message (id),
            name TEXT NOT NULL,
            media_type TEXT NOT NULL,
            content BLOB NOT NULL
        );
        CREATE INDEX room_file_by_message ON room_file (message_id);
        CREATE TABLE visitor (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            language TEXT,
            seen_utc TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE seat (
            session_key TEXT PRIMARY KEY,
            expires_utc TEXT NOT NULL
        ) WITHOUT ROWID;
    """,
    )
