"""A backend whose model does one request at a time, in one thread."""

import threading
from abc import abstractmethod
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic

from typing_extensions import override

from bot.generation.backend import Backend, OnEvent, P, Q
from bot.generation.requests import Finished, FinishReason, Progress, Result

__all__ = ["OneByOneBackend"]


@dataclass(slots=True)
class _Job(Generic[P, Q]):
    id: str
    payload: P
    params: Q
    on_event: OnEvent
    is_cancelled: threading.Event = field(default_factory=threading.Event)


class OneByOneBackend(Backend[P, Q]):
    """Runs requests in the order in which they came.

    A class that derives from it loads its model, then calls `super().__init__`.
    """

    can_stream = False

    def __init__(self, name: str) -> None:
        self._waiting: deque[_Job[P, Q]] = deque()
        self._running: _Job[P, Q] | None = None
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._thread.start()

    @abstractmethod
    def make(self, payload: P, params: Q) -> Iterator[Result | Progress | None]:
        """Yield None or progress as often as it can be stopped, at the end the result.

        Raises:
            BackendError: it cannot be made; says why.
        """

    @override
    def start(self, request_id: str, payload: P, params: Q, on_event: OnEvent) -> None:
        with self._changed:
            self._waiting.append(_Job(request_id, payload, params, on_event))
            self._changed.notify()

    @override
    def cancel(self, request_id: str) -> None:
        with self._changed:
            if self._running is not None and self._running.id == request_id:
                self._running.is_cancelled.set()
                return
            cancelled = [job for job in self._waiting if job.id == request_id]
            for job in cancelled:
                self._waiting.remove(job)
        for job in cancelled:
            job.on_event(Finished(FinishReason.CANCELLED, 0, 0))

    @override
    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            jobs, self._waiting = list(self._waiting), deque()
            if self._running is not None:
                self._running.is_cancelled.set()
            self._changed.notify()
        for job in jobs:
            job.on_event(Finished(FinishReason.CANCELLED, 0, 0))
        self._thread.join()

    def _loop(self) -> None:
        while True:
            with self._changed:
                self._running = None
                self._changed.wait_for(lambda: self._waiting or self._is_closed)
                if self._is_closed:
                    return
                job = self._running = self._waiting.popleft()
            try:
                self._run(job)
            except Exception as error:  # of this one request; the next may go well
                job.on_event(error)

    def _run(self, job: "_Job[P, Q]") -> None:
        result: Result | None = None
        for made in self.make(job.payload, job.params):
            if isinstance(made, Progress):
                job.on_event(made)
            else:
                result = made
            if job.is_cancelled.is_set():
                job.on_event(Finished(FinishReason.CANCELLED, 0, 0))
                return
        if result is not None:
            job.on_event(result)
        job.on_event(Finished(FinishReason.STOP, 0, 0))
