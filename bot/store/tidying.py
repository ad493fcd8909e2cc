"""Leaves nothing in the files of the store of what is no longer in its tables."""

from sqlite_utils import Database

__all__ = ["rewrite", "rewrite_whole", "shorten_log"]

MAX_REWRITTEN_BYTES = 256 * 1024 * 1024
"""Files up to this size are written anew: a second or two in which writes wait."""
MAX_TRIES = 3


def rewrite(db: Database) -> bool:
    """Write the file anew, without gaps, and empty its log; outside a transaction.

    What is deleted is overwritten at once, but copies of a row can be left in the gaps
    of pages that were split. A large file is left as it is. False: the log could not be
    emptied, because somebody was reading all the while.
    """
    pages, size_bytes = (
        int(db.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "page_size")
    )
    if pages * size_bytes <= MAX_REWRITTEN_BYTES:
        return rewrite_whole(db)
    return shorten_log(db)


def rewrite_whole(db: Database) -> bool:
    """Do what `rewrite` does, however large the file is."""
    spill = int(db.execute("PRAGMA cache_spill").fetchone()[0])
    db.execute("PRAGMA cache_spill = ON")  # the whole file would not fit
    try:
        db.execute("VACUUM")
    finally:
        db.execute(f"PRAGMA cache_spill = {spill}")
    return shorten_log(db)


def shorten_log(db: Database) -> bool:
    """Empty the write-ahead log; False: somebody was reading all the while."""
    for _ in range(MAX_TRIES):  # each waits as long as the connection's timeout says
        is_busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if not is_busy:
            return True
    return False
