"""The models that are loaded, within a budget of memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.errors import MissingError, OutOfMemoryError
from bot.generation.backend import Backend
from bot.generation.refusals import unknown_model
from bot.generation.requests import ModelSpec
from bot.words import T

__all__ = ["Shelf"]

MIN_CONTEXT_TOKENS = 512
"""A model is not made smaller than this."""


@dataclass(slots=True)
class _Loaded:
    backend: Backend
    spec: ModelSpec
    memory_bytes: int
    num_users: int = 0


class Shelf:
    """Loads models when they are first needed and puts idle ones out for others.

    The least recently used idle one goes first. A model that runs out of memory while
    it loads is tried once more, smaller, when all the idle ones have gone. `acquire`
    is for one thread; the other methods are for any.

    Args:
        specs: all models, by name.
        memory_bytes: what they may take together; None: no limit.
        load: makes a backend of a spec; raises MissingError, OutOfMemoryError.
        measure: how much memory this process takes now, in bytes.
        on_change: told (model, spec, memory_bytes) after a model was loaded, and
            (model, None, 0) after one was put out or could not be loaded.
    """

    def __init__(
        self,
        specs: Mapping[str, ModelSpec],
        *,
        memory_bytes: int | None,
        load: Callable[[ModelSpec], Backend],
        measure: Callable[[], int] = lambda: 0,
        on_change: Callable[[str, ModelSpec | None, int], None] = lambda *_: None,
    ) -> None:
        self._specs = dict(specs)
        self._memory_bytes = memory_bytes
        self._load = load
        self._measure = measure
        self._on_change = on_change
        self._loaded: OrderedDict[str, _Loaded] = OrderedDict()  # least recent first
        self._changed = threading.Condition()
        self._is_closing = False
        self.is_waiting = False  # for a busy model to become idle and make room

    def try_acquire(self, name: str) -> Backend | None:
        """Return a loaded model, counted as used; None if it has to be loaded.

        Also None while another model waits for room: who comes later stands behind.
        """
        with self._changed:
            return None if self.is_waiting else self._take(name)

    def acquire(self, name: str) -> Backend:
        """Return a model, counted as used; blocks while it is loaded.

        Raises:
            MissingError: there is no such model, it is not on this machine, or the
                shelf was closed meanwhile.
            OutOfMemoryError: it does not fit, even alone and smaller.
        """
        with self._changed:
            backend = self._take(name)
        if backend is not None:
            return backend
        spec = self._specs.get(name)
        if spec is None:
            raise unknown_model(name)
        self._make_room(spec)
        started_bytes = self._measure()
        try:
            backend, spec = self._load_or_shrink(spec)
        except BaseException:
            self._on_change(name, None, 0)
            raise
        taken = spec.memory_bytes or max(0, self._measure() - started_bytes)
        with self._changed:
            is_closing = self._is_closing
            if not is_closing:
                self._loaded[name] = _Loaded(backend, spec, taken, num_users=1)
        if is_closing:
            backend.close()
            raise _put_away()
        self._on_change(name, spec, taken)
        return backend

    def release(self, name: str) -> None:
        """Say that one user of a model is done."""
        with self._changed:
            loaded = self._loaded.get(name)
            if loaded is not None:
                loaded.num_users -= 1
            self._changed.notify_all()

    def shrink(self, name: str) -> None:
        """Put out all models that nobody uses, and load this one smaller from now on.

        While it is in use it stays as it is.
        """
        with self._changed:
            if name in self._specs:
                self._specs[name] = _smaller(self._specs[name])
        self.close_idle()

    def close_idle(self) -> None:
        """Put out all models that nobody uses."""
        for name in self._names():
            self._close_if_idle(name)

    def close(self) -> None:
        """Put out all models; their requests end as cancelled."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
            loaded, self._loaded = self._loaded, OrderedDict()
        for entry in loaded.values():
            entry.backend.close()

    def _take(self, name: str) -> Backend | None:
        loaded = self._loaded.get(name)
        if loaded is None:
            return None
        loaded.num_users += 1
        self._loaded.move_to_end(name)
        return loaded.backend

    def _names(self) -> list[str]:
        with self._changed:
            return list(self._loaded)

    def _make_room(self, spec: ModelSpec) -> None:
        budget = self._memory_bytes
        if budget is None:
            return
        if spec.memory_bytes > budget:
            raise _does_not_fit(spec, budget)
        while self._used_bytes() + spec.memory_bytes > budget:
            if not any(self._close_if_idle(name) for name in self._names()):
                self._wait_for_idle()

    def _wait_for_idle(self) -> None:
        with self._changed:
            self.is_waiting = True
            self._changed.wait_for(
                lambda: (
                    self._is_closing
                    or any(entry.num_users == 0 for entry in self._loaded.values())
                )
            )
            self.is_waiting = False
            if self._is_closing:
                raise _put_away()

    def _used_bytes(self) -> int:
        with self._changed:
            return sum(entry.memory_bytes for entry in self._loaded.values())

    def _close_if_idle(self, name: str) -> bool:
        with self._changed:
            loaded = self._loaded.get(name)
            if loaded is None or loaded.num_users:
                return False
            del self._loaded[name]
        loaded.backend.close()
        self._on_change(name, None, 0)
        return True

    def _load_or_shrink(self, spec: ModelSpec) -> tuple[Backend, ModelSpec]:
        try:
            return self._load(spec), spec
        except (OutOfMemoryError, MemoryError):
            self.close_idle()
        smaller = _smaller(spec)
        try:
            return self._load(smaller), smaller
        except MemoryError as error:
            raise _does_not_fit(spec, self._memory_bytes) from error


def _smaller(spec: ModelSpec) -> ModelSpec:
    context_tokens = min(
        spec.context_tokens, max(spec.context_tokens // 2, MIN_CONTEXT_TOKENS)
    )
    return replace(
        spec,
        max_parallel=max(1, spec.max_parallel // 4),
        context_tokens=context_tokens,
    )


def _put_away() -> MissingError:
    return MissingError(T("The models are being put away."))


def _does_not_fit(spec: ModelSpec, budget: int | None) -> OutOfMemoryError:
    if not spec.memory_bytes or budget is None:
        return OutOfMemoryError(
            T("The model {name} does not fit into memory.", name=spec.name)
        )
    return OutOfMemoryError(
        T(
            "The model {name} needs {need} MB of memory and {budget} MB are allowed. "
            "Choose a smaller one: `hearthbot models recommend`.",
            name=spec.name,
            need=round(spec.memory_bytes / 1e6),
            budget=round(budget / 1e6),
        )
    )
