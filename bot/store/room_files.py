"""The files under the messages of the page's rooms."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from bot.messages import Attachment
from bot.store.columns import storable_text

__all__ = ["RoomFile", "files_of", "insert_files"]


@dataclass(frozen=True, slots=True)
class RoomFile:
    """A file under a message; its content is read by its id."""

    id: str
    name: str
    media_type: str
    size_bytes: int
    description: str = ""


def insert_files(
    db: Database,
    message_id: str,
    files: Sequence[RoomFile],
    contents: Sequence[Attachment],
) -> None:
    """Keep files and their contents under a message, in the caller's transaction."""
    for file, attachment in zip(files, contents, strict=True):
        db.execute(
            "INSERT INTO room_file (id, message_id, name, media_type, content,"
            " description) VALUES (?, ?, ?, ?, ?, ?)",
            (
                file.id,
                message_id,
                storable_text(file.name),
                storable_text(file.media_type),
                attachment.content,
                storable_text(file.description),
            ),
        )


def files_of(db: Database, message_id: str) -> tuple[RoomFile, ...]:
    """Return the files under a message, as they were added."""
    rows: list[sqlite3.Row] = db.execute(
        "SELECT id, name, media_type, length(opened(content)), description"
        " FROM room_file WHERE message_id = ? ORDER BY rowid",
        (message_id,),
    ).fetchall()
    return tuple(RoomFile(*row) for row in rows)
