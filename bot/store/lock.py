"""Sees to it that only one process uses a store."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StoreLockedError
from bot.words import T

__all__ = ["held_lock"]


@contextmanager
def held_lock(path: Path) -> Iterator[None]:
    """Hold the lock of the store at `path` while the block runs.

    The lock is the operating system's, on `<path>.lock`: it ends with the process,
    however that ends. The file stays; it holds the number of the last process.

    Raises:
        StoreLockedError: another process, or another store of this one, holds it.
    """
    lock = path.with_name(f"{path.name}.lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
            raise StoreLockedError(
                T(
                    "Another Hearthbot (process {pid}) is using the database {path}. "
                    "Stop it, or give this one its own [store] path in config.toml.",
                    pid=holder or "?",
                    path=path,
                )
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)
