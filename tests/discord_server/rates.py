"""Rate limits: a bucket for each route and place, one limit for all, and storms."""

import hashlib
import math
from collections import deque
from dataclasses import dataclass, field

from bot.clock import Clock
from tests.discord_server.places import Channel

__all__ = ["Limited", "Rate", "Rates"]

BAN_WINDOW_S = 600.0


@dataclass(frozen=True)
class Rate:
    """So many calls in so many seconds."""

    calls: int
    per_s: float


@dataclass(frozen=True)
class Limited:
    """Why a call has to wait.

    Attributes:
        scope: `user`, `global` or `shared`, as X-RateLimit-Scope says.
        is_ban: the answer comes from what stands before Discord, without `Via`.
    """

    retry_after_s: float
    scope: str = "user"
    is_ban: bool = False


@dataclass
class _Bucket:
    rate: Rate
    starts_s: float
    used: int = 0


@dataclass
class _Storm:
    place: "str | Channel | None"
    ends_s: float
    is_global: bool


@dataclass
class Rates:
    """Counts the calls.

    Attributes:
        everyday: the rate of a route that has none of its own.
        by_route: routes with a rate of their own.
        everything: the limit over all routes but those of interactions.
        old_edits: the rate of edits to messages older than one hour, for a channel.
        most_invalid: so many 401, 403 and 429 in ten minutes end in a ban.
    """

    clock: Clock
    everyday: Rate = Rate(100, 1.0)
    by_route: dict[str, Rate] = field(default_factory=dict)
    everything: Rate = Rate(50, 1.0)
    old_edits: Rate = Rate(3, 20.0)
    most_invalid: int = 10_000
    num_limited: int = 0
    _buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)
    _recent: deque[float] = field(default_factory=deque)
    _storms: list[_Storm] = field(default_factory=list)
    _invalid: deque[float] = field(default_factory=deque)

    def storm(
        self, place: "str | Channel | None", seconds: float, *, is_global: bool
    ) -> None:
        """Answer 429 for a route, a channel or (None) everything, for so long."""
        ends_s = self.clock.monotonic() + seconds
        self._storms.append(_Storm(place, ends_s, is_global))

    def take(
        self, route: str, major: str, channel_id: str
    ) -> tuple[Limited | None, dict[str, str]]:
        """Count a call; return why it must wait, if so, and the headers about it."""
        now_s = self.clock.monotonic()
        if self._is_banned(now_s):
            return Limited(BAN_WINDOW_S, is_ban=True), {}
        limited = self._in_storm(route, channel_id, now_s)
        if limited is None and not route.endswith("/callback"):
            limited = self._in_all(now_s)
        if limited is not None:
            return limited, {}
        return self._in_bucket(route, major, now_s)

    def take_old_edit(self, channel_id: str) -> Limited | None:
        """Count an edit to an old message."""
        key, now_s = ("old edits", channel_id), self.clock.monotonic()
        bucket = self._bucket(key, self.old_edits, now_s)
        bucket.used += 1
        if bucket.used <= bucket.rate.calls:
            return None
        return Limited(bucket.starts_s + bucket.rate.per_s - now_s, "shared")

    def count_invalid(self, status: int) -> None:
        """Remember an answer that counts towards a ban."""
        if status in {401, 403, 429}:
            self._invalid.append(self.clock.monotonic())
            self.num_limited += status == 429

    def _in_storm(self, route: str, channel_id: str, now_s: float) -> Limited | None:
        self._storms = [storm for storm in self._storms if storm.ends_s > now_s]
        for storm in self._storms:
            place = storm.place
            if isinstance(place, Channel):
                is_hit = place.id == channel_id
            else:
                is_hit = place is None or place == route
            if is_hit:
                scope = "global" if storm.is_global else "user"
                return Limited(storm.ends_s - now_s, scope)
        return None

    def _in_all(self, now_s: float) -> Limited | None:
        while self._recent and self._recent[0] <= now_s - self.everything.per_s:
            self._recent.popleft()
        if len(self._recent) >= self.everything.calls:
            wait_s = self._recent[0] + self.everything.per_s - now_s
            return Limited(wait_s, "global")
        self._recent.append(now_s)
        return None

    def _in_bucket(
        self, route: str, major: str, now_s: float
    ) -> tuple[Limited | None, dict[str, str]]:
        rate = self.by_route.get(route, self.everyday)
        bucket = self._bucket((route, major), rate, now_s)
        ends_s = bucket.starts_s + bucket.rate.per_s
        is_over = bucket.used >= bucket.rate.calls
        bucket.used += not is_over
        reset_utc_s = self.clock.now_utc().timestamp() + ends_s - now_s
        headers = {
            "X-RateLimit-Limit": str(bucket.rate.calls),
            "X-RateLimit-Remaining": str(bucket.rate.calls - bucket.used),
            "X-RateLimit-Reset": f"{reset_utc_s:.3f}",
            "X-RateLimit-Reset-After": f"{math.ceil((ends_s - now_s) * 1000) / 1000}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:32],
        }
        return (Limited(ends_s - now_s) if is_over else None), headers

    def _bucket(self, key: tuple[str, str], rate: Rate, now_s: float) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None or now_s >= bucket.starts_s + bucket.rate.per_s:
            bucket = self._buckets[key] = _Bucket(rate, now_s)
        return bucket

    def _is_banned(self, now_s: float) -> bool:
        while self._invalid and self._invalid[0] <= now_s - BAN_WINDOW_S:
            self._invalid.popleft()
        return len(self._invalid) >= self.most_invalid
