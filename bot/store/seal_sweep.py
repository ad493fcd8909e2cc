"""Seals what lies open, or under an older key, a few rows at a time.

It may be stopped at any moment, also by a kill: it goes through the tables again and
passes over what is done.
"""

import sqlite3
from collections.abc import Iterator, Sequence
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

        return await self._store.read(read)

    async def step(self) -> bool:
        """Seal some more; return whether there are more to look at."""
        if self._place is None:
            return False
        one, column = self._place
        rows = await self._store.read(lambda db: self._next_due(db, one, column))
        if rows:
            self.num_sealed += await self._store.write(
                lambda db: _seal(db, one, column, rows)
            )
        self._after = rows[-1] if len(rows) == BATCH_ROWS else None
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
        num_left = await self.total()

        def write(db: Database) -> tuple[str, ...]:
            mark_clean(db, clean=True)
            older = [one for one in key_ids(db) if one != self._sealer.ids[0]]
            dropped = () if num_left else tuple(older)
            drop_keys(db, dropped)
            return dropped

        return await self._store.write(write)

    def _next_due(
        self, db: Database, one: Sealed, column: str
    ) -> list[tuple[Any, ...]]:
        """Return the keys of the next rows; a reader, so that nobody waits for it."""
        if one.table not in db.table_names():
            return []
        names = primary_key(db, one)
        keys = ", ".join(names)
        behind = f"({keys}) > ({', '.join('?' * len(names))})" if self._after else "1"
        # In "main" are the values as they are, not as readers see them.
        rows = db.execute(
            f"SELECT {keys} FROM main.{one.table} WHERE {behind}"  # noqa: S608
            f" AND {self._due(one, column)} ORDER BY {keys} LIMIT {BATCH_ROWS}",
            self._after or (),
        )
        return [tuple(row) for row in rows]

    def _left(self, db: Database, one: Sealed, column: str) -> int:
        if one.table not in db.table_names():
            return 0
        row = db.execute(
            f"SELECT count(*) FROM main.{one.table}"  # noqa: S608
            f" WHERE {self._due(one, column)}"
        ).fetchone()
        return int(row[0])

    def _due(self, one: Sealed, column: str) -> str:
        is_done = begins(column, self._sealer.prefixes[:1])
        return (
            f"({is_done}) IS NOT TRUE"
            f" AND {column} NOT IN {BLANK} AND {one.only.format(row=one.table)}"
        )


def _seal(
    db: Database, one: Sealed, column: str, rows: Sequence[tuple[Any, ...]]
) -> int:
    """Seal a column in some rows; return in how many it could be done."""
    mark_clean(db, clean=False)
    names = primary_key(db, one)
    sql = (
        f"UPDATE {one.table} SET {column} = hearth_reseal({column},"  # noqa: S608
        f" {one.label(column, one.table)})"
        f" WHERE {' AND '.join(f'{name} = ?' for name in names)}"
    )
    return sum(_try(db, sql, row, f"{one.table}.{column}") for row in rows)


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
