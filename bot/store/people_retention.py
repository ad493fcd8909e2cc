"""Forgets what moderators kept of people, and what people used, after its time."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.store.columns import utc_column

__all__ = ["forget_people"]

_KEEP_USAGE = timedelta(days=31)
_KEEP_NOTES = timedelta(days=365)


def forget_people(db: Database, now_utc: datetime, *, records_before: str) -> int:
    """Forget what is due; return how many rows that concerned.

    Bans that are over go with the records, notes after a year, and what was used in a
    day after a month.
    """
    steps = (
        ("ban WHERE until_utc < ?", records_before),
        ("person_note WHERE created_utc < ?", utc_column(now_utc - _KEEP_NOTES)),
        ("usage_day WHERE day < ?", f"{now_utc - _KEEP_USAGE:%Y-%m-%d}"),
    )
    return sum(
        db.execute(f"DELETE FROM {what}", (before,)).rowcount  # noqa: S608 (own text)
        for what, before in steps
    )
