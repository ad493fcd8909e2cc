"""Takes what is to be made, decides who goes next, and hands it to the worker."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from bot.clock import Clock
from bot.errors import HearthbotError
from bot.generation import wire
from bot.generation.questions import Questions
from bot.generation.queue import FairQueue
from bot.generation.refusals import gone, late, shutting_down
from bot.generation.requests import (
    Finished,
    FinishReason,
    GenerationRequest,
    ModelSpec,
    Place,
)
from bot.generation.roster import Roster
from bot.generation.status import EngineStatus, Pace
from bot.generation.supervisor import WORKER_COMMAND, Supervisor
from bot.generation.ticket import Ticket
from bot.generation.timers import Timers
from bot.generation.wire_requests import begin
from bot.metrics import Metrics

__all__ = ["Engine"]

logger = structlog.get_logger(__name__)

CANCEL_GRACE_S = 300.0
"""A cancelled request that holds its slot for longer hangs, and the worker with it."""


@dataclass(slots=True)
class _Run:
    """A request that the worker has, whether or not its caller still waits."""

    ticket: Ticket
    begun_s: float


class Engine:
    """One fair queue in front of one worker.

    `async with` starts the worker and ends it. All methods belong to the event loop
    it was entered in, and none blocks it.

    Args:
        models: what may be asked for, by name.
        max_parallel: how many requests run at once, of all models together.
        max_waiting: how many may wait before new ones are refused.
        memory_bytes: what the loaded models may take together; None: no limit.
        clock: for deadlines, estimates and the pauses between two starts.
        worker_command: what to run as the worker.
        metrics: where requests are counted.
    """

    def __init__(
        self,
        models: Mapping[str, ModelSpec],
        *,
        max_parallel: int,
        max_waiting: int,
        memory_bytes: int | None,
        clock: Clock,
        worker_command: Sequence[str] = WORKER_COMMAND,
        metrics: Metrics | None = None,
    ) -> None:
        self._roster = Roster(models)
        self._max_parallel = max_parallel
        self._clock = clock
        self._metrics = metrics or Metrics(clock)
        self._queue = FairQueue(max_waiting)
        self._waiting: dict[str, Ticket] = {}
        self._runs: dict[str, _Run] = {}
        self._pace = Pace()
        self._timers = Timers(clock)
        self._changed = asyncio.Event()  # replaced at each change of the queue
        self._is_draining = False
        self._supervisor = Supervisor(
            wire.Configure(self._roster.specs, memory_bytes),
            clock=clock,
            on_events=self._on_events,
            on_gone=self._on_gone,
            command=worker_command,
        )
        self._questions = Questions(self._supervisor)

    async def __aenter__(self) -> "Engine":
        await self._supervisor.__aenter__()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.drain(0)
        await self._supervisor.__aexit__()
        for request_id in list(self._runs):
            self._end_run(request_id, shutting_down())
        self._questions.fail_all(shutting_down(), unsent=True)
        self._timers.close()

    def submit(self, request: GenerationRequest) -> Ticket:
        """Let a request wait for its turn, and return at once.

        Raises:
            OverloadedError: too many wait, or the bot is shutting down.
            MissingError: there is no such model.
            BackendGoneError: the worker dies again and again.
        """
        self._roster.check(request.model)
        if request.id in self._waiting or request.id in self._runs:
            raise ValueError(f"request {request.id!r} is here already")
        with self._metrics.admission(request.kind, request.owner) as measure:
            self._refuse_if_down()
            self._queue.push(request.id, owner=request.owner, priority=request.priority)
        ticket = Ticket(request, keeper=self, measure=measure)
        self._waiting[request.id] = ticket
        if request.deadline_s is not None:
            expire = partial(self._stop, request.id, late())
            self._timers.start(request.id, request.deadline_s, expire)
        self._dispatch()
        return ticket

    async def count_tokens(self, model: str, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has for a model; loads it if needed.

        Raises:
            MissingError, OutOfMemoryError: the model cannot be loaded.
            BackendGoneError: the worker died meanwhile.
        """
        self._roster.check(model)
        sent = tuple(wire.encodable(text) for text in texts)
        self._refuse_if_down()
        return list(await self._questions.ask(lambda id: wire.Count(id, model, sent)))

    async def load(self, model: str) -> None:
        """Load a model and wait until it can be used; raises as `count_tokens` does."""
        self._roster.check(model)
        self._refuse_if_down()
        await self._questions.ask(lambda id: wire.Load(id, model))

    def is_loaded(self, model: str) -> bool:
        """Whether a request for the model would not have to wait for loading."""
        return self._roster.is_loaded(model)

    def status(self) -> EngineStatus:
        """Return how things are now."""
        return EngineStatus(
            waiting=len(self._queue),
            running=len(self._runs),
            worker=self._supervisor.state,
            worker_pid=self._supervisor.pid,
            worker_rss_bytes=self._supervisor.rss_bytes,
            restarts=self._supervisor.num_restarts,
            models=self._roster.loaded,
            tokens_per_s=self._pace.tokens_per_s(self._clock.monotonic()),
            is_draining=self._is_draining,
            lanes=self._queue.lanes(),
        )

    async def drain(self, timeout_s: float) -> None:
        """Accept nothing more, let what runs go on for a while, and end the rest.

        Everyone who waits, or is cut off after `timeout_s`, gets an OverloadedError
        that says so.
        """
        self._is_draining = True
        for request_id in list(self._waiting):
            self._end_waiting(request_id, shutting_down())
        if self._runs and timeout_s > 0:
            await self._wait_until_idle(timeout_s)
        for request_id, run in self._runs.items():
            run.ticket.end(shutting_down())
            self._supervisor.send(wire.Cancel(request_id))

    def place(self, request_id: str) -> Place | None:
        """Return where a request stands; None: it does not wait."""
        position = self._queue.position(request_id)
        if position is None:
            return None
        duration_s = self._pace.duration_s()
        if duration_s is None:
            return Place(position, None)
        return Place(position, duration_s * position / self._max_parallel)

    def cancel(self, request_id: str) -> None:
        """Stop a request; does nothing where there is none."""
        self._stop(request_id, Finished(FinishReason.CANCELLED, 0, 0))

    async def moved(self) -> None:
        """Wait until the queue has changed."""
        await self._changed.wait()

    def _refuse_if_down(self) -> None:
        if self._is_draining:
            raise shutting_down()
        if self._supervisor.is_failing and not self._supervisor.is_ready:
            raise gone()

    def _dispatch(self) -> None:
        """Give the worker what it has room for."""
        while self._supervisor.is_ready and len(self._runs) < self._max_parallel:
            request_id = self._queue.pop(self._has_slot)
            if request_id is None:
                break
            ticket = self._waiting.pop(request_id)
            self._runs[request_id] = _Run(ticket, self._clock.monotonic())
            self._supervisor.send(begin(ticket.request))
            ticket.start()
        self._announce()

    def _has_slot(self, request_id: str) -> bool:
        model = self._waiting[request_id].request.model
        running = [run.ticket.request.model for run in self._runs.values()]
        return running.count(model) < self._roster.max_parallel(model)

    def _announce(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _stop(self, request_id: str, outcome: Finished | HearthbotError) -> None:
        """End a request for its caller, now, and for the worker as soon as it can."""
        if request_id in self._waiting:
            self._end_waiting(request_id, outcome)
            return
        run = self._runs.get(request_id)
        if run is None or run.ticket.has_ended:
            return
        run.ticket.end(outcome)
        self._supervisor.send(wire.Cancel(request_id))
        # In place of the deadline: how long the worker may take to let go of it.
        self._timers.start(request_id, CANCEL_GRACE_S, self._kill_stuck)

    def _kill_stuck(self) -> None:
        self._supervisor.kill(reason="a cancelled request does not end")

    def _end_waiting(self, request_id: str, outcome: Finished | HearthbotError) -> None:
        self._queue.remove(request_id)
        self._timers.stop(request_id)
        self._waiting.pop(request_id).end(outcome)
        self._announce()

    def _on_events(self, events: Sequence[wire.Event]) -> None:
        for event in events:
            match event:
                case wire.Chunk() | wire.Stepped() | wire.Made():
                    if (run := self._runs.get(event.id)) is not None:
                        run.ticket.feed(event.piece)
                case wire.Ended():
                    self._end_run(event.id, event.finished)
                case wire.Failed():
                    if not self._questions.fail(event.id, event.exception()):
                        self._end_run(event.id, event.exception())
                case wire.Counted():
                    self._questions.answer(event.id, event.counts)
                case wire.Loaded():
                    self._roster.add(event)
                case wire.Unloaded():
                    self._roster.remove(event.model)
                case wire.Ready():
                    self._questions.send()
        self._dispatch()

    def _end_run(self, request_id: str, outcome: Finished | HearthbotError) -> None:
        run = self._runs.pop(request_id, None)
        if run is None:
            return
        self._timers.stop(request_id)
        if isinstance(outcome, Finished):
            now_s, num_tokens = self._clock.monotonic(), outcome.completion_tokens
            self._pace.add(begun_s=run.begun_s, ended_s=now_s, num_tokens=num_tokens)
        run.ticket.end(outcome)

    def _on_gone(self) -> None:
        """Tell everybody whose request the dead worker had."""
        self._roster.clear()
        for request_id in list(self._runs):
            self._end_run(request_id, gone())
        self._questions.fail_all(gone(), unsent=self._supervisor.is_failing)
        if self._supervisor.is_failing:
            for request_id in list(self._waiting):
                self._end_waiting(request_id, gone())
        self._announce()

    async def _wait_until_idle(self, timeout_s: float) -> None:
        is_over = asyncio.Event()

        def give_up() -> None:
            is_over.set()
            self._announce()

        self._timers.start(self, timeout_s, give_up)
        while self._runs and not is_over.is_set():
            await self.moved()
