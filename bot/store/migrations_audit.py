"""The record of what moderators and the bot did; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m017_audit"]


def m017_audit(db: Database) -> None:
    """Keep a chain of rows that are only ever added."""
    # Replacing a row fires no trigger for the one that goes, so numbers must grow.
    run_script(
        db,
        """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY,
            at_utc TEXT NOT NULL,
            actor TEXT NOT NULL,
            actor_name TEXT NOT NULL,
            community TEXT NOT NULL,
            what TEXT NOT NULL,
            subject TEXT NOT NULL,
            facts_json TEXT NOT NULL,
            prev_hash TEXT NOT NULL,
            hash TEXT NOT NULL
        );
        CREATE INDEX audit_by_community ON audit (community, number);
        CREATE INDEX audit_of_configurations ON audit (number)
            WHERE what = 'config.changed';
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
        CREATE TRIGGER audit_grows_at_its_end BEFORE INSERT ON audit
            WHEN NEW.number <= (SELECT max(number) FROM audit)
            BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
    """,
    )
