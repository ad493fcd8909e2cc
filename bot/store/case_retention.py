"""Forgetting cases: first what they say, then that there were any."""

from sqlite_utils import Database

__all__ = ["forget_cases"]


def forget_cases(db: Database, texts_before: str, records_before: str) -> int:
    """Forget what old cases say, and cases that were decided long ago."""
    num_rows = db.execute(
        "UPDATE case_message SET text = '' WHERE text != '' AND at_utc < ?",
        (texts_before,),
    ).rowcount
    num_rows += db.execute(
        "DELETE FROM moderation_case WHERE updated_utc < ?", (records_before,)
    ).rowcount
    num_rows += db.execute(
        "DELETE FROM report WHERE case_number IS NOT NULL"
        " AND case_number NOT IN (SELECT number FROM moderation_case)"
    ).rowcount
    num_rows += db.execute(
        "DELETE FROM warning WHERE at_utc < ?", (records_before,)
    ).rowcount
    return (
        num_rows
        + db.execute(
            "DELETE FROM watch_count WHERE day < ?", (records_before[:10],)
        ).rowcount
    )
