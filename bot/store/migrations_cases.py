"""The tables of cases; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m023_cases"]


def m023_cases(db: Database) -> None:
    """Keep what moderators look at, what they did, and what is counted in watching."""
    # A number is never given twice, also when old cases are forgotten: people quote it.
    run_script(
        db,
        """
        CREATE TABLE moderation_case (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            community_key TEXT NOT NULL,
            owner_id TEXT NOT NULL,
            owner_name TEXT NOT NULL,
            outcome TEXT,
            cards_json TEXT NOT NULL,
            created_utc TEXT NOT NULL,
            updated_utc TEXT NOT NULL
        );
        CREATE INDEX moderation_case_by_community
            ON moderation_case (community_key, state);
        CREATE TABLE case_message (
            number INTEGER NOT NULL
                REFERENCES moderation_case (number) ON DELETE CASCADE,
            channel_key TEXT NOT NULL,
            message_id TEXT NOT NULL,
            author_id TEXT NOT NULL,
            author_name TEXT NOT NULL,
            text TEXT NOT NULL,
            link TEXT NOT NULL,
            judgement_id INTEGER,
            at_utc TEXT NOT NULL,
            PRIMARY KEY (number, channel_key, message_id)
        ) WITHOUT ROWID;
        CREATE INDEX case_message_by_message ON case_message (channel_key, message_id);
        CREATE INDEX case_message_by_author ON case_message (author_id);
        CREATE TABLE case_note (
            id INTEGER PRIMARY KEY,
            number INTEGER NOT NULL
                REFERENCES moderation_case (number) ON DELETE CASCADE,
            what TEXT NOT NULL,
            by_id TEXT NOT NULL,
            by_name TEXT NOT NULL,
            text TEXT NOT NULL,
            at_utc TEXT NOT NULL
        );
        CREATE INDEX case_note_by_case ON case_note (number);
    """,
    )
    _create_counted(db)
    _open_cases(db)


def _create_counted(db: Database) -> None:
    run_script(
        db,
        """
        CREATE TABLE warning (
            id INTEGER PRIMARY KEY,
            case_number INTEGER NOT NULL,
            community_key TEXT NOT NULL,
            platform TEXT NOT NULL,
            person_id TEXT NOT NULL,
            person_name TEXT NOT NULL,
            by_id TEXT NOT NULL,
            by_name TEXT NOT NULL,
            text TEXT NOT NULL,
            at_utc TEXT NOT NULL
        );
        CREATE INDEX warning_by_person ON warning (community_key, person_id);
        CREATE TABLE watch_count (
            channel_key TEXT NOT NULL,
            day TEXT NOT NULL,
            what TEXT NOT NULL,
            num INTEGER NOT NULL,
            PRIMARY KEY (channel_key, day, what)
        ) WITHOUT ROWID;
        ALTER TABLE report ADD COLUMN case_number INTEGER;
        ALTER TABLE report ADD COLUMN is_told INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE appeal ADD COLUMN case_number INTEGER;
        ALTER TABLE appeal ADD COLUMN is_told INTEGER NOT NULL DEFAULT 1;
        CREATE INDEX report_by_case ON report (case_number);
        CREATE INDEX appeal_by_case ON appeal (case_number);
    """,
    )


def _open_cases(db: Database) -> None:
    """Let every appeal that nobody has decided have its case."""
    waiting = db.execute(
        "SELECT appeal.id, coalesce(community_key, ''), appeal.created_utc,"
        " appeal.channel_key, coalesce(message_id, ''), person_id, person_name,"
        " coalesce(text, ''), judgement_id FROM appeal"
        " LEFT JOIN judgement ON judgement.id = judgement_id WHERE state = 'open'"
        " ORDER BY appeal.id"
    ).fetchall()
    for appeal, community, at_utc, *about, judgement in waiting:
        opened = db.execute(
            "INSERT INTO moderation_case (kind, state, community_key, owner_id,"
            " owner_name, cards_json, created_utc, updated_utc)"
            " VALUES ('appeal', 'open', ?, '', '', '[]', ?, ?)",
            (community, at_utc, at_utc),
        )
        db.execute(
            "INSERT INTO case_message (number, channel_key, message_id, author_id,"
            " author_name, text, link, judgement_id, at_utc)"
            " VALUES (?, ?, ?, ?, ?, ?, '', ?, ?)",
            (opened.lastrowid, *about, judgement, at_utc),
        )
        db.execute(
            "UPDATE appeal SET case_number = ?, is_told = 0 WHERE id = ?",
            (opened.lastrowid, appeal),
        )
