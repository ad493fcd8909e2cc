"""What a worker does with the commands of the bot."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import psutil
import structlog

from bot.errors import BackendError, HearthbotError, OutOfMemoryError
from bot.generation.backend import Backend, BackendEvent
from bot.generation.backends import BACKENDS, BackendClass
from bot.generation.reasoning import ReasoningFilter
from bot.generation.requests import (
    Finished,
    FinishReason,
    ModelSpec,
    Progress,
    Result,
)
from bot.generation.shelf import Shelf
from bot.generation.wire import (
    Beat,
    Begin,
    Cancel,
    Chunk,
    Command,
    Configure,
    Count,
    Counted,
    Draw,
    Ended,
    Event,
    Listen,
    Load,
    Loaded,
    Loading,
    Ping,
    Speak,
    Start,
    Unloaded,
    encodable,
    failure,
)
from bot.generation.wire_requests import made
from bot.words import T

__all__ = ["Dispatcher"]

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Run:
    """One request on its way through this process."""

    begin: Start
    reasoning: ReasoningFilter = field(default_factory=ReasoningFilter)
    backend: Backend | None = None
    is_cancelled: bool = False
    has_text: bool = False
    is_retry: bool = False


class Dispatcher:
    """Takes commands and answers with events, from several threads.

    One thread loads models and one counts tokens; the backends have their own.
    """

    def __init__(
        self,
        put: Callable[[Event], None],
        *,
        configure: Configure,
        backends: Mapping[str, BackendClass] = BACKENDS,
    ) -> None:
        self._put = put
        self._backends = backends
        self._models = {spec.name for spec in configure.models}
        self._rss = psutil.Process().memory_info
        self._shelf = Shelf(
            {spec.name: spec for spec in configure.models},
            memory_bytes=configure.memory_bytes,
            load=self._load,
            measure=lambda: int(self._rss().rss),
            on_change=self._on_change,
        )
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()
        self._loader = ThreadPoolExecutor(1, thread_name_prefix="loader")
        self._counter = ThreadPoolExecutor(1, thread_name_prefix="counter")

    def handle(self, command: Command) -> None:
        """Obey one command. Returns at once; what it leads to is put as events."""
        match command:
            case Begin() | Listen() | Speak() | Draw():
                self._begin(command)
            case Cancel():
                self._cancel(command.id)
            case Count():
                _submit(self._counter, self._count, command)
            case Load():
                _submit(self._loader, self._answer_load, command)
            case Ping():
                self._put(Beat(int(self._rss().rss)))
            case Configure():
                raise ValueError("configured twice")

    def close(self) -> None:
        """Free everything; requests that run or wait end as cancelled."""
        with self._lock:
            waiting = [run.begin.id for run in self._runs.values() if not run.backend]
        for request_id in waiting:
            self._cancel(request_id)
        self._loader.shutdown(wait=False, cancel_futures=True)
        self._counter.shutdown(wait=False, cancel_futures=True)
        self._shelf.close()

    def _begin(self, begin: Start) -> None:
        run = _Run(begin)
        with self._lock:
            self._runs[begin.id] = run
        backend = self._shelf.try_acquire(begin.model)
        if backend is not None:
            self._start(run, backend)
        else:
            _submit(self._loader, self._load_and_start, run)

    def _load_and_start(self, run: _Run) -> None:
        if run.is_cancelled:  # its end was sent when it was cancelled
            return
        try:
            backend = self._shelf.acquire(run.begin.model)
        except HearthbotError as error:
            self._end(run, error)
            return
        except Exception:
            logger.exception("a model could not be loaded", model=run.begin.model)
            self._end(run, _load_failure(run.begin.model))
            return
        self._start(run, backend)

    def _start(self, run: _Run, backend: Backend) -> None:
        with self._lock:
            run.backend = backend
            is_cancelled = run.is_cancelled
        if is_cancelled:
            self._shelf.release(run.begin.model)
            return
        begin = run.begin
        if backend.kind is not begin.kind:
            self._on_event(run, _wrong_kind(begin.model))
            return
        try:
            backend.start(
                begin.id,
                begin.payload,
                begin.params,
                lambda event: self._on_event(run, event),
            )
        except Exception:
            logger.exception("a backend could not start a request", model=begin.model)
            self._on_event(run, BackendError(T("The model could not answer this.")))

    def _cancel(self, request_id: str) -> None:
        with self._lock:
            run = self._runs.get(request_id)
            if run is None:
                return
            run.is_cancelled = True
            backend = run.backend
        if backend is not None:
            backend.cancel(request_id)
        else:
            self._end(run, Finished(FinishReason.CANCELLED, 0, 0))

    def _on_event(self, run: _Run, event: BackendEvent) -> None:
        """Take an event of a backend, from any thread."""
        if isinstance(event, str):
            self._show(run, run.reasoning.feed(event))
            return
        if isinstance(event, Result | Progress):
            self._put(made(run.begin.id, event))
            return
        if self._may_retry(run, event):
            _submit(self._loader, self._retry, run)
            return
        self._shelf.release(run.begin.model)
        if isinstance(event, Finished):
            self._show(run, run.reasoning.flush())
        self._end(run, event)

    def _may_retry(self, run: _Run, event: BackendEvent) -> bool:
        is_memory = isinstance(event, (OutOfMemoryError, MemoryError))
        return is_memory and not (run.is_retry or run.has_text or run.is_cancelled)

    def _retry(self, run: _Run) -> None:
        """Try once more what ran out of memory, after making room."""
        logger.warning("out of memory, trying once more", model=run.begin.model)
        with self._lock:
            run.is_retry = True
            run.backend = None
        self._shelf.release(run.begin.model)
        self._shelf.shrink(run.begin.model)
        self._load_and_start(run)

    def _show(self, run: _Run, text: str) -> None:
        if text:
            run.has_text = True
            self._put(Chunk(run.begin.id, encodable(text)))

    def _end(self, run: _Run, event: Finished | Exception) -> None:
        with self._lock:
            if self._runs.pop(run.begin.id, None) is None:
                return
        if isinstance(event, Finished):
            self._put(Ended(run.begin.id, event))
            return
        if not isinstance(event, HearthbotError):
            logger.error("a backend failed", model=run.begin.model, exc_info=event)
            event = BackendError(T("The model could not answer this."))
        self._put(failure(run.begin.id, event))

    def _count(self, count: Count) -> None:
        backend = self._shelf.try_acquire(count.model)
        if backend is None:
            _submit(self._loader, self._load_and_count, count)
        else:
            self._count_with(backend, count)

    def _load_and_count(self, count: Count) -> None:
        try:
            backend = self._shelf.acquire(count.model)
        except HearthbotError as error:
            self._put(failure(count.id, error))
        except Exception:
            logger.exception("a model could not be loaded", model=count.model)
            self._put(failure(count.id, _load_failure(count.model)))
        else:
            self._count_with(backend, count)

    def _count_with(self, backend: Backend, count: Count) -> None:
        try:
            counts = tuple(backend.count_tokens(count.texts))
        except HearthbotError as error:
            self._put(failure(count.id, error))
        except Exception:
            logger.exception("tokens could not be counted", model=count.model)
            unread = BackendError(T("The model could not read this."))
            self._put(failure(count.id, unread))
        else:
            self._put(Counted(count.id, counts))
        finally:
            self._shelf.release(count.model)

    def _answer_load(self, load: Load) -> None:
        self._load_and_count(Count(load.id, load.model, ()))

    def _load(self, spec: ModelSpec) -> Backend:
        self._put(Loading(spec.name))
        logger.info("loading a model", model=spec.name, backend=spec.backend)
        return self._backends[spec.backend]()(spec)

    def _on_change(self, name: str, spec: ModelSpec | None, memory_bytes: int) -> None:
        if spec is None:
            self._put(Unloaded(name))
        else:
            self._put(
                Loaded(name, memory_bytes, spec.max_parallel, spec.context_tokens)
            )


def _submit(
    executor: ThreadPoolExecutor, task: Callable[..., None], *arguments: object
) -> None:
    """Let a thread do something; a bug there must not stay silent."""
    try:
        executor.submit(task, *arguments).add_done_callback(_log_failure)
    except RuntimeError:
        logger.debug("shutting down, a task is dropped")


def _log_failure(future: Future[None]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        logger.error("a task of the worker failed", exc_info=error)


def _load_failure(name: str) -> BackendError:
    return BackendError(
        T("The model {name} could not be loaded; the log says why.", name=name)
    )


def _wrong_kind(name: str) -> BackendError:
    return BackendError(T("The model {name} is not made for that.", name=name))
