"""What people asked it to remember."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from bot.identities import Identity
from bot.messages import Author, Channel, Scope
from bot.preferences import community_key
from bot.store.audit_chain import AuditEntry, append_audit
from bot.store.columns import (
    from_utc_column,
    scope_column,
    storable_text,
    utc_column,
)
from bot.store.store import Store

__all__ = ["ANYWHERE", "PRIVATE", "MemoryRepository", "Note", "Owner", "place_of"]

PRIVATE = "private"
"""The place of what was said to the bot alone."""

ANYWHERE = ""
"""Stands for the place where a person names one of their own notes by its number."""

COMMUNITY = ""
"""Stands for the person where a note is a community's own."""


def place_of(channel: Channel) -> str:
    """Return where a note belongs: to a community, or to private chats. Never both."""
    return PRIVATE if channel.is_private else community_key(channel)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose notes: a person's in one place, under all their accounts.

    Attributes:
        place: see `place_of`; ANYWHERE only to change or drop a note by number.
        accounts: what is added goes to the first. ("…", ""): a community's own.
    """

    place: str
    accounts: tuple[Identity, ...]

    @classmethod
    def community(cls, channel: Channel) -> "Owner":
        """Return the community of a channel as an owner of notes."""
        return cls(place_of(channel), ((channel.platform, COMMUNITY),))

    @property
    def is_community(self) -> bool:
        """Whether these are a community's own notes."""
        return all(person_id == COMMUNITY for _, person_id in self.accounts)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to remember.

    Attributes:
        number: names it; never given to another.
        place: see `place_of`.
        person_id: whose it is; "": a community's.
    """

    number: int
    place: str
    platform: str
    person_id: str
    text: str = field(repr=False)
    created_utc: datetime
    updated_utc: datetime

    @property
    def is_community(self) -> bool:
        """Whether it is a community's own."""
        return self.person_id == COMMUNITY


class MemoryRepository:
    """Notes by owner. No method but `forget` and `export` looks beyond one place.

    What moderators do to a community's notes is audited, by number.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(
        self, owner: Owner, text: str, *, max_notes: int, actor: Author | None = None
    ) -> Note | None:
        """Keep a note; None where there are so many already.

        What is there in the same words is returned as it is. `actor` is the moderator
        who adds it to a community's.
        """
        text, now_utc = storable_text(text), self._store.clock.now_utc()
        platform, person_id = owner.accounts[0]

        def write(db: Database) -> Note | None:
            there = _select(db, owner)
            for note in there:
                if note.text.casefold() == text.casefold():
                    return note
            if len(there) >= max_notes:
                return None
            added = db.execute(
                "INSERT INTO memory (place, platform, person_id, text, created_utc,"
                " updated_utc) VALUES (:place, :platform, :person, :text, :now, :now)",
                {
                    "place": owner.place,
                    "platform": platform,
                    "person": person_id,
                    "text": text,
                    "now": utc_column(now_utc),
                },
            )
            number = int(added.lastrowid or 0)
            _audit(db, owner, "added", number, actor, now_utc)
            return _one(db, owner, number)

        return await self._store.write(write)

    async def of(self, owner: Owner) -> tuple[Note, ...]:
        """Return the notes of an owner, the newest first."""
        return await self._store.read(lambda db: _select(db, owner))

    async def edit(
        self, owner: Owner, number: int, text: str, *, actor: Author | None = None
    ) -> Note | None:
        """Put other words in place of a note's; None where the owner has none such."""
        text, now_utc = storable_text(text), self._store.clock.now_utc()

        def write(db: Database) -> Note | None:
            if _one(db, owner, number) is None:
                return None
            db.execute(
                "UPDATE memory SET text = ?, updated_utc = ? WHERE number = ?",
                (text, utc_column(now_utc), number),
            )
            _audit(db, owner, "changed", number, actor, now_utc)
            return _one(db, owner, number)

        return await self._store.write(write)

    async def drop(
        self, owner: Owner, number: int, *, actor: Author | None = None
    ) -> bool:
        """Delete a note; False where the owner has none such."""
        now_utc = self._store.clock.now_utc()

        def write(db: Database) -> bool:
            if _one(db, owner, number) is None:
                return False
            db.execute("DELETE FROM memory WHERE number = ?", (number,))
            _audit(db, owner, "forgotten", number, actor, now_utc)
            return True

        return await self._store.write(write)

    async def drop_all(self, owner: Owner, *, actor: Author | None = None) -> int:
        """Delete all notes of an owner; return how many there were."""
        now_utc = self._store.clock.now_utc()

        def write(db: Database) -> int:
            notes = _select(db, owner)
            for note in notes:
                db.execute("DELETE FROM memory WHERE number = ?", (note.number,))
                _audit(db, owner, "forgotten", note.number, actor, now_utc)
            return len(notes)

        return await self._store.write(write)

    async def used(self, scope: Scope, message_id: str, notes: Sequence[Note]) -> None:
        """Keep with which notes a message is answered, in place of the time before."""
        key, now = scope_column(scope), utc_column(self._store.clock.now_utc())

        def write(db: Database) -> None:
            db.execute(
                "DELETE FROM memory_use WHERE scope = ? AND message_id = ?",
                (key, message_id),
            )
            for note in notes:  # one that was just forgotten is not there any more
                db.execute(
                    "INSERT INTO memory_use (scope, message_id, number, created_utc)"
                    " SELECT ?, ?, number, ? FROM memory WHERE number = ?",
                    (key, message_id, now, note.number),
                )

        await self._store.write(write)

    async def used_for(
        self, scope: Scope, message_id: str, owners: Sequence[Owner]
    ) -> tuple[Note, ...]:
        """Return which notes of these owners a message was answered with."""

        def read(db: Database) -> tuple[Note, ...]:
            rows = db.execute(
                "SELECT number FROM memory_use WHERE scope = ? AND message_id = ?",
                (scope_column(scope), message_id),
            )
            used = {row["number"] for row in rows}
            notes = (note for owner in owners for note in _select(db, owner))
            return tuple(note for note in notes if note.number in used)

        return await self._store.read(read)


def _select(db: Database, owner: Owner) -> tuple[Note, ...]:
    notes: list[Note] = []
    for platform, person_id in owner.accounts:
        rows = db.execute(
            "SELECT * FROM memory WHERE platform = ? AND person_id = ?"
            " AND (place = ? OR ? = '')",
            (platform, person_id, owner.place, owner.place),
        )
        notes += map(_note, rows)
    return tuple(sorted(notes, key=lambda note: (note.updated_utc, note.number))[::-1])


def _one(db: Database, owner: Owner, number: int) -> Note | None:
    return next((note for note in _select(db, owner) if note.number == number), None)


def _audit(
    db: Database,
    owner: Owner,
    done: str,
    number: int,
    actor: Author | None,
    now_utc: datetime,
) -> None:
    """Keep what became of a community's note. A person's own are nobody's business."""
    if not owner.is_community or actor is None:
        return
    entry = AuditEntry(
        f"memory.{done}",
        str(number),
        actor=f"{owner.accounts[0][0]}:{actor.id}",
        actor_name=actor.name,
        community=owner.place,
    )
    append_audit(db, entry, now_utc)


def _note(row: sqlite3.Row) -> Note:
    return Note(
        number=row["number"],
        place=row["place"],
        platform=row["platform"],
        person_id=row["person_id"],
        text=row["text"],
        created_utc=from_utc_column(row["created_utc"]),
        updated_utc=from_utc_column(row["updated_utc"]),
    )
