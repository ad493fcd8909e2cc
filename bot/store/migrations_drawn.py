"""How drawings came about, and where they are; a step of bot.store.migrations."""

from sqlite_utils import Database

from bot.store.script import run_script

__all__ = ["m027_drawn"]


def m027_drawn(db: Database) -> None:
    """Keep how drawings were made and judged, and which messages show them.

    Of what was drawn before, nothing of that is known: 0 and NULL. A message shows a
    whole sheet, or one picture of it at some size.
    """
    run_script(
        db,
        """
        ALTER TABLE drawn_sheet ADD COLUMN took_ms INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE drawn_sheet ADD COLUMN steps INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE drawn_sheet ADD COLUMN judgement_id INTEGER;
        ALTER TABLE drawn_picture ADD COLUMN judgement_id INTEGER;
        CREATE INDEX drawn_picture_by_judgement ON drawn_picture (judgement_id)
            WHERE judgement_id IS NOT NULL;
        CREATE TABLE drawn_message (
            message_id TEXT NOT NULL,
            sheet_id TEXT NOT NULL REFERENCES drawn_sheet (id) ON DELETE CASCADE,
            number INTEGER,
            side_px INTEGER,
            PRIMARY KEY (message_id, sheet_id)
        ) WITHOUT ROWID;
        CREATE INDEX drawn_message_by_sheet ON drawn_message (sheet_id);
    """,
    )
