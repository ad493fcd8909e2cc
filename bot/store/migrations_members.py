"""Whose words an example of moderators has; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m020_members"]


def m020_members(db: Database) -> None:
    """Keep whose text a correction is of: it outlives the verdict that said so."""
    run_script(
        db,
        """
        ALTER TABLE correction ADD COLUMN platform TEXT NOT NULL DEFAULT '';
        ALTER TABLE correction ADD COLUMN author_id TEXT NOT NULL DEFAULT '';
        UPDATE correction SET (platform, author_id) = (
            SELECT substr(channel_key, 1, instr(channel_key, ':') - 1), author_id
            FROM judgement WHERE judgement.id = judgement_id
        ) WHERE judgement_id IN (SELECT id FROM judgement);
        CREATE INDEX correction_by_author ON correction (author_id);
        CREATE INDEX turn_by_time ON turn (created_utc);
        CREATE INDEX rating_by_person ON rating (person_id);
        CREATE INDEX report_by_person ON report (person_id);
        CREATE INDEX appeal_by_person ON appeal (person_id);
        CREATE INDEX room_message_by_author ON room_message (author_id);
    """,
    )
