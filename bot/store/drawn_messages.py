"""Which messages show what was drawn, for who asks how it came about."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from bot.messages import Author, Scope
from bot.store.drawn import PLACE, StoredSheet, read_sheet
from bot.store.keyed_hash import KeyedHash
from bot.store.store import Store

__all__ = ["DrawnMessages", "ShownDrawing"]

_HERE = "place_hash = :place AND (:person IS NULL OR person_hash = :person)"
_SHOWN = (
    "SELECT drawn_sheet.*, shown.number AS part, shown.side_px FROM drawn_sheet"
    " JOIN drawn_message AS shown ON shown.sheet_id = drawn_sheet.id"
    " WHERE shown.message_id = :named"
)
_JUDGED = (
    "SELECT *, NULL AS part, NULL AS side_px FROM drawn_sheet"
    " WHERE id IN (SELECT sheet_id FROM drawn_picture WHERE judgement_id = :named)"
)


@dataclass(frozen=True, slots=True)
class ShownDrawing:
    """What a message shows.

    Attributes:
        number: which picture of the sheet; None: all of them, as they were drawn.
        side_px: the longer side that it was enlarged to; None: it was not.
    """

    sheet: StoredSheet
    number: int | None = None
    side_px: int | None = None


class DrawnMessages:
    """Drawings by message. Each is found in the scope alone that it was drawn in."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hash = KeyedHash(store)

    async def note(
        self,
        message_ids: Sequence[str],
        sheet_id: str,
        *,
        number: int | None = None,
        side_px: int | None = None,
    ) -> None:
        """Note that messages show a sheet; nothing where it is not there any more."""
        rows = [(one, number, side_px, sheet_id) for one in message_ids]

        def write(db: Database) -> None:
            db.conn.executemany(
                "INSERT OR REPLACE INTO drawn_message"
                " (message_id, sheet_id, number, side_px)"
                " SELECT ?, id, ?, ? FROM drawn_sheet WHERE id = ?",
                rows,
            )

        await self._store.write(write)

    async def of_message(
        self, scope: Scope, message_id: str, *, asked_by: Author | None
    ) -> ShownDrawing | None:
        """Return what a message here shows; None: it is not known (any more).

        With `asked_by` only what this person had drawn.
        """
        return await self._find(_SHOWN, message_id, scope, asked_by)

    async def of_judgement(
        self, scope: Scope, judgement_id: int, *, asked_by: Author | None
    ) -> ShownDrawing | None:
        """Return what was drawn here with a picture that had this verdict, or None."""
        return await self._find(_JUDGED, judgement_id, scope, asked_by)

    async def _find(
        self, which: str, named: str | int, scope: Scope, asked_by: Author | None
    ) -> ShownDrawing | None:
        hashed = await self._hash.function()
        values = {
            "named": named,
            "place": hashed(PLACE, scope.key),
            "person": hashed(scope.platform, asked_by.id) if asked_by else None,
        }

        def read(db: Database) -> ShownDrawing | None:
            row = db.execute(f"{which} AND {_HERE}", values).fetchone()
            if row is None:
                return None
            return ShownDrawing(read_sheet(db, row), row["part"], row["side_px"])

        return await self._store.read(read)
