"""What is written in the rooms of the page: there, the page is the platform."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlite_utils import Database

from bot.messages import Attachment, Button
from bot.publication import Poll
from bot.store.columns import (
    from_poll_column,
    from_utc_column,
    poll_column,
    storable_text,
    utc_column,
)
from bot.store.room_feelings import RoomFeelingRepository
from bot.store.room_files import RoomFile, files_of, insert_files
from bot.store.store import Store

__all__ = ["RoomMessage", "RoomRepository"]


@dataclass(frozen=True, slots=True)
class RoomMessage:
    """A message in a room.

    Attributes:
        audience_id: the only person who sees it; None: everyone.
        number: its place among all messages; 0 until it is stored.
        post_id: the post that it is; None: it is none.
        poll: what can be voted on below it.
    """

    id: str
    room: str
    author_id: str
    author_name: str
    text: str = field(repr=False)
    created_utc: datetime
    is_bot: bool = False
    reply_to_id: str | None = None
    audience_id: str | None = None
    buttons: tuple[Button, ...] = ()
    files: tuple[RoomFile, ...] = ()
    is_edited: bool = False
    number: int = 0
    post_id: str | None = None
    poll: Poll | None = None

    def is_for(self, person_id: str) -> bool:
        """Return whether a person may see it."""
        return self.audience_id is None or self.audience_id == person_id


class RoomRepository:
    """Keeps the messages of the rooms and their files."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.feelings = RoomFeelingRepository(store)

    async def add(
        self,
        message: RoomMessage,
        contents: Sequence[Attachment] = (),
        *,
        nonce: str = "",
    ) -> RoomMessage:
        """Store a message, and the content of each of its files, in the same order.

        Returns what is stored, with its number: where the nonce was used before, that
        is the earlier message, and nothing is added.
        """

        def write(db: Database) -> RoomMessage:
            if nonce:
                earlier = _find(db, "nonce = ?", (nonce,))
                if earlier:
                    return earlier[0]
            number = _insert(db, message, nonce)
            insert_files(db, message.id, message.files, contents)
            return replace(message, number=number)

        return await self._store.write(write)

    async def change(
        self,
        message_id: str,
        text: str,
        buttons: tuple[Button, ...],
        *,
        files: Sequence[RoomFile] = (),
        contents: Sequence[Attachment] = (),
    ) -> None:
        """Put another text and other buttons into a message, and add files to it."""

        def write(db: Database) -> None:
            db.execute(
                "UPDATE room_message SET text = ?, buttons_json = ?, is_edited = 1"
                " WHERE id = ?",
                (storable_text(text), _buttons_column(buttons), message_id),
            )
            insert_files(db, message_id, files, contents)

        await self._store.write(write)

    async def replace(
        self,
        message_id: str,
        text: str,
        files: Sequence[RoomFile],
        contents: Sequence[Attachment],
    ) -> None:
        """Put another text and other files into a message."""

        def write(db: Database) -> None:
            db.execute(
                "UPDATE room_message SET text = ?, is_edited = 1 WHERE id = ?",
                (storable_text(text), message_id),
            )
            db.execute("DELETE FROM room_file WHERE message_id = ?", (message_id,))
            insert_files(db, message_id, files, contents)

        await self._store.write(write)

    async def remove(self, message_id: str) -> None:
        """Delete a message and its files."""

        def write(db: Database) -> None:
            for table in ("room_file", "room_reaction", "room_vote"):
                db.execute(
                    f"DELETE FROM {table} WHERE message_id = ?",  # noqa: S608
                    (message_id,),
                )
            db.execute("DELETE FROM room_message WHERE id = ?", (message_id,))

        await self._store.write(write)

    async def end_interrupted(self, command: str, note: str) -> int:
        """Close answers that a crash left open; return how many.

        They are the bot's messages that still have a button with this command, such
        as "/stop": they lose their buttons and say the note at the end.
        """
        mark = f'%, "{command} %'

        def write(db: Database) -> int:
            return db.execute(
                "UPDATE room_message SET buttons_json = ?, text = opened(text) || ?"
                " WHERE is_bot AND opened(buttons_json) LIKE ?",
                (_buttons_column(()), f"\n\n{note}", mark),
            ).rowcount

        return await self._store.write(write)

    async def get(self, message_id: str) -> RoomMessage | None:
        """Return a message; None: there is none with this id."""
        found = await self._store.read(lambda db: _find(db, "id = ?", (message_id,)))
        return found[0] if found else None

    async def page(
        self, room: str, person_id: str, *, before: int | None = None, limit: int = 50
    ) -> tuple[RoomMessage, ...]:
        """Return a room's latest messages that a person may see, oldest first.

        `before` is the number of a message: only what came earlier.
        """
        end = before if before is not None else 2**62

        def read(db: Database) -> list[RoomMessage]:
            return _find(
                db,
                "room = ? AND number < ? AND (audience_id IS NULL OR audience_id = ?)"
                " ORDER BY number DESC LIMIT ?",
                (room, end, person_id, limit),
            )

        return tuple(reversed(await self._store.read(read)))

    async def newest(self, person_id: str) -> dict[str, int]:
        """Return the number of the newest message in each room for a person."""

        def read(db: Database) -> dict[str, int]:
            rows = db.execute(
                "SELECT room, max(number) FROM room_message"
                " WHERE audience_id IS NULL OR audience_id = ? GROUP BY room",
                (person_id,),
            ).fetchall()
            return {str(room): int(number) for room, number in rows}

        return await self._store.read(read)

    async def file(self, file_id: str) -> tuple[Attachment, RoomMessage] | None:
        """Return a file and the message it is under; None: there is none."""

        def read(db: Database) -> tuple[Attachment, RoomMessage] | None:
            row = db.execute(
                "SELECT message_id, name, media_type, content FROM room_file"
                " WHERE id = ?",
                (file_id,),
            ).fetchone()
            if row is None:
                return None
            message = _find(db, "id = ?", (row[0],))[0]
            return Attachment(row[1], row[2], row[3]), message

        return await self._store.read(read)


