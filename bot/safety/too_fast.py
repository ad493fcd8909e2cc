"""Refuses messages that come faster than the owner allows."""

from collections import OrderedDict, deque
from collections.abc import Hashable
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
    as the verdict says is heard. Every judging counts, so judge a message once.
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
        waits = [(windows.wait_s(key, now_s), windows) for windows, key in counted]
        wait_s, slowest = max(waits, key=lambda wait: wait[0], default=(0.0, None))
        if slowest is not None and wait_s > 0:
            who = "person" if slowest is self._people else "channel"
            return Verdict(
                Action.BLOCK,
                category="flood",
                score=1.0,
                filter=self.name,
                reason=f"more than {slowest.limit} messages in a minute by one {who}",
                limit=slowest.limit,
                retry_after_s=wait_s,
            )
        for windows, key in counted:
            windows.count(key, now_s)
        return ALLOW

    def _counted(self, subject: Subject) -> list[tuple["_Windows", Hashable]]:
        if not subject.is_to_bot:
            return []
        author, channel = subject.author, subject.channel
        platform = channel.platform if channel else ""
        counted: list[tuple[_Windows, Hashable]] = []
        if author:
            counted.append((self._people, (platform, author.id)))
        if channel:
            key = (platform, channel.community_id, channel.id, channel.thread_id)
            counted.append((self._channels, key))
        return counted


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

    def wait_s(self, key: Hashable, now_s: float) -> float:
        """Return seconds until the key may be counted again, 0 if it may be now."""
        times = self._times.get(key)
        if times is None or len(times) < self.limit:
            return 0.0
        return max(0.0, times[0] + WINDOW_S - now_s)

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
