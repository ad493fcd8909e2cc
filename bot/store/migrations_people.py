"""What moderators keep of people, and what people use; a step of the migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m019_people"]


def m019_people(db: Database) -> None:
    """Keep bans and mutes, notes, and what each person asks of the models in a day."""
    run_script(
        db,
        """
        CREATE TABLE ban (
            place TEXT NOT NULL,
            platform TEXT NOT NULL,
            person_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            person_name TEXT NOT NULL,
            until_utc TEXT,
            reason TEXT NOT NULL,
            by_id TEXT NOT NULL,
            by_name TEXT NOT NULL,
            by_owner INTEGER NOT NULL,
            created_utc TEXT NOT NULL,
            told_utc TEXT,
            appealed_utc TEXT,
            PRIMARY KEY (place, platform, person_id, kind)
        ) WITHOUT ROWID;
        CREATE TABLE person_note (
            number INTEGER PRIMARY KEY,
            community TEXT NOT NULL,
            platform TEXT NOT NULL,
            person_id TEXT NOT NULL,
            text TEXT NOT NULL,
            author_id TEXT NOT NULL,
            author_name TEXT NOT NULL,
            created_utc TEXT NOT NULL
        );
        CREATE INDEX person_note_of ON person_note (community, person_id);
        CREATE TABLE usage_day (
            day TEXT NOT NULL,
            community TEXT NOT NULL,
            person TEXT NOT NULL,
            requests INTEGER NOT NULL,
            seconds REAL NOT NULL,
            PRIMARY KEY (day, community, person)
        ) WITHOUT ROWID;
        CREATE INDEX usage_of_person ON usage_day (person, day);
    """,
    )
