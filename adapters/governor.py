"""The one gate in front of every call to a platform: pace, order, pauses."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import copy_context
from functools import partial
from typing import Any, Self, TypeVar

import structlog

from adapters.alarm import Alarm
from adapters.call_queue import CallQueue
from adapters.governor_status import GovernorStatus
from adapters.invalid_budget import InvalidBudget, InvalidCount
from adapters.merging_queue import MergingQueue
from adapters.pace import Rate
from adapters.queued_call import Caller, Lane, QueuedCall
from bot.adapter import CallCounts
from bot.clock import Clock
from bot.errors import PlatformError, RateLimitedError
from bot.words import T

__all__ = ["Governor", "GovernorStatus", "Lane"]

logger = structlog.get_logger(__name__)

R = TypeVar("R")


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
        counts: how many calls it made, and how many the platform put off.
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
        self.counts = CallCounts()
        self._clock = clock
        self._queue = CallQueue(rates, post_wait_s=post_wait_s)
        self._merging = MergingQueue(self._queue)
        self._invalid = InvalidCount(invalid) if invalid is not None else None
        self._close_s = close_s
        self._running: set[QueuedCall] = set()
        self._alarm = Alarm(clock, self._pump)
        self._is_open = False

    async def __aenter__(self) -> Self:
        self._is_open = True
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._is_open = False
        self._refuse_waiting(_closed)
        self._alarm.set(self._queue.next_look_s())
        tasks = {call.task for call in self._running if call.task is not None}
        if not tasks:
            return
        patience = asyncio.create_task(self._lose_patience(tasks))
        try:
            await asyncio.wait(tasks)
        finally:
            for task in (*tasks, patience):
                task.cancel()
            await asyncio.wait({*tasks, patience})

    async def _lose_patience(self, tasks: set[asyncio.Task[Any]]) -> None:
        await self._clock.sleep(self._close_s)
        for task in tasks:
            task.cancel()

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
        caller = Caller(
            call,
            outcome=asyncio.get_running_loop().create_future(),
            context=copy_context(),
            num_tries=attempts,
            deadline_s=self._admit(keys, deadline_s),
        )
        now_s = self._clock.monotonic()
        self._merging.join(
            caller, lane=lane, keys=tuple(keys), merge=merge, now_s=now_s
        )
        self._pump()
        expiry = None
        if deadline_s is not None:
            expiry = asyncio.create_task(self._expire(caller))
        try:
            outcome: R = await caller.outcome
        except asyncio.CancelledError:
            await self._leave(caller)
            raise
        finally:
            if expiry is not None:
                expiry.cancel()
        return outcome

    def busy(self, *keys: str) -> float:
        """Return how many seconds a new call with these keys would wait, at the least.

        Reckons with the calls that wait already, not with those that will be faster.
        """
        now_s = self._clock.monotonic()
        wait_s = self._queue.ready_s(keys, now_s) - now_s
        stopped_for_s = self._invalid.stopped_for_s(now_s) if self._invalid else 0.0
        return max(wait_s, stopped_for_s)

    def pause(self, key: str, retry_after_s: float) -> None:
        """Let no call with this key begin for so long: the platform has asked for it.

        Only for what is learned outside of `run`, which pauses by itself.
        """
        now_s = self._clock.monotonic()
        self._queue.pace(key).pause(now_s, retry_after_s, begun_s=now_s)

    def note(self, error: BaseException) -> None:
        """Count a 429 that was learned of outside of `run`."""
        if self._invalid:
            self.counts.limited += 1
            self._invalid.note(error, self._clock.monotonic())

    def status(self) -> GovernorStatus:
        """Return what it does at the moment, for the health page."""
        now_s, invalid = self._clock.monotonic(), self._invalid
        return GovernorStatus(
            num_waiting=self._merging.num_calls,
            num_running=len(self._running),
            num_paused=self._queue.num_paused(now_s),
            num_invalid=invalid.count(now_s) if invalid else 0,
            invalid_limit=invalid.limit if invalid else 0,
            is_slowed=invalid is not None and invalid.gap_s(now_s) > 0,
            stopped_for_s=invalid.stopped_for_s(now_s) if invalid else 0.0,
        )

    def _admit(self, keys: Sequence[str], deadline_s: float | None) -> float:
        """Return until when a call may wait, if it may at all."""
        self._queue.check(keys)
        if not self._is_open:
            raise _closed()
        now_s = self._clock.monotonic()
        if self._invalid and (stopped_for_s := self._invalid.stopped_for_s(now_s)) > 0:
            raise _stopped(stopped_for_s)
        if deadline_s is None:
            return math.inf
        least_s = self._queue.ready_s(keys, now_s, is_next=True) - now_s
        if least_s > deadline_s:
            raise RateLimitedError(least_s)
        return now_s + deadline_s

    async def _leave(self, caller: Caller) -> None:
        call = self._merging.leave(caller)
        if call is not None and call.task is not None:
            call.task.cancel()
            await asyncio.wait({call.task})
        self._alarm.set(self._queue.next_look_s())

    async def _expire(self, caller: Caller) -> None:
        await self._clock.sleep(caller.deadline_s - self._clock.monotonic())
        call = caller.queued
        if call is not None and call.task is None and not caller.outcome.done():
            self._merging.leave(caller)
            caller.outcome.set_exception(RateLimitedError(self.busy(*call.keys)))
            self._alarm.set(self._queue.next_look_s())

    def _pump(self) -> None:
        """Begin all calls that may, and see to it that the next is not missed."""
        now_s = self._clock.monotonic()
        if self._invalid:
            if (stopped_for_s := self._invalid.stopped_for_s(now_s)) > 0:
                self._refuse_waiting(partial(_stopped, stopped_for_s))
            self._queue.brake.gap_s = self._invalid.gap_s(now_s)
        while (call := self._merging.next(now_s)) is not None:
            self._begin(call, now_s)
        self._alarm.set(self._queue.next_look_s())

    def _begin(self, call: QueuedCall, now_s: float) -> None:
        caller = call.callers[-1]
        caller.num_tries -= 1
        self.counts.made += 1
        call.begun_s = now_s
        call.task = asyncio.create_task(_made(caller.call), context=caller.context)
        ended = partial(self._ended, call, caller)
        call.task.add_done_callback(ended, context=caller.context)
        self._running.add(call)

    def _ended(self, call: QueuedCall, caller: Caller, task: asyncio.Task[Any]) -> None:
        call.task = None
        self._running.discard(call)
        now_s = self._clock.monotonic()
        error = None if task.cancelled() else task.exception()
        if task.cancelled() and self._is_open:
            call.cancel()
        elif task.cancelled():
            call.fail(_closed())
        elif error is None:
            call.succeed(task.result())
        else:
            self._learn(call, error, now_s)
            is_limited = isinstance(error, RateLimitedError)
            may_wait = is_limited and caller.num_tries > 0 and self._is_open
            call.fail(error, up_to_s=now_s if may_wait else math.inf)
        self._merging.end(call, now_s, is_again=bool(call.callers))
        self._pump()

    def _learn(self, call: QueuedCall, error: BaseException, now_s: float) -> None:
        if self._invalid:
            self._invalid.note(error, now_s)
        if isinstance(error, RateLimitedError):
            key = call.keys[0] if error.is_global else call.keys[-1]
            retry_after_s = error.retry_after_s
            if self._invalid is None:  # else it was noted where it came in
                self.counts.limited += 1
            self._queue.pace(key).pause(now_s, retry_after_s, begun_s=call.begun_s)
            logger.info("calls have to wait", key=key, seconds=retry_after_s)

    def _refuse_waiting(self, error: Callable[[], PlatformError]) -> None:
        for call in self._merging.drain():
            call.fail(error())


async def _made(call: Callable[[], Awaitable[R]]) -> R:
    return await call()


def _closed() -> PlatformError:
    return PlatformError(T("The connection to the platform was closed."))


def _stopped(for_s: float) -> PlatformError:
    return PlatformError(
        T(
            "The platform has refused too many calls. So that it does not shut the bot "
            "out, no more are made for {seconds} s.",
            seconds=math.ceil(for_s),
        )
    )
