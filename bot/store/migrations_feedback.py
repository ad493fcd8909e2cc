"""What people make of posts; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m014_feedback"]

TABLES = """
CREATE TABLE post_reaction (
    post_id TEXT NOT NULL REFERENCES post (id),
    channel_key TEXT NOT NULL,
    person_hash TEXT NOT NULL,
    emoji TEXT NOT NULL,
    at_utc TEXT NOT NULL,
    PRIMARY KEY (post_id, channel_key, person_hash, emoji)
) WITHOUT ROWID;
CREATE INDEX post_reaction_by_person ON post_reaction (person_hash);
CREATE TABLE post_vote (
    post_id TEXT NOT NULL REFERENCES post (id),
    channel_key TEXT NOT NULL,
    person_hash TEXT NOT NULL,
    answers_json TEXT NOT NULL,
    at_utc TEXT NOT NULL,
    PRIMARY KEY (post_id, channel_key, person_hash)
) WITHOUT ROWID;
CREATE INDEX post_vote_by_person ON post_vote (person_hash);
CREATE TABLE post_reply (
    post_id TEXT NOT NULL REFERENCES post (id),
    channel_key TEXT NOT NULL,
    person_hash TEXT NOT NULL,
    message_hash TEXT NOT NULL,
    at_utc TEXT NOT NULL,
    PRIMARY KEY (post_id, channel_key, person_hash, message_hash)
) WITHOUT ROWID;
CREATE INDEX post_reply_by_person ON post_reply (person_hash);
CREATE TABLE post_total (
    post_id TEXT NOT NULL REFERENCES post (id),
    channel_key TEXT NOT NULL,
    what TEXT NOT NULL,
    message_id TEXT NOT NULL,
    name TEXT NOT NULL,
    num INTEGER NOT NULL,
    PRIMARY KEY (post_id, channel_key, what, message_id, name)
) WITHOUT ROWID;
ALTER TABLE room_message ADD COLUMN post_id TEXT;
ALTER TABLE room_message ADD COLUMN poll_json TEXT NOT NULL DEFAULT '';
CREATE TABLE room_reaction (
    message_id TEXT NOT NULL REFERENCES room_message (id),
    person_id TEXT NOT NULL,
    emoji TEXT NOT NULL,
    PRIMARY KEY (message_id, person_id, emoji)
) WITHOUT ROWID;
CREATE TABLE room_vote (
    message_id TEXT NOT NULL REFERENCES room_message (id),
    person_id TEXT NOT NULL,
    answer INTEGER NOT NULL,
    PRIMARY KEY (message_id, person_id)
) WITHOUT ROWID;
"""


def m014_feedback(db: Database) -> None:
    """Keep reactions, votes and replies of posts, and polls of the page's rooms.

    `person_hash` names nobody: it is keyed with the store's own secret. What a room
    shows, the page itself must know by its visitors, as any platform does.
    """
    run_script(db, TABLES)
