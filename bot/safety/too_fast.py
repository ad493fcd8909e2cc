"""Refuses messages that come faster than the owner allows."""

from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from bot.clock import Clock
from bot.safety.filter import Filter, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

__all__ = ["TooFast"]

WINDOW_S = 60.0

MAX_KEYS = 10_000
"""How many people, and how many channels, are remembered at once."""


class TooFast(Filter):
    """Blocks what exceeds a number of messages in any 60 s, per person and channel.

    Only messages to the bot count. A blocked message is not counted: who waits as long
    as the verdict says is heard. Every judging counts, so judge a message once. Where a
    community chose less, that counts for what is written there.
    """

    name: ClassVar[str] = "too_fast"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT})
    acts_in_shadow: ClassVar[bool] = True

    def __init__(
        self,
        *,
        person_per_minute: int,
        channel_per_minute: int,
        clock: Clock,
        max_keys: int = MAX_KEYS,
    ) -> None:
        self._people = _Windows(limit=person_per_minute, max_keys=max_keys)
        self._channels = _Windows(limit=channel_per_minute, max_keys=max_keys)
        self._clock = clock

    @property
    def num_remembered(self) -> int:
        """How many countings are in memory, of people and channels together."""
        return self._people.num_remembered + self._channels.num_remembered

    @override
    async def judge(self, subject: Subject) -> Verdict:
        now_s = self._clock.monotonic()
        counted = self._counted(subject)
        waits = [(one.wait_s(now_s), one) for one in counted]
        wait_s, slowest = max(waits, key=lambda wait: wait[0], default=(0.0, None))
        if slowest is not None and wait_s > 0:
            return Verdict(
                Action.BLOCK,
                category="flood",
                score=1.0,
                filter=self.name,
                reason=f"more than {slowest.limit} messages in a minute by one "
                f"{slowest.who}",
                limit=slowest.limit,
                retry_after_s=wait_s,
            )
        for one in counted:
            one.windows.count(one.key, now_s)
        return ALLOW

    def _counted(self, subject: Subject) -> list["_Counted"]:
        if not subject.is_to_bot:
            return []
        author, channel = subject.author, subject.channel
        chosen = subject.policy.limits
        platform = channel.platform if channel else ""
        counted: list[_Counted] = []
        if author:
            people = self._people
            counted.append(_Counted(people, (platform, author.id), "person"))
            if channel and chosen.person_per_minute is not None:
                key = (platform, channel.community_id, author.id)
                limit = min(chosen.person_per_minute, people.limit)
                counted.append(_Counted(people, key, "person", limit))
        if channel:
            channels = self._channels
            limit = channels.limit
            if chosen.channel_per_minute is not None:
                limit = min(chosen.channel_per_minute, limit)
            place = (platform, channel.community_id, channel.id, channel.thread_id)
            counted.append(_Counted(channels, place, "channel", limit))
        return counted


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a message is counted for; without a `limit` of its own, the windows'."""

    windows: "_Windows"
    key: Hashable
    who: str
    own_limit: int | None = None

    @property
    def limit(self) -> int:
        """How many there may be in a minute."""
        return self.windows.limit if self.own_limit is None else self.own_limit

    def wait_s(self, now_s: float) -> float:
        """Return seconds until it may be counted again, 0 if it may be now."""
        return self.windows.wait_s(self.key, now_s, limit=self.limit)


class _Windows:
    """When each key was last counted, for as long as it matters."""

    def __init__(self, *, limit: int, max_keys: int) -> None:
        self.limit = limit
        self._max_keys = max_keys
        # Least recently counted first, so that what has expired is at the front.
        self._times: OrderedDict[Hashable, deque[float]] = OrderedDict()

    @property
    def num_remembered(self) -> int:
        """How many countings are in memory."""
        return sum(len(times) for times in self._times.values())

    def wait_s(self, key: Hashable, now_s: float, *, limit: int) -> float:
        """Return seconds until the key may be counted again, 0 if it may be now."""
        times = self._times.get(key)
        if times is None or len(times) < limit:
            return 0.0
        return max(0.0, times[-limit] + WINDOW_S - now_s)

    def count(self, key: Hashable, now_s: float) -> None:
        """Count the key once, and forget keys that no longer matter."""
        times = self._times.setdefault(key, deque(maxlen=self.limit))
        while times and times[0] + WINDOW_S <= now_s:
            times.popleft()
        times.append(now_s)
        self._times.move_to_end(key)
        while len(self._times) > self._max_keys or self._oldest_s() + WINDOW_S <= now_s:
            self._times.popitem(last=False)

    def _oldest_s(self) -> float:
        return next(iter(self._times.values()))[-1]
