"""Seals what lies open, or under an older key, a few rows at a time.

It may be stopped at any moment, also by a kill: it goes through the tables again and
passes over what is done.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any

import structlog
from sqlite_utils import Database

from bot.store.seal_keys import drop_keys, is_clean, key_ids, mark_clean
from bot.store.sealed_columns import BLANK, SEALED, Sealed, begins, primary_key
from bot.store.sealing import Sealer
from bot.store.store import Store

__all__ = ["SealSweep"]

logger = structlog.get_logger(__name__)

BATCH_ROWS = 200


class SealSweep:
    """One way through all sealed columns of a store that has a key."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._store = store
        self._sealer = sealer
        self._places = _places()
        self._place: tuple[Sealed, str] | None = next(self._places)
        self._after: tuple[Any, ...] | None = None
        self.num_sealed = 0

    async def total(self) -> int:
        """Return how many values are still to be sealed."""

        def read(db: Database) -> int:
            return sum(self._left(db, one, column) for one, column in _places())

        # Where it writes it sees the columns as they are.
        return await self._store.write(read)

    async def step(self) -> bool:
        """Seal some more; return whether there are more to look at."""
        if self._place is None:
            return False
        one, column = self._place
        self._after, num_sealed = await self._store.write(
            lambda db: self._batch(db, one, column)
        )
        self.num_sealed += num_sealed
        if self._after is None:
            self._place = next(self._places, None)
        return self._place is not None

    async def finish(self) -> tuple[str, ...]:
        """Clean the file, and forget the older keys; return the ids of those.

        Call it after the last step. Traces of old contents stay in a file until it is
        written anew.
        """
        if not await self._store.read(is_clean):
            await self._store.rewrite()

        def write(db: Database) -> tuple[str, ...]:
            if any(self._left(db, one, column) for one, column in _places()):
                return ()
            older = tuple(one for one in key_ids(db) if one != self._sealer.ids[0])
            drop_keys(db, older)
            mark_clean(db, clean=True)
            return older

        return await self._store.write(write)

    def _batch(
        self, db: Database, one: Sealed, column: str
    ) -> tuple[tuple[Any, ...] | None, int]:
        """Seal the due rows among the next ones; return where it stopped."""
        if one.table not in db.table_names():
            return None, 0
        names = primary_key(db, one)
        rows = self._next_due(db, one, column, names)
        if rows:
            mark_clean(db, clean=False)
        sql = (
            f"UPDATE {one.table} SET {column} = hearth_reseal({column},"  # noqa: S608
            f" {one.label(column, one.table)})"
            f" WHERE {' AND '.join(f'{name} = ?' for name in names)}"
        )
        num_sealed = sum(_try(db, sql, row, f"{one.table}.{column}") for row in rows)
        return (rows[-1] if len(rows) == BATCH_ROWS else None), num_sealed

    def _next_due(
        self, db: Database, one: Sealed, column: str, names: tuple[str, ...]
    ) -> list[tuple[Any, ...]]:
        keys = ", ".join(names)
        behind = f"({keys}) > ({', '.join('?' * len(names))})" if self._after else "1"
        rows = db.execute(
            f"SELECT {keys} FROM {one.table} WHERE {behind}"  # noqa: S608
            f" AND {self._due(one, column)} ORDER BY {keys} LIMIT {BATCH_ROWS}",
            self._after or (),
        )
        return [tuple(row) for row in rows]

    def _left(self, db: Database, one: Sealed, column: str) -> int:
        if one.table not in db.table_names():
            return 0
        row = db.execute(
            f"SELECT count(*) FROM {one.table} WHERE {self._due(one, column)}"  # noqa: S608
        ).fetchone()
        return int(row[0])

    def _due(self, one: Sealed, column: str) -> str:
        is_done = begins(column, self._sealer.prefixes[:1])
        return (
            f"({is_done}) IS NOT TRUE"
            f" AND {column} NOT IN {BLANK} AND {one.only.format(row=one.table)}"
        )


def _try(db: Database, sql: str, row: tuple[Any, ...], column: str) -> bool:
    try:
        db.execute(sql, row)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        # It was changed outside of the bot; the others need not lie open for that.
        logger.error("value cannot be opened, and stays", column=column, row=row)
        return False
    return True


def _places() -> Iterator[tuple[Sealed, str]]:
    for one in SEALED:
        for column in one.columns:
            yield one, column
