"""`hearthbot backup` and `hearthbot restore`: copies of the store."""

from pathlib import Path

from bot.clock import SystemClock
from bot.setup import Setup
from bot.store.copies import (
    copies_folder,
    copy_store,
    prune_copies,
    restore_store,
    stamped_name,
)
from bot.words import T

__all__ = ["back_up_store", "restore_from"]


def back_up_store(setup: Setup, out: Path | None, *, keep: int | None) -> None:
    """Copy the store, also while the bot runs, and print where the copy is.

    `out` is a file or a folder; None: a folder beside the store. In a folder the copy
    is named by the time, and all but the newest `keep` of these are deleted.

    Raises:
        StoreError: the copy could not be made; the text says why.
    """
    path = setup.store_path
    folder = copies_folder(path) if out is None else out
    if out is None or out.is_dir():
        file = folder / stamped_name(SystemClock().now_utc())
    else:
        file, keep = out, None
    copy_store(path, file)
    if keep is not None:
        prune_copies(folder, keep=keep)
    setup.terminal.result(str(file))


def restore_from(setup: Setup, file: Path) -> None:
    """Put a copy in the place of the store, while the bot is stopped.

    Raises:
        StoreError: the bot runs, or the copy is none; the text says which.
    """
    path = setup.store_path
    kept = restore_store(path, file, now_utc=SystemClock().now_utc())
    setup.terminal.result(
        T("The database is now as in {file}.", file=file)
        if kept is None
        else T(
            "The database is now as in {file}. What it was before is in {kept}.",
            file=file,
            kept=kept,
        )
    )
