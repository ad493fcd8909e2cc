"""Waiting calls of which a newer one takes the place of an older one like it."""

from adapters.call_queue import CallQueue
from adapters.queued_call import Caller, Lane, QueuedCall

__all__ = ["MergingQueue"]

_Id = tuple[tuple[str, ...], str]


class MergingQueue:
    """A CallQueue whose calls may have more than one caller.

    Of the calls with the same keys and `merge`, one waits at most and one is on its way
    at most: the one that waits is held back until the other has ended, so that what was
    asked for last also arrives last.
    """

    def __init__(self, queue: CallQueue) -> None:
        self._queue = queue
        self._waiting: dict[_Id, QueuedCall] = {}
        self._under_way: dict[_Id, QueuedCall] = {}

    @property
    def num_calls(self) -> int:
        """How many calls wait."""
        return self._queue.num_calls + len(self._held())

    def join(
        self,
        caller: Caller,
        *,
        lane: Lane,
        keys: tuple[str, ...],
        merge: str | None,
        now_s: float,
    ) -> None:
        """Let a caller wait: in the place of one like it, in the faster lane."""
        call = None if merge is None else self._waiting.get((keys, merge))
        if call is None:
            call = QueuedCall(lane, keys, merge)
            self._add(call, now_s)
        elif lane < call.lane:
            self._remove(call)
            call.lane = lane
            self._add(call, now_s)
        call.callers.append(caller)
        caller.queued = call

    def leave(self, caller: Caller) -> QueuedCall | None:
        """Let a caller go, and its call if nobody else waits for it.

        Returns the call if it is on its way all the same.
        """
        call = caller.queued
        if call is None or caller not in call.callers:
            return None
        call.callers.remove(caller)
        if call.callers:
            return None
        if call.task is not None:
            return call
        self._remove(call)
        return None

    def next(self, now_s: float) -> QueuedCall | None:
        """Take out the call that begins now; None when none may."""
        call = self._queue.next(now_s)
        if call is not None and (call_id := _id(call)) is not None:
            del self._waiting[call_id]
            self._under_way[call_id] = call
        return call

    def end(self, call: QueuedCall, now_s: float, *, is_again: bool = False) -> None:
        """Say that a call is no longer on its way.

        With `is_again` its callers wait anew, in the first place: for the same call, or
        for a newer one like it.
        """
        newer = None
        if (call_id := _id(call)) is not None:
            del self._under_way[call_id]
            newer = self._waiting.pop(call_id, None)
        if is_again and newer is not None:
            newer.callers[:0] = call.callers
            newer.lane = min(newer.lane, call.lane)
            for caller in call.callers:
                caller.queued = newer
        elif is_again:
            newer = call
        if newer is not None:
            self._add(newer, now_s, is_first=is_again)

    def drain(self) -> list[QueuedCall]:
        """Take out all calls that wait."""
        calls = self._queue.drain() + self._held()
        self._waiting.clear()
        return calls

    def _held(self) -> list[QueuedCall]:
        return [
            self._waiting[call_id]
            for call_id in self._under_way
            if call_id in self._waiting
        ]

    def _add(self, call: QueuedCall, now_s: float, *, is_first: bool = False) -> None:
        if (call_id := _id(call)) is not None:
            self._waiting[call_id] = call
            if call_id in self._under_way:
                return
        self._queue.add(call, now_s, is_first=is_first)

    def _remove(self, call: QueuedCall) -> None:
        if (call_id := _id(call)) is not None:
            del self._waiting[call_id]
            if call_id in self._under_way:
                return
        self._queue.remove(call)


def _id(call: QueuedCall) -> _Id | None:
    return None if call.merge is None else (call.keys, call.merge)
