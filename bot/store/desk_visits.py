"""Who comes to the desk by a link: the links, each for one use, and the visits."""

import hashlib
import json
import sqlite3
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.messages import Channel, Role
from bot.store.columns import storable_text, utc_column
from bot.store.store import Store

__all__ = [
    "IDLE",
    "LINK_LIFETIME",
    "LONGEST",
    "DeskGrant",
    "DeskVisitRepository",
    "link_key",
]

LINK_LIFETIME = timedelta(minutes=5)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTED_AFTER = timedelta(minutes=1)
"""That somebody is still there is written down at most so often."""


@dataclass(frozen=True, slots=True)
class DeskGrant:
    """What a person may do at the desk.

    Attributes:
        place: where they asked for it: what they may do there, they may do at the desk.
    """

    person_id: str
    person_name: str = field(repr=False)
    role: Role
    place: Channel


class DeskVisitRepository:
    """Links and visits, by the hashes of what only the browser has."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def hand_out(self, key: str, grant: DeskGrant) -> None:
        """Keep a link that can be used once within LINK_LIFETIME."""
        now_utc = self._store.clock.now_utc()
        row = (
            key,
            grant.person_id,
            storable_text(grant.person_name),
            int(grant.role),
            json.dumps(asdict(grant.place), ensure_ascii=True),
            utc_column(now_utc),
            utc_column(now_utc + LINK_LIFETIME),
        )

        def write(db: Database) -> None:
            _forget_old(db, now_utc)
            db.execute(
                "INSERT INTO desk_visit (key, is_begun, person_id, person_name, role,"
                " place_json, seen_utc, expires_utc) VALUES (?, 0, ?, ?, ?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)

    async def begin(self, link_key: str, session_key: str) -> DeskGrant | None:
        """Make a visit of a link; None: it is unknown, used up or too old."""
        now_utc = self._store.clock.now_utc()

        def write(db: Database) -> DeskGrant | None:
            _forget_old(db, now_utc)
            row = db.execute(
                "SELECT * FROM desk_visit WHERE key = ? AND is_begun = 0", (link_key,)
            ).fetchone()
            if row is None:
                return None
            db.execute(
                "UPDATE desk_visit SET key = ?, is_begun = 1, seen_utc = ?,"
                " expires_utc = ? WHERE key = ?",
                (
                    session_key,
                    utc_column(now_utc),
                    utc_column(now_utc + LONGEST),
                    link_key,
                ),
            )
            return _grant(row)

        return await self._store.write(write)

    async def get(self, session_key: str, *, is_active: bool) -> DeskGrant | None:
        """Return what a visit may do; None: there is none, or it is over.

        `is_active` tells that the person did something: a page that only looks on does
        not keep a visit from ending.
        """
        now_utc = self._store.clock.now_utc()

        def read(db: Database) -> sqlite3.Row | None:
            found: sqlite3.Row | None = db.execute(
                "SELECT * FROM desk_visit WHERE key = ? AND is_begun = 1"
                " AND expires_utc > ? AND seen_utc > ?",
                (session_key, utc_column(now_utc), utc_column(now_utc - IDLE)),
            ).fetchone()
            return found

        row = await self._store.read(read)
        if row is None:
            return None
        if is_active and row["seen_utc"] <= utc_column(now_utc - NOTED_AFTER):
            await self._see(session_key, now_utc)
        return _grant(row)

    async def has_ended(self, session_key: str) -> bool:
        """Return whether a session had a visit that ended by itself a while ago."""
        now_utc = self._store.clock.now_utc()

        def read(db: Database) -> bool:
            row = db.execute(
                "SELECT 1 FROM desk_visit WHERE key = ? AND is_begun = 1"
                " AND (expires_utc <= ? OR seen_utc <= ?)",
                (session_key, utc_column(now_utc), utc_column(now_utc - IDLE)),
            ).fetchone()
            return row is not None

        return await self._store.read(read)

    async def end(self, session_key: str) -> None:
        """End a visit."""
        await self._store.write(
            lambda db: db.execute(
                "DELETE FROM desk_visit WHERE key = ?", (session_key,)
            )
        )

    async def end_all(self, platform: str, person_id: str) -> int:
        """End every visit of a person and void their links; return how many."""

        def write(db: Database) -> int:
            deleted = db.execute(
                "DELETE FROM desk_visit WHERE person_id = ?"
                " AND json_extract(place_json, '$.platform') = ?",
                (person_id, platform),
            )
            return int(deleted.rowcount)

        return await self._store.write(write)

    async def _see(self, session_key: str, now_utc: datetime) -> None:
        await self._store.write(
            lambda db: db.execute(
                "UPDATE desk_visit SET seen_utc = ? WHERE key = ? AND is_begun = 1",
                (utc_column(now_utc), session_key),
            )
        )


def link_key(token: str) -> str:
    """Return what the store knows a link by: no use to who reads it there."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _forget_old(db: Database, now_utc: datetime) -> None:
    db.execute(
        "DELETE FROM desk_visit WHERE expires_utc <= ?"
        " OR (is_begun = 1 AND seen_utc <= ?)",
        (utc_column(now_utc), utc_column(now_utc - IDLE)),
    )


def _grant(row: sqlite3.Row) -> DeskGrant:
    return DeskGrant(
        person_id=row["person_id"],
        person_name=row["person_name"],
        role=Role(row["role"]),
        place=Channel(**json.loads(row["place_json"])),
    )
