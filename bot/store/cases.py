"""What moderators have to look at: each case is moved by one of them at a time."""

import json
from collections.abc import Sequence

from sqlite_utils import Database

from bot.cases import (
    By,
    Case,
    CaseMessage,
    CaseNote,
    Move,
    Outcome,
    Voice,
    moved,
)
from bot.store.case_rows import (
    find_case,
    find_cases,
    known_case,
    messages_of,
    notes_of,
    voices_of,
)
from bot.store.columns import storable_text, utc_column
from bot.store.store import Store

__all__ = ["CaseRepository"]


class CaseRepository:
    """Cases with their messages, notes and the people who brought them up."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, number: int) -> Case | None:
        """Return a case by its number, or None."""
        return await self._store.read(lambda db: find_case(db, number))

    async def of_appeal(self, appeal: int) -> Case | None:
        """Return the case of an appeal; None: it is from before there were any."""

        def read(db: Database) -> Case | None:
            found = find_cases(
                db,
                "c.number = (SELECT case_number FROM appeal WHERE id = :appeal)",
                {"appeal": appeal},
            )
            return found[0] if found else None

        return await self._store.read(read)

    async def appeal_of(self, number: int) -> int | None:
        """Return the number of the appeal that a case is about, or None."""

        def read(db: Database) -> int | None:
            row = db.execute(
                "SELECT id FROM appeal WHERE case_number = ?", (number,)
            ).fetchone()
            return None if row is None else int(row["id"])

        return await self._store.read(read)

    async def undecided(self, *, limit: int) -> tuple[Case, ...]:
        """Return the cases that are not closed, oldest first."""

        def read(db: Database) -> tuple[Case, ...]:
            return find_cases(
                db,
                "c.state != 'closed' ORDER BY c.number LIMIT :limit",
                {"limit": limit},
            )

        return await self._store.read(read)

    async def messages(self, number: int) -> tuple[CaseMessage, ...]:
        """Return what a case is about, oldest first."""
        return await self._store.read(lambda db: messages_of(db, number))

    async def notes(self, number: int) -> tuple[CaseNote, ...]:
        """Return what moderators wrote down and did, oldest first."""
        return await self._store.read(lambda db: notes_of(db, number))

    async def voices(
        self, number: int, *, only_untold: bool = False
    ) -> tuple[Voice, ...]:
        """Return who brought a case up; with `only_untold` those without an answer."""
        return await self._store.read(
            lambda db: voices_of(db, number, only_untold=only_untold)
        )

    async def move(
        self, number: int, move: Move, by: By, *, outcome: Outcome | None = None
    ) -> Case:
        """Move a case on and return it as it is then.

        Raises:
            UserError: there is none, or another has it or decided it.
        """
        now_utc = self._store.clock.now_utc()

        def write(db: Database) -> Case:
            case = moved(known_case(db, number), move, by, outcome=outcome)
            db.execute(
                "UPDATE moderation_case SET state = ?, owner_id = ?, owner_name = ?,"
                " outcome = ?, updated_utc = ? WHERE number = ?",
                (
                    case.state,
                    case.owner_id,
                    case.owner_name,
                    case.outcome,
                    utc_column(now_utc),
                    number,
                ),
            )
            if move is Move.REOPEN:  # what is decided then is told anew
                for table in ("report", "appeal"):
                    db.execute(
                        f"UPDATE {table} SET is_told = 0"  # noqa: S608 (own names)
                        " WHERE case_number = ?",
                        (number,),
                    )
            return case

        return await self._store.write(write)

    async def note(self, number: int, what: str, text: str, by: By) -> None:
        """Keep what a moderator wrote down or did."""
        now_utc = utc_column(self._store.clock.now_utc())
        row = (number, what, by.id, by.name, storable_text(text), now_utc)

        def write(db: Database) -> None:
            db.execute(
                "INSERT INTO case_note (number, what, by_id, by_name, text, at_utc)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)

    async def put_cards(self, number: int, cards: Sequence[tuple[str, str]]) -> None:
        """Remember where moderators see a case."""
        value = json.dumps(list(cards))

        def write(db: Database) -> None:
            db.execute(
                "UPDATE moderation_case SET cards_json = ? WHERE number = ?",
                (value, number),
            )

        await self._store.write(write)
