"""Pictures that moderators do not want to see again, by their hashes alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.safety.pictures.perceptual_hash import HashList
from bot.store.columns import from_utc_column, storable_text, utc_column
from bot.store.store import Store

__all__ = ["EVERYWHERE", "ListedPicture", "PictureHashRepository"]

EVERYWHERE = ""
"""The community whose list counts in all."""


@dataclass(frozen=True, slots=True)
class ListedPicture:
    """An entry of the list.

    Attributes:
        hash: names the entry; 16 hexadecimal digits.
        community: "platform:id", or EVERYWHERE.
        note: a moderator's own words.
        added_by: the id of who put it there.
    """

    hash: str
    community: str
    note: str
    added_by: str
    created_utc: datetime


class PictureHashRepository:
    """The lists of all communities. No picture is kept, only what tells it apart."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(
        self, community: str, hashes: Sequence[int], *, note: str, added_by: str
    ) -> str:
        """Put a picture on a list, in place of the same one; return what names it.

        Args:
            hashes: one or more, the first for the whole picture; see `picture_hashes`.

        Raises:
            ValueError: there is no hash.
        """
        if not hashes:
            raise ValueError("a picture without a hash cannot be listed")
        digits = [f"{value:016x}" for value in hashes]
        row = (
            community,
            digits[0],
            " ".join(digits[1:]),
            storable_text(note),
            added_by,
            utc_column(self._store.clock.now_utc()),
        )

        def write(db: Database) -> None:
            db.execute(
                "INSERT OR REPLACE INTO picture_hash (community, hash, further_hashes,"
                " note, added_by, created_utc) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)
        return digits[0]

    async def remove(self, community: str, hash_digits: str) -> bool:
        """Take a picture off a list; return whether it was on it."""

        def write(db: Database) -> bool:
            deleted = db.execute(
                "DELETE FROM picture_hash WHERE community = ? AND hash = ?",
                (community, hash_digits),
            )
            return deleted.rowcount == 1

        return await self._store.write(write)

    async def all(self, community: str) -> tuple[ListedPicture, ...]:
        """Return the list of one community, the newest entry first."""

        def read(db: Database) -> tuple[ListedPicture, ...]:
            rows = db.execute(
                "SELECT * FROM picture_hash WHERE community = ?"
                " ORDER BY created_utc DESC, hash",
                (community,),
            )
            return tuple(
                ListedPicture(
                    hash=row["hash"],
                    community=row["community"],
                    note=row["note"],
                    added_by=row["added_by"],
                    created_utc=from_utc_column(row["created_utc"]),
                )
                for row in rows
            )

        return await self._store.read(read)

    async def list_of(self, community: str) -> HashList:
        """Return what is unwanted in a community: its own list and that for all."""

        def read(db: Database) -> HashList:
            rows = db.execute(
                "SELECT hash, further_hashes, note FROM picture_hash"
                " WHERE community IN (?, ?)",
                (community, EVERYWHERE),
            )
            return HashList(
                (int(digits, 16), row["note"])
                for row in rows
                for digits in (row["hash"], *row["further_hashes"].split())
            )

        return await self._store.read(read)
