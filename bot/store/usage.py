"""What people ask of the models, by day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from bot.generation.requests import Owner
from bot.store.columns import json_column
from bot.store.store import Store

__all__ = ["Standing", "Usage", "UsageRepository"]


_HERE = "day = :day AND community = :community"
_THEIRS = "person IN (SELECT value FROM json_each(:people))"


@dataclass(frozen=True, slots=True)
class Usage:
    """How many requests, and how long the engine worked on them."""

    requests: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.requests + other.requests, self.seconds + other.seconds)


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts for a person's next request.

    Attributes:
        limits: what the community has set itself, by name of the setting.
        everywhere: what the person used in all communities.
        here: what the person used in this one.
        community: what all of this community used.
    """

    limits: Mapping[str, str]
    everywhere: Usage
    here: Usage
    community: Usage


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

    async def standing(
        self, day: str, community: str, people: Collection[str]
    ) -> Standing:
        """Return how one person, under all names of theirs, and a community stand.

        It is one look into the store: this is in the way of every question.
        """
        values = {"day": day, "community": community, "people": json_column([*people])}

        def read(db: Database) -> Standing:
            limits = db.execute(
                "SELECT name, value FROM setting"
                " WHERE key = 'community:' || :community AND name LIKE 'quota.%'",
                values,
            )
            return Standing(
                limits={str(row["name"]): str(row["value"]) for row in limits},
                everywhere=_sum(db, f"{_THEIRS} AND day = :day", values),
                here=_sum(db, f"{_HERE} AND {_THEIRS}", values),
                community=_sum(db, _HERE, values),
            )

        return await self._store.read(read)

    async def days(self, community: str, *, since: str) -> Mapping[str, Usage]:
        """Return what a community used on each day since one that it used anything."""

        def read(db: Database) -> Mapping[str, Usage]:
            rows = db.execute(
                "SELECT day, sum(requests) AS requests, sum(seconds) AS seconds"
                " FROM usage_day WHERE community = ? AND day >= ? GROUP BY day",
                (community, since),
            )
            return {
                str(row["day"]): Usage(int(row["requests"]), float(row["seconds"]))
                for row in rows
            }

        return await self._store.read(read)

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


def _sum(db: Database, where: str, values: dict[str, str]) -> Usage:
    row = db.execute(
        "SELECT coalesce(sum(requests), 0), coalesce(sum(seconds), 0.0)"  # noqa: S608
        f" FROM usage_day WHERE {where}",
        values,
    ).fetchone()
    return Usage(int(row[0]), float(row[1]))
