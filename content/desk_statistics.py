"""How posts fared, counted for the moderators whose they are."""

import itertools
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from bot.store.post_outcomes import PostOutcome, PostOutcomes
from content.post_browser import PostBrowser
from content.posts import PostStatus
from content.review_queue import PlaceFor, first_place

__all__ = ["Fates", "FatesReader", "WeekFates"]

S = PostStatus
DECISIONS = (S.APPROVED, S.REJECTED, S.EXPIRED)
BOUNDS_S = (600, 3600, 6 * 3600, 24 * 3600)
"""How long decisions took is counted between these; the last is "longer"."""


@dataclass(frozen=True, slots=True)
class WeekFates:
    """How many posts of one week have which status. `monday` is its first day."""

    monday: date
    by_status: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of the posts since some time.

    Attributes:
        weeks: every week, also those without posts, the earliest first.
        decisions: how many reviews ended as approved, rejected or expired.
        median_s: how long the middle one of the moderators' decisions took; None: they
            made none.
        by_time: how many took up to each of BOUNDS_S, and longer.
        communities: whose posts they are.
    """

    weeks: tuple[WeekFates, ...]
    decisions: Counter[str]
    median_s: float | None
    by_time: tuple[int, ...]
    communities: frozenset[str]


class FatesReader:
    """Counts what somebody may see."""

    def __init__(self, outcomes: PostOutcomes, browser: PostBrowser) -> None:
        self._outcomes = outcomes
        self._browser = browser

    async def since(
        self,
        since_utc: datetime,
        now_utc: datetime,
        zone: ZoneInfo,
        place_for: PlaceFor,
    ) -> Fates:
        """Count the posts that were made since then."""
        found = await self._outcomes.since(
            since_utc, under_review=S.PENDING_REVIEW, rewriting=S.DRAFTING
        )
        known: dict[tuple[str, ...], bool] = {}
        seen: list[PostOutcome] = []
        for outcome in found:
            whose = self._browser.communities(
                outcome.schedule_id, outcome.channels, outcome.communities
            )
            if whose not in known:
                known[whose] = await first_place(whose, place_for) is not None
            if known[whose]:
                seen.append(outcome)
        times_s = _times_s(seen)
        keys = {key for whose in known for key in whose}
        return Fates(
            weeks=_weeks(seen, since_utc, now_utc, zone),
            decisions=Counter(o.decision for o in seen if o.decision in DECISIONS),
            median_s=median(times_s) if times_s else None,
            by_time=_by_time(times_s),
            communities=frozenset(
                [key for key in keys if await place_for(key) is not None]
            ),
        )


def _weeks(
    seen: Sequence[PostOutcome], since_utc: datetime, now_utc: datetime, zone: ZoneInfo
) -> tuple[WeekFates, ...]:
    first, last = _monday(since_utc, zone), _monday(now_utc, zone)
    weeks: dict[date, WeekFates] = {}
    while first <= last:
        weeks[first] = WeekFates(first)
        first += timedelta(days=7)
    for outcome in seen:
        if (week := weeks.get(_monday(outcome.created_utc, zone))) is not None:
            week.by_status[outcome.status] += 1
    return tuple(weeks.values())


def _monday(moment_utc: datetime, zone: ZoneInfo) -> date:
    day = moment_utc.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _times_s(seen: Sequence[PostOutcome]) -> list[float]:
    """Return how long moderators took; what expired was not decided."""
    return [
        (one.decided_utc - one.asked_utc).total_seconds()
        for one in seen
        if one.decided_utc is not None
        and one.asked_utc is not None
        and one.decision in (S.APPROVED, S.REJECTED)
    ]


def _by_time(times_s: Collection[float]) -> tuple[int, ...]:
    edges = (0.0, *BOUNDS_S, float("inf"))
    return tuple(
        sum(low < max(taken_s, 1e-9) <= high for taken_s in times_s)
        for low, high in itertools.pairwise(edges)
    )
