"""Looking at the places that the bot uses: folders, the port, the store."""

import errno
import socket
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from bot.config import WebConfig
from bot.doctor.check import Check, State
from bot.errors import StoreLockedError
from bot.store.lock import held_lock
from bot.words import T

__all__ = ["check_folder", "check_port", "check_store"]

SQLITE_MAGIC = b"SQLite format 3\x00"


def check_folder(name: str, folder: Path) -> Check:
    """Look whether files can be made in the folder, or where it would be made."""
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"hearthbot")
            file.flush()
    except OSError as error:
        return Check(
            name,
            State.FAIL,
            T(
                "{folder} cannot be written to ({reason})",
                folder=folder,
                reason=error.strerror or type(error).__name__,
            ),
            T("Give the bot the right to write there, or choose another folder."),
        )
    return Check(name, State.OK, T("{folder} can be written to", folder=folder))


def check_port(config: WebConfig, *, is_running: bool) -> Check:
    """Look whether the page's port is free; `is_running`: this bot may hold it."""
    address = f"{config.host}:{config.port}"
    if not config.enabled:
        return Check("port", State.OK, T("The page is switched off"))
    try:
        with socket.create_server((config.host, config.port)):
            pass
    except OSError as error:
        if error.errno == errno.EADDRINUSE and is_running:
            return Check(
                "port", State.OK, T("{address} is in use by the bot", address=address)
            )
        return Check(
            "port",
            State.FAIL,
            T(
                "Nothing can listen on {address} ({reason})",
                address=address,
                reason=error.strerror or type(error).__name__,
            ),
            T("End what uses it, or set another port or host in [adapters.web]."),
        )
    return Check("port", State.OK, T("{address} is free", address=address))


def check_store(path: Path) -> tuple[Check, bool]:
    """Look whether the database is readable; also return whether a bot holds it."""
    if not path.exists():
        text = T("{path} will be made at the first start", path=path)
        return Check("store", State.OK, text), False
    is_running = _is_held(path)
    try:
        reason = _damage(path)
    except (OSError, sqlite3.Error) as error:
        reason = str(error)
    if reason:
        return Check(
            "store",
            State.FAIL,
            T("{path} cannot be read ({reason})", path=path, reason=reason),
            T("Put back a copy from the folder beside it, or move the file away."),
        ), is_running
    if is_running:
        text = T("{path} is in use by a running bot", path=path)
    else:
        text = T("{path} is readable", path=path)
    return Check("store", State.OK, text), is_running


def _is_held(path: Path) -> bool:
    if not path.with_name(f"{path.name}.lock").exists():
        return False  # and none is made by looking
    try:
        with held_lock(path):
            return False
    except StoreLockedError:
        return True
    except OSError:
        return False  # not ours to lock: whether it can be read is told below


def _damage(path: Path) -> str:
    """Return what is wrong with the file; "" if nothing."""
    with path.open("rb") as file:
        beginning = file.read(len(SQLITE_MAGIC))
    if beginning and beginning != SQLITE_MAGIC:
        return "not a database"
    with closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    ) as db:
        (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
    return "" if found == "ok" else str(found)
