"""How long what was said and judged is kept; a community may want it shorter."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlite_utils import Database

from bot.messages import Scope
from bot.store.columns import scope_column, utc_column

__all__ = ["Keep", "KeepingDays", "community_days", "forget_said", "shorter"]


class Keep(StrEnum):
    """What has a time of its own; the names of settings of communities."""

    TURNS = "keep.turns_days"
    """What was said."""
    TEXTS = "keep.texts_days"
    """The texts that filters noticed."""
    RECORDS = "keep.records_days"
    """Verdicts, ratings and traces."""


@dataclass(frozen=True, slots=True)
class KeepingDays:
    """How long things are kept, in days.

    Attributes:
        turns: what was said; 0: no limit.
        texts: the texts that filters noticed.
        records: verdicts, ratings and traces.
    """

    turns: int
    texts: int
    records: int

    def of(self, what: Keep) -> int:
        """Return one of them."""
        return {
            Keep.TURNS: self.turns,
            Keep.TEXTS: self.texts,
            Keep.RECORDS: self.records,
        }[what]


def shorter(days: KeepingDays, what: Keep, value: str | None) -> KeepingDays:
    """Return days with one that a community chose, if that is shorter."""
    if value is None or not value.isdecimal():
        return days
    chosen, limit = int(value), days.of(what)
    if limit and chosen >= limit:
        return days
    if what is Keep.TURNS:
        return replace(days, turns=chosen)
    if what is Keep.TEXTS:
        return replace(days, texts=min(chosen, limit))
    return replace(days, records=chosen)


def community_days(db: Database, days: KeepingDays) -> dict[str, KeepingDays]:
    """Return the days of each community that has chosen any, by `community_key`."""
    found: dict[str, KeepingDays] = {}
    for row in db.execute(
        "SELECT key, name, value FROM setting WHERE name IN (?, ?, ?)"
        " AND key LIKE 'community:%'",
        tuple(Keep),
    ).fetchall():
        before = found.get(row["key"], days)
        found[row["key"]] = shorter(before, Keep(row["name"]), row["value"])
    return found


def forget_said(
    db: Database, community: str, days: KeepingDays, now_utc: datetime
) -> int:
    """Forget what was said and judged, of one community or ("") of all.

    Returns how many rows that concerned.
    """
    values = {
        "community": community,
        "prefix": _prefix(community),
        "turns": _before(now_utc, days.turns) if days.turns else "",
        "texts": _before(now_utc, days.texts),
        "records": _before(now_utc, days.records),
    }
    there = "(:community = '' OR substr(scope, 1, length(:prefix)) = :prefix)"
    return sum(
        db.execute(f"{what} AND {there}", values).rowcount
        for what in (
            "DELETE FROM turn WHERE created_utc < :turns",
            "UPDATE judgement SET text = '' WHERE text != '' AND created_utc < :texts",
            "DELETE FROM judgement WHERE created_utc < :records",
            "DELETE FROM trace WHERE created_utc < :records",
            "DELETE FROM rating WHERE created_utc < :records",
        )
    )


def _before(now_utc: datetime, days: int) -> str:
    return utc_column(now_utc - timedelta(days=days))


def _prefix(community: str) -> str:
    """Return how `Scope.key` begins in a community."""
    if not community:
        return ""
    _, platform, community_id = community.split(":", 2)
    key = scope_column(Scope(platform, community_id, "", None, None))
    return key.removesuffix("=|-|-")
