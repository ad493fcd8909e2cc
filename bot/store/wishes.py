"""Who wants nothing kept: asked in the same breath in which it would be."""

from sqlite_utils import Database

__all__ = ["KEEP", "OFF", "keeps_nothing"]

KEEP, OFF = "keep", "off"
"""The name of the setting under a person's own key, and its value."""


def keeps_nothing(db: Database, platform: str, person_id: str) -> bool:
    """Return whether a person wants nothing of theirs kept."""
    row = db.execute(
        "SELECT 1 FROM setting WHERE key = ? AND name = ? AND value = ?",
        (f"person:{platform}:{person_id}", KEEP, OFF),
    ).fetchone()
    return row is not None
