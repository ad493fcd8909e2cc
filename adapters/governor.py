"""The one gate in front of every call to a platform: pace, order, pauses."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Self, TypeVar

from adapters.invalid_budget import InvalidBudget, InvalidCount
from adapters.pace import ROUNDING_S, Pace, Rate
from bot.clock import Clock
from bot.errors import PlatformError, RateLimitedError
from bot.words import T

__all__ = ["Governor", "GovernorStatus", "Lane"]

R = TypeVar("R")


class Lane(IntEnum):
    """Who goes first when calls wait for the same slot."""

    MODERATION = 0
    """A moderator's action, a panic, a deletion: before all others."""
    ACKNOWLEDGE = 1
    """The answer to a press or a command that the platform wants in seconds."""
    CHAT = 2
    """Answers and their edits."""
    POST = 3
    """What is posted on a schedule; counts as CHAT once it has waited for long."""


@dataclass(frozen=True, slots=True)
class GovernorStatus:
    """What the governor does at the moment.

    Attributes:
        num_waiting: calls that wait for their turn.
        num_running: calls that are on their way.
        num_paused: keys that the platform has asked to wait.
        num_invalid: refused calls in the budget's window.
        invalid_limit: how many lead to a ban; 0 where none are counted.
        is_slowed: so many were refused that answers and posts go slowly.
        stopped_for_s: so long no call is made at all; 0.0 while they are.
    """

    num_waiting: int
    num_running: int
    num_paused: int
    num_invalid: int = 0
    invalid_limit: int = 0
    is_slowed: bool = False
    stopped_for_s: float = 0.0


class Governor:
    """Makes a platform's calls in their turn, no faster than it allows.

    `async with Governor(...)`: on leaving, waiting calls fail, and running ones get
    `close_s` to end. A key is `class` or `class:id`; `rates` says for each class what
    its keys may do, each key on its own:

        {"all": (Rate(30, 1.0),), "group": (Rate(3, 3.0), Rate(20, 60.0)), "chat": ()}

    Calls with the same lane and keys go out in the order in which they came; those of
    one lane take turns by their keys, so that a busy chat does not hold up others.

    Attributes:
        rates: what each class of keys may do; () only takes turns and can be paused.
        invalid: how many refusals the platform bears; None counts none.
        post_wait_s: a POST that has waited so long counts as a CHAT that comes now.
        close_s: so long running calls may go on when it is left.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        rates: Mapping[str, Sequence[Rate]],
        invalid: InvalidBudget | None = None,
        post_wait_s: float = 60.0,
        close_s: float = 5.0,
    ) -> None:
        self._clock = clock
        self._rates = dict(rates)
        self._invalid = None if invalid is None else InvalidCount(invalid)
        self._invalid_limit = 0 if invalid is None else invalid.limit
        self._paces: dict[str, Pace] = {}
        self._is_open = False

    async def __aenter__(self) -> Self:
        self._is_open = True
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._is_open = False

    async def run(
        self,
        call: Callable[[], Awaitable[R]],
        *,
        keys: Sequence[str],
        lane: Lane = Lane.CHAT,
        attempts: int = 1,
        deadline_s: float | None = None,
        merge: str | None = None,
    ) -> R:
        """Wait for the call's turn, make it, and return what it returns.

        `keys` go from the widest to the narrowest. A RateLimitedError pauses the
        narrowest, the widest where the error `is_global`; it is raised all the same
        unless `attempts` are left. Cancelling while it waits costs no slot.

        A call with the same `keys` and `merge` as one that still waits takes its place;
        both callers get the outcome of the newer. One that is on its way is let end
        before the newer begins, so that the last one stays.

        Raises:
            RateLimitedError: it could not begin within `deadline_s` seconds.
            PlatformError: the governor is closed, or the platform has refused so many
                calls that none is made for a while.
            ValueError: a key's class is not among the rates, or there is no key.
        """
        now_s = self._clock.monotonic()
        while True:
            if not self._is_open:
                raise PlatformError(T("The connection to the platform was closed."))
            now_s = self._clock.monotonic()
            ready_s = max(self._pace(key).ready_s(now_s) for key in keys)
            if ready_s <= now_s + ROUNDING_S:
                break
            await self._clock.sleep(ready_s - now_s)
        for key in keys:
            self._pace(key).take(now_s)
        try:
            return await call()
        except RateLimitedError as error:
            self.pause(keys[-1], error.retry_after_s)
            raise

    def busy(self, *keys: str) -> float:
        """Return how many seconds a new call with these keys would wait, at the least.

        Reckons with the calls that wait already, not with those that will be faster.
        """
        now_s = self._clock.monotonic()
        return max(self._pace(key).ready_s(now_s) for key in keys) - now_s

    def pause(self, key: str, retry_after_s: float) -> None:
        """Let no call with this key begin for so long: the platform has asked for it.

        Only for what is learned outside of `run`, which pauses by itself.
        """
        now_s = self._clock.monotonic()
        self._pace(key).pause(now_s, retry_after_s, begun_s=now_s)

    def status(self) -> GovernorStatus:
        """Return what it does at the moment, for the health page."""
        return GovernorStatus(0, 0, 0, invalid_limit=self._invalid_limit)

    def _pace(self, key: str) -> Pace:
        rates = self._rates[key.partition(":")[0]]
        return self._paces.setdefault(key, Pace(rates))
