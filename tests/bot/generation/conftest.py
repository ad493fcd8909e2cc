"""Requests, engines on the fake model, and backends driven without a worker."""

import asyncio
import queue
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.clock import Clock, SystemClock
from bot.generation.backend import Backend, BackendEvent
from bot.generation.engine import Engine
from bot.generation.requests import (
    Finished,
    GenerationRequest,
    ModelSpec,
    Owner,
    Priority,
    PromptTurn,
    TextParams,
    TextPayload,
    TurnRole,
)
from bot.generation.supervisor import WORKER_COMMAND

Option = str | int | float | bool
MakeRequest = Callable[..., GenerationRequest]
MakeSpec = Callable[..., ModelSpec]
OpenEngine = Callable[..., AbstractAsyncContextManager[Engine]]
WAIT_S = 60.0


@pytest.fixture
def make_spec() -> MakeSpec:
    """Return a function that makes a ModelSpec of the fake; keywords are options."""

    def make(
        name: str = "m",
        *,
        backend: str = "fake",
        max_parallel: int = 16,
        context_tokens: int = 2048,
        memory_bytes: int = 0,
        **options: Option,
    ) -> ModelSpec:
        return ModelSpec(
            name,
            backend,
            "",
            context_tokens=context_tokens,
            max_parallel=max_parallel,
            memory_bytes=memory_bytes,
            options=tuple(options.items()),
        )

    return make


@pytest.fixture
def make_request() -> MakeRequest:
    """Return a function that makes requests with ids of their own."""
    numbers = iter(range(10_000))

    def make(
        text: str = "hello",
        *,
        model: str = "m",
        person: str = "ada",
        community: str = "town",
        priority: Priority = Priority.CHAT,
        deadline_s: float | None = None,
        params: TextParams | None = None,
    ) -> GenerationRequest:
        return GenerationRequest(
            f"r{next(numbers)}",
            model,
            TextPayload((PromptTurn(TurnRole.USER, text),)),
            params or TextParams(seed=7),
            Owner(community, person),
            priority,
            deadline_s,
        )

    return make


@pytest.fixture
def open_engine(make_spec: MakeSpec) -> OpenEngine:
    """Return a function that opens an engine; other keywords are options of the fake.

    Every test with it talks to a real worker process.
    """

    @asynccontextmanager
    async def opened(
        *specs: ModelSpec,
        clock: Clock | None = None,
        max_parallel: int = 16,
        max_waiting: int = 100,
        memory_bytes: int | None = None,
        worker_command: Sequence[str] = WORKER_COMMAND,
        **options: Option,
    ) -> AsyncIterator[Engine]:
        models = {spec.name: spec for spec in specs or (make_spec(**options),)}
        async with (
            asyncio.timeout(WAIT_S),
            Engine(
                models,
                max_parallel=max_parallel,
                max_waiting=max_waiting,
                memory_bytes=memory_bytes,
                clock=clock or SystemClock(),
                worker_command=worker_command,
            ) as engine,
        ):
            yield engine

    return opened


@dataclass(slots=True)
class Heard:
    """The events of one request of a backend."""

    events: "queue.SimpleQueue[BackendEvent]" = field(default_factory=queue.SimpleQueue)
    pieces: list[str] = field(default_factory=list)

    def piece(self) -> str:
        """Wait for the next piece of text."""
        event = self.events.get(timeout=WAIT_S)
        assert isinstance(event, str), event
        self.pieces.append(event)
        return event

    def end(self) -> Finished | Exception:
        """Wait for the last event; the text before it is in `pieces`."""
        while isinstance(event := self.events.get(timeout=WAIT_S), str):
            self.pieces.append(event)
        assert self.events.empty(), "something came after the last event"
        assert isinstance(event, Finished | Exception), event
        return event

    def finished(self) -> Finished:
        """Wait for a good end."""
        outcome = self.end()
        assert isinstance(outcome, Finished), outcome
        return outcome

    @property
    def text(self) -> str:
        """What was said so far."""
        return "".join(self.pieces)


@dataclass(frozen=True, slots=True)
class Driver:
    """Drives a backend as a worker does."""

    backend: Backend
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(10_000)))

    def begin(
        self, *texts: str, params: TextParams | None = None, id: str | None = None
    ) -> Heard:
        """Start a request of these turns, alternating, the first one by a person."""
        heard = Heard()
        roles = (TurnRole.USER, TurnRole.ASSISTANT)
        turns = tuple(PromptTurn(roles[i % 2], t) for i, t in enumerate(texts))
        self.backend.start(
            id or f"r{next(self.numbers)}",
            TextPayload(turns),
            params or TextParams(),
            heard.events.put,
        )
        return heard

    def say(self, *texts: str, params: TextParams | None = None) -> str:
        """Return a whole answer."""
        heard = self.begin(*texts, params=params)
        heard.finished()
        return heard.text


@pytest.fixture
def drive() -> Callable[[Backend], Driver]:
    return Driver
