"""What becomes of posts that have gone out; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m012_after"]


def m012_after(db: Database) -> None:
    """Keep every message that a post became, and how each is changed or withdrawn."""
    run_script(
        db,
        """
        ALTER TABLE delivery ADD COLUMN message_ids_json TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE delivery ADD COLUMN poll_message_id TEXT NOT NULL DEFAULT '';
        ALTER TABLE delivery ADD COLUMN poll_id TEXT NOT NULL DEFAULT '';
        ALTER TABLE delivery ADD COLUMN thread_id TEXT NOT NULL DEFAULT '';
        ALTER TABLE delivery ADD COLUMN picture_message_id TEXT NOT NULL DEFAULT '';
        UPDATE delivery SET message_ids_json = json_array(message_id)
            WHERE message_id IS NOT NULL;
        CREATE INDEX delivery_by_poll ON delivery (poll_id) WHERE poll_id != '';
        CREATE TABLE delivery_message (
            place_key TEXT NOT NULL,
            message_id TEXT NOT NULL,
            delivery_id INTEGER NOT NULL REFERENCES delivery (id),
            PRIMARY KEY (place_key, message_id)
        ) WITHOUT ROWID;
        CREATE INDEX delivery_message_by_delivery ON delivery_message (delivery_id);
        INSERT OR REPLACE INTO delivery_message (place_key, message_id, delivery_id)
            SELECT CASE instr(channel_key, '/') WHEN 0 THEN channel_key
                ELSE substr(channel_key, 1, instr(channel_key, '/') - 1) END,
                message_id, id
            FROM delivery WHERE message_id IS NOT NULL;
        CREATE TABLE delivery_change (
            id INTEGER PRIMARY KEY,
            delivery_id INTEGER NOT NULL REFERENCES delivery (id),
            kind TEXT NOT NULL,
            actor TEXT NOT NULL,
            nonce TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            error TEXT,
            next_attempt_utc TEXT,
            created_utc TEXT NOT NULL,
            updated_utc TEXT NOT NULL
        );
        CREATE INDEX delivery_change_by_delivery ON delivery_change (delivery_id);
        CREATE INDEX delivery_change_by_state ON delivery_change (state);
    """,
    )