def _insert(db: Database, message: RoomMessage, nonce: str) -> int:
    cursor = db.execute(
        "INSERT INTO room_message (id, room, author_id, author_name, text, created_utc,"
        " is_bot, reply_to_id, audience_id, buttons_json, is_edited, nonce, post_id,"
        " poll_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            message.id,
            message.room,
            message.author_id,
            storable_text(message.author_name),
            storable_text(message.text),
            utc_column(message.created_utc),
            message.is_bot,
            message.reply_to_id,
            message.audience_id,
            _buttons_column(message.buttons),
            message.is_edited,
            nonce or None,
            message.post_id,
            poll_column(message.poll),
        ),
    )
    return int(cursor.lastrowid or 0)


def _find(
    db: Database, condition: str, values: tuple[str | int, ...]
) -> list[RoomMessage]:
    # The condition is one of this module's own, the values are bound.
    cursor = db.execute(
        f"SELECT * FROM room_message WHERE {condition}",  # noqa: S608
        values,
    )
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [_message(db, row) for row in rows]


def _message(db: Database, row: dict[str, object]) -> RoomMessage:
    return RoomMessage(
        id=str(row["id"]),
        room=str(row["room"]),
        author_id=str(row["author_id"]),
        author_name=str(row["author_name"]),
        text=str(row["text"]),
        created_utc=from_utc_column(str(row["created_utc"])),
        is_bot=bool(row["is_bot"]),
        reply_to_id=_optional(row["reply_to_id"]),
        audience_id=_optional(row["audience_id"]),
        buttons=tuple(Button(*one) for one in json.loads(str(row["buttons_json"]))),
        files=files_of(db, str(row["id"])),
        is_edited=bool(row["is_edited"]),
        number=int(str(row["number"])),
        post_id=_optional(row["post_id"]),
        poll=from_poll_column(str(row["poll_json"])),
    )


def _optional(value: object) -> str | None:
    return None if value is None else str(value)


def _buttons_column(buttons: Sequence[Button]) -> str:
    rows = [
        [button.label, button.command, button.asks, button.prefill]
        if button.asks
        else [button.label, button.command]
        for button in buttons
    ]
    return storable_text(json.dumps(rows, ensure_ascii=False))
