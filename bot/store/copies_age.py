"""Deletes copies of the store when their time is over."""

import re
from datetime import datetime, timedelta
from pathlib import Path

from bot.store.backups import backups_of
from bot.store.copies import (
    SIDE_FILES,
    copies_folder,
    copy_store,
    newest_copy_utc,
    stamped_name,
)

__all__ = ["dated_copies", "drop_old_copies"]

STAMP = re.compile(r"(\d{8}T\d{6})\d*Z")


def dated_copies(path: Path) -> list[tuple[Path, datetime]]:
    """Return all copies beside the store at `path`, and when each was made.

    They are those from before upgrades, what a restore has replaced, and those that
    `hearthbot backup` puts into its own folder.
    """
    files = [
        *backups_of(path),
        *path.parent.glob(f"{path.name}.replaced-*Z"),
        *copies_folder(path).glob("hearthbot-*Z.sqlite3"),
    ]
    found: list[tuple[Path, datetime]] = []
    for file in files:
        stamps = STAMP.findall(file.name)
        if stamps:
            stamp = f"{stamps[-1]}+0000"
            found.append((file, datetime.strptime(stamp, "%Y%m%dT%H%M%S%z")))
    return found


def drop_old_copies(path: Path, *, keep_days: int, now_utc: datetime) -> int:
    """Delete copies older than that; return how many. Not for the event loop.

    Where that would leave none of those that people make, a new one is made first.

    Raises:
        StoreError: the new copy could not be made; then the old ones stay.
    """
    before_utc = now_utc - timedelta(days=keep_days)
    old = [file for file, made_utc in dated_copies(path) if made_utc < before_utc]
    folder = copies_folder(path)
    newest_utc = newest_copy_utc(folder)
    if newest_utc is not None and newest_utc < before_utc:
        copy_store(path, folder / stamped_name(now_utc))
    for file in old:
        file.unlink(missing_ok=True)
        for suffix in SIDE_FILES:
            file.with_name(file.name + suffix).unlink(missing_ok=True)
    return len(old)
