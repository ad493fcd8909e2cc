"""What people ask of the models, by day."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlite_utils import Database

from bot.generation.requests import Owner
from bot.store.columns import json_column
from bot.store.store import Store

__all__ = ["Usage", "UsageRepository"]


@dataclass(frozen=True, slots=True)
class Usage:
    """How many requests, and how long the engine worked on them."""

    requests: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.requests + other.requests, self.seconds + other.seconds)


class UsageRepository:
    """Sums by day, community and person; days are dates such as "2026-03-01"."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, day: str, owner: Owner, usage: Usage) -> None:
        """Add to what was used on somebody's behalf."""
        row = (day, owner.community, owner.person, usage.requests, usage.seconds)

        def write(db: Database) -> None:
            db.execute(
                "INSERT INTO usage_day (day, community, person, requests, seconds)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " requests = requests + excluded.requests,"
                " seconds = seconds + excluded.seconds",
                row,
            )

        await self._store.write(write)

    async def of_people(self, day: str, people: Collection[str]) -> Usage:
        """Return what one person used everywhere, under all names of theirs."""
        return await self._sum(
            "person IN (SELECT value FROM json_each(?)) AND day = ?",
            (json_column([*people]), day),
        )

    async def of_people_in(
        self, day: str, community: str, people: Collection[str]
    ) -> Usage:
        """Return what one person used in a community."""
        return await self._sum(
            "day = ? AND community = ? AND person IN (SELECT value FROM json_each(?))",
            (day, community, json_column([*people])),
        )

    async def of_community(self, day: str, community: str) -> Usage:
        """Return what all of a community used together."""
        return await self._sum("day = ? AND community = ?", (day, community))

    async def top(
        self, day: str, community: str, *, limit: int
    ) -> tuple[tuple[str, Usage], ...]:
        """Return who used most in a community: the one who kept it busiest first."""

        def read(db: Database) -> tuple[tuple[str, Usage], ...]:
            rows = db.execute(
                "SELECT person, requests, seconds FROM usage_day"
                " WHERE day = ? AND community = ?"
                " ORDER BY seconds DESC, requests DESC, person LIMIT ?",
                (day, community, limit),
            ).fetchall()
            return tuple(
                (str(row["person"]), Usage(row["requests"], row["seconds"]))
                for row in rows
            )

        return await self._store.read(read)

    async def _sum(self, where: str, values: tuple[str, ...]) -> Usage:
        def read(db: Database) -> Usage:
            row = db.execute(
                "SELECT coalesce(sum(requests), 0), coalesce(sum(seconds), 0.0)"  # noqa: S608
                f" FROM usage_day WHERE {where}",
                values,
            ).fetchone()
            return Usage(int(row[0]), float(row[1]))

        return await self._store.read(read)
