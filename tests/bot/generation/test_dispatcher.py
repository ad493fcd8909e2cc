"""What a worker does with commands when things go wrong inside it."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from bot.errors import BackendError
from bot.generation.backend import OnTextEvent
from bot.generation.dispatcher import Dispatcher
from bot.generation.fake import FakeBackend
from bot.generation.requests import (
    Finished,
    FinishReason,
    GenerationRequest,
    ModelSpec,
    TextParams,
    TextPayload,
)
from bot.generation.wire import (
    Cancel,
    Chunk,
    Command,
    Configure,
    Count,
    Counted,
    Ended,
    Event,
    Failed,
    Load,
    Loaded,
    Loading,
)
from bot.generation.wire_requests import begin
from bot.words import T

MakeSpec = Callable[..., ModelSpec]
MakeRequest = Callable[..., GenerationRequest]
WAIT_S = 30.0


class BrokenBackend(FakeBackend):
    """Breaks in ways that no backend should, as its options say."""

    def __init__(self, spec: ModelSpec) -> None:
        self._how = str(dict(spec.options).get("broken", ""))
        self.is_closed = threading.Event()
        if self._how == "load":
            raise RuntimeError("a bug")
        super().__init__(spec)

    @override
    def start(
        self,
        request_id: str,
        payload: TextPayload,
        params: TextParams,
        on_event: OnTextEvent,
    ) -> None:
        if self._how == "start":
            raise RuntimeError("a bug")
        if self._how == "event":
            on_event(RuntimeError("a bug"))
        elif self._how == "memory" and self._spec.max_parallel > 1:
            on_event(MemoryError())
        else:
            super().start(request_id, payload, params, on_event)

    @override
    def close(self) -> None:
        super().close()
        self.is_closed.set()

    @override
    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if self._how == "count":
            raise RuntimeError("a bug")
        if self._how == "refuse":
            raise BackendError(T("I do not want to."))
        return super().count_tokens(texts)


class Desk:
    """A dispatcher and what it puts."""

    def __init__(self, *specs: ModelSpec) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.loaded: queue.SimpleQueue[BrokenBackend] = queue.SimpleQueue()
        desk = self

        class Noted(BrokenBackend):
            def __init__(self, spec: ModelSpec) -> None:
                super().__init__(spec)
                desk.loaded.put(self)

        self.dispatcher = Dispatcher(
            self._events.put,
            configure=Configure(specs),
            backends={"fake": lambda: Noted},
        )

    def send(self, *commands: Command) -> None:
        for command in commands:
            self.dispatcher.handle(command)

    def rest(self) -> list[Event]:
        """Return what came and was not asked for yet."""
        return [self._events.get() for _ in range(self._events.qsize())]

    def until(self, *kinds: type[Event]) -> Event:
        while True:
            event = self._events.get(timeout=WAIT_S)
            if isinstance(event, kinds):
                return event


@pytest.fixture
def open_desk(make_spec: MakeSpec) -> Iterator[Callable[..., Desk]]:
    opened: list[Desk] = []

    def make(*specs: ModelSpec, **options: str | int | float | bool) -> Desk:
        opened.append(Desk(*(specs or (make_spec(**options),))))
        return opened[-1]

    yield make
    for desk in opened:
        desk.dispatcher.close()


def failed(desk: Desk) -> str:
    event = desk.until(Failed, Ended, Counted)
    assert isinstance(event, Failed), event
    return str(event.exception())


def test_configure_twice_is_a_mistake(open_desk: Callable[..., Desk]) -> None:
    with pytest.raises(ValueError, match="twice"):
        open_desk().send(Configure(()))


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("load", "could not be loaded"),
        ("start", "could not answer"),
        ("event", "could not answer"),
    ],
)
def test_bug_of_a_backend_reaches_the_caller_in_plain_words_and_the_log(
    open_desk: Callable[..., Desk], make_request: MakeRequest, broken: str, said: str
) -> None:
    desk = open_desk(broken=broken)
    with capture_logs() as logs:
        desk.send(begin(make_request()))
        words = failed(desk)
    assert said in words
    assert "a bug" not in words
    assert any(line["log_level"] == "error" for line in logs)


def test_bug_while_counting_or_loading_is_answered(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk(broken="count")
    desk.send(Count("1", "m", ("a",)))
    assert "could not read" in failed(desk)
    desk = open_desk(broken="refuse")
    desk.send(Count("1", "m", ("a",)))
    assert failed(desk) == "I do not want to."
    desk = open_desk(broken="load")
    desk.send(Load("1", "m"))
    assert "could not be loaded" in failed(desk)


def test_memory_that_runs_out_once_is_tried_smaller(
    open_desk: Callable[..., Desk], make_spec: MakeSpec, make_request: MakeRequest
) -> None:
    desk = open_desk(make_spec(broken="memory", max_parallel=4, reply="done"))
    desk.send(begin(make_request()))
    assert isinstance(desk.until(Chunk, Failed), Chunk)
    assert isinstance(desk.until(Ended, Failed), Ended)


def test_model_that_is_not_there_is_said_for_every_question(
    open_desk: Callable[..., Desk], make_request: MakeRequest
) -> None:
    desk = open_desk()
    desk.send(Load("1", "x"))
    assert "no model called x" in failed(desk)
    desk.send(Count("2", "x", ("a",)))
    assert "no model called x" in failed(desk)
    desk.send(begin(make_request(model="x")))
    assert "no model called x" in failed(desk)


def test_cancel_of_nothing_and_before_loading(
    open_desk: Callable[..., Desk], make_request: MakeRequest
) -> None:
    desk = open_desk(load_delay_s=0.1, reply="hi")
    first, second = make_request(), make_request()
    desk.send(Cancel("nobody"), begin(first), begin(second))
    desk.send(Cancel(first.id), Cancel(second.id), Cancel(second.id))
    ends = {}
    for _ in range(2):
        event = desk.until(Ended)
        assert isinstance(event, Ended)
        ends[event.id] = event.finished.reason
    assert ends == dict.fromkeys((first.id, second.id), FinishReason.CANCELLED)
    desk.send(Load("1", "m"))
    assert isinstance(desk.until(Counted, Failed), Counted)


def test_close_while_things_wait_ends_quietly(
    open_desk: Callable[..., Desk], make_request: MakeRequest
) -> None:
    desk = open_desk(load_delay_s=0.1)
    request = make_request()
    with capture_logs() as logs:
        desk.send(begin(request))
        desk.until(Loading)
        desk.dispatcher.close()
        ended = desk.until(Ended, Failed)
        # What was being loaded is let go of as soon as it is there.
        assert desk.loaded.get(timeout=WAIT_S).is_closed.wait(WAIT_S)
        desk.send(Load("late", "m"))  # nobody does anything any more
    assert ended == Ended(request.id, Finished(FinishReason.CANCELLED, 0, 0))
    assert desk.rest() == []
    assert not [log for log in logs if log["log_level"] == "error"]


def test_loaded_tells_the_size(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(max_parallel=3)
    desk.send(Load("1", "m"))
    loaded = desk.until(Loaded)
    assert isinstance(loaded, Loaded)
    assert (loaded.model, loaded.max_parallel, loaded.context_tokens) == ("m", 3, 2048)
