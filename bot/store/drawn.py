"""What was drawn in chats, for a while: to enlarge it, to post it, to vote on it."""

import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlite_utils import Database

from bot.messages import Author, Scope
from bot.store.columns import storable_text, utc_column
from bot.store.keyed_hash import KeyedHash
from bot.store.store import Store

__all__ = [
    "PLACE",
    "DrawnRepository",
    "Making",
    "Purpose",
    "StoredDrawing",
    "StoredSheet",
    "forget_drawn",
    "read_sheet",
]

MAX_SHEETS = 300
"""So many are kept at most: pictures are large, and members can draw many."""
PLACE = "place"
"""Stands before a scope where a platform stands before a person."""


class Purpose(StrEnum):
    """What pictures were drawn for."""

    PICTURE = "picture"
    """To be looked at."""
    EMOJI = "emoji"
    """One of them may become an emoji of the community."""
    STICKER = "sticker"
    """One of them may become a sticker of the community."""


@dataclass(frozen=True, slots=True)
class StoredDrawing:
    """One picture of a sheet, as a PNG.

    Attributes:
        judgement_id: the number of the verdict on it; None: not known.
    """

    number: int
    content: bytes = field(repr=False)
    seed: int
    judgement_id: int | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """How the pictures of a sheet came about.

    Attributes:
        took_ms: from the request until all were there; 0: not known.
        steps: how often the model went over each; 0: not known.
        judgement_id: the number of the verdict on the words; None: not known.
    """

    took_ms: int = 0
    steps: int = 0
    judgement_id: int | None = None


UNKNOWN = Making()


@dataclass(frozen=True, slots=True)
class StoredSheet:
    """What was drawn at one request.

    Attributes:
        prompt: the words, as the filters left them.
        taken: which picture the community has taken; None: none yet.
    """

    id: str
    purpose: Purpose
    prompt: str = field(repr=False)
    model: str
    pictures: tuple[StoredDrawing, ...]
    making: Making = UNKNOWN
    taken: int | None = None

    def picture(self, number: int) -> StoredDrawing | None:
        """Return the picture of this number, 1 the first; None: there is none."""
        found = (one for one in self.pictures if one.number == number)
        return next(found, None)


class DrawnRepository:
    """Sheets by id. Each is found in the scope alone that it was drawn in.

    Who asked and who voted is kept as a keyed hash, as in `bot.store.feedback`.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hash = KeyedHash(store)

    async def keep(
        self,
        scope: Scope,
        author: Author,
        *,
        purpose: Purpose,
        prompt: str,
        model: str,
        pictures: Sequence[StoredDrawing],
        making: Making = UNKNOWN,
    ) -> str:
        """Keep pictures; return the id of their sheet."""
        hashed = await self._hash.function()
        sheet_id = secrets.token_hex(6)
        row = (
            sheet_id,
            hashed(PLACE, scope.key),
            hashed(scope.platform, author.id),
            purpose.value,
            storable_text(prompt),
            model,
            utc_column(self._store.clock.now_utc()),
            making.took_ms,
            making.steps,
            making.judgement_id,
        )
        rows = [
            (sheet_id, one.number, one.content, one.seed, one.judgement_id)
            for one in pictures
        ]

        def write(db: Database) -> None:
            added = db.execute(
                "INSERT INTO drawn_sheet"
                " (id, place_hash, person_hash, purpose, prompt, model, made_utc,"
                " took_ms, steps, judgement_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            db.conn.executemany(
                "INSERT INTO drawn_picture (sheet_id, number, content, seed,"
                " judgement_id) VALUES (?, ?, ?, ?, ?)",
                rows,
            )
            _delete(db, "number <= ?", ((added.lastrowid or 0) - MAX_SHEETS,))

        await self._store.write(write)
        return sheet_id

    async def get(self, sheet_id: str, scope: Scope) -> StoredSheet | None:
        """Return what was drawn in this scope; None: it is not (any more) here."""
        place = (await self._hash.function())(PLACE, scope.key)

        def read(db: Database) -> StoredSheet | None:
            row = db.execute(
                "SELECT * FROM drawn_sheet WHERE id = ? AND place_hash = ?",
                (sheet_id, place),
            ).fetchone()
            return None if row is None else read_sheet(db, row)

        return await self._store.read(read)

    async def vote(
        self, sheet_id: str, platform: str, person_id: str, number: int
    ) -> None:
        """Keep which picture somebody would choose, in place of what they chose."""
        person = (await self._hash.function())(platform, person_id)

        def write(db: Database) -> None:
            db.execute(
                "INSERT INTO drawn_vote (sheet_id, person_hash, number)"
                " SELECT id, ?, ? FROM drawn_sheet WHERE id = ?"
                " ON CONFLICT DO UPDATE SET number = excluded.number",
                (person, number, sheet_id),
            )

        await self._store.write(write)

    async def votes(self, sheet_id: str) -> Mapping[int, int]:
        """Return how many people would choose each picture that anybody would."""

        def read(db: Database) -> dict[int, int]:
            rows = db.execute(
                "SELECT number, count(*) AS num FROM drawn_vote WHERE sheet_id = ?"
                " GROUP BY number",
                (sheet_id,),
            )
            return {int(row["number"]): int(row["num"]) for row in rows}

        return await self._store.read(read)

    async def choice(self, sheet_id: str, platform: str, person_id: str) -> int | None:
        """Return which picture somebody would choose; None: they did not say."""
        person = (await self._hash.function())(platform, person_id)

        def read(db: Database) -> int | None:
            row = db.execute(
                "SELECT number FROM drawn_vote WHERE sheet_id = ? AND person_hash = ?",
                (sheet_id, person),
            ).fetchone()
            return None if row is None else int(row["number"])

        return await self._store.read(read)

    async def take(self, sheet_id: str, number: int) -> bool:
        """Note that the community takes a picture; False: it has taken one before."""

        def write(db: Database) -> bool:
            taken = db.execute(
                "UPDATE drawn_sheet SET taken = ? WHERE id = ? AND taken IS NULL",
                (number, sheet_id),
            )
            return taken.rowcount == 1

        return await self._store.write(write)

    async def give_back(self, sheet_id: str) -> None:
        """Note that nothing came of it: a picture may be taken again."""

        def write(db: Database) -> None:
            db.execute("UPDATE drawn_sheet SET taken = NULL WHERE id = ?", (sheet_id,))

        await self._store.write(write)


def forget_drawn(db: Database, before_utc: str) -> int:
    """Forget what was drawn before that; return how many sheets went."""
    return _delete(db, "made_utc < ?", (before_utc,))


def _delete(db: Database, where: str, values: tuple[object, ...]) -> int:
    """Delete sheets; what belongs to them goes with them."""
    return db.execute(f"DELETE FROM drawn_sheet WHERE {where}", values).rowcount  # noqa: S608


def read_sheet(db: Database, row: sqlite3.Row) -> StoredSheet:
    """Return the sheet of a row, with its pictures."""
    pictures = db.execute(
        "SELECT * FROM drawn_picture WHERE sheet_id = ? ORDER BY number", (row["id"],)
    )
    return StoredSheet(
        id=row["id"],
        purpose=Purpose(row["purpose"]),
        prompt=row["prompt"],
        model=row["model"],
        pictures=tuple(
            StoredDrawing(
                one["number"], one["content"], one["seed"], one["judgement_id"]
            )
            for one in pictures
        ),
        making=Making(row["took_ms"], row["steps"], row["judgement_id"]),
        taken=row["taken"],
    )
