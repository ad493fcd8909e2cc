"""Models in memory, within a budget."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bot.errors import MissingError, OutOfMemoryError
from bot.generation.backend import Backend
from bot.generation.fake import FakeBackend
from bot.generation.requests import ModelSpec
from bot.generation.shelf import Shelf

MB = 1_000_000
WAIT_S = 10.0


@dataclass
class Loads:
    """Loads fakes and remembers it."""

    sizes: list[tuple[str, int, int]] = field(default_factory=list)
    changes: list[tuple[str, int | None]] = field(default_factory=list)

    def __call__(self, spec: ModelSpec) -> Backend:
        self.sizes.append((spec.name, spec.max_parallel, spec.context_tokens))
        return FakeBackend(spec)

    def note(self, name: str, spec: ModelSpec | None, memory_bytes: int) -> None:
        self.changes.append((name, None if spec is None else memory_bytes))


@pytest.fixture
def loads() -> Loads:
    return Loads()


@pytest.fixture
def make_shelf(
    loads: Loads, make_spec: Callable[..., ModelSpec]
) -> Callable[..., Shelf]:
    def make(memory_bytes: int | None = 100 * MB, **sizes_mb: int) -> Shelf:
        specs = {
            name: make_spec(name, memory_bytes=size * MB)
            for name, size in sizes_mb.items()
        }
        return Shelf(specs, memory_bytes=memory_bytes, load=loads, on_change=loads.note)

    return make


def test_acquire_unknown_is_missing(make_shelf: Callable[..., Shelf]) -> None:
    with pytest.raises(MissingError, match="no model called x"):
        make_shelf(a=1).acquire("x")


def test_acquire_too_large_says_how_much(make_shelf: Callable[..., Shelf]) -> None:
    with pytest.raises(OutOfMemoryError, match=r"needs 101 MB .* 100 MB are allowed"):
        make_shelf(a=101).acquire("a")


def test_acquire_missing_is_told(
    loads: Loads, make_spec: Callable[..., ModelSpec]
) -> None:
    shelf = Shelf(
        {"a": make_spec("a", missing=True)},
        memory_bytes=None,
        load=loads,
        on_change=loads.note,
    )
    with pytest.raises(MissingError, match="not here"):
        shelf.acquire("a")
    assert loads.changes == [("a", None)]


def test_acquire_out_of_memory_tries_smaller_once(
    loads: Loads, make_spec: Callable[..., ModelSpec]
) -> None:
    specs = {"a": make_spec("a"), "b": make_spec("b", fits_parallel=4)}
    shelf = Shelf(specs, memory_bytes=None, load=loads)
    shelf.acquire("a")
    shelf.release("a")
    shelf.acquire("b")
    assert loads.sizes == [("a", 16, 2048), ("b", 16, 2048), ("b", 4, 1024)]
    assert shelf.try_acquire("a") is None  # was put out to make room
    shelf.close()


def test_acquire_out_of_memory_twice_is_refused(
    loads: Loads, make_spec: Callable[..., ModelSpec]
) -> None:
    shelf = Shelf(
        {"a": make_spec("a", fits_parallel=1, max_parallel=16)},
        memory_bytes=None,
        load=loads,
    )
    with pytest.raises(OutOfMemoryError):
        shelf.acquire("a")
    assert len(loads.sizes) == 2


def test_acquire_memory_error_is_refused_in_words(
    make_spec: Callable[..., ModelSpec],
) -> None:
    def load(spec: ModelSpec) -> Backend:
        raise MemoryError

    shelf = Shelf({"a": make_spec("a")}, memory_bytes=None, load=load)
    with pytest.raises(OutOfMemoryError, match="a does not fit"):
        shelf.acquire("a")


def test_acquire_puts_out_the_least_recently_used(
    make_shelf: Callable[..., Shelf], loads: Loads
) -> None:
    shelf = make_shelf(a=40, b=40, c=40)
    for name in "aba":
        shelf.acquire(name)
        shelf.release(name)
    shelf.acquire("c")
    assert [name for name, *_ in loads.sizes] == ["a", "b", "c"]
    assert loads.changes[-2:] == [("b", None), ("c", 40 * MB)]
    assert shelf.try_acquire("a") is not None
    shelf.close()


def test_acquire_waits_for_a_busy_model(make_shelf: Callable[..., Shelf]) -> None:
    shelf = make_shelf(a=60, b=60)
    shelf.acquire("a")
    taken: list[Backend] = []
    thread = threading.Thread(target=lambda: taken.append(shelf.acquire("b")))
    thread.start()
    while not shelf.is_waiting:
        threading.Event().wait(0.001)
    assert shelf.try_acquire("a") is None, "who comes later stands behind"
    shelf.release("a")
    thread.join(WAIT_S)
    assert len(taken) == 1
    shelf.close()


def test_close_ends_who_waits(make_shelf: Callable[..., Shelf]) -> None:
    shelf = make_shelf(a=60, b=60)
    shelf.acquire("a")
    errors: list[MissingError] = []

    def acquire() -> None:
        try:
            shelf.acquire("b")
        except MissingError as error:
            errors.append(error)

    thread = threading.Thread(target=acquire)
    thread.start()
    while not shelf.is_waiting:
        threading.Event().wait(0.001)
    shelf.close()
    thread.join(WAIT_S)
    assert len(errors) == 1


def test_shrink_loads_smaller_the_next_time(
    make_shelf: Callable[..., Shelf], loads: Loads
) -> None:
    shelf = make_shelf(a=1)
    shelf.acquire("a")
    shelf.shrink("a")
    assert shelf.try_acquire("a") is not None, "while in use it stays"
    shelf.release("a")
    shelf.release("a")
    shelf.shrink("unknown")
    shelf.acquire("a")
    assert loads.sizes == [("a", 16, 2048), ("a", 4, 1024)]
    shelf.close()
