"""What every backend that draws has to do, on every one of them.

A new backend is a row in CASES.
"""

import io
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from PIL import Image

from bot.errors import BackendError
from bot.generation.backend import Backend, BackendEvent
from bot.generation.backends import BACKENDS
from bot.generation.requests import (
    Drawing,
    Finished,
    FinishReason,
    ImageParams,
    ImagePayload,
    Kind,
    ModelSpec,
    Progress,
)

WAIT_S = 60.0
SCENE = "a red lighthouse on a rock, evening light"
QUICK = ImageParams(width=64, height=64, steps=3, seed=7)
LONG = ImageParams(width=64, height=64, steps=500, seed=7)
PROMPTS = {
    "empty": "",
    "long": "word " * 2000,
    "emoji": "🔥🦊👩‍👩‍👧‍👦" * 20,
    "chinese": "厦门的海边,黄昏",
    "arabic": "منارة على صخرة",
    "lone surrogate": "a \ud800 fox",
    "control": "a\x00b\x1b[31m",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A backend, and the family of the tiny pipeline that it loads."""

    backend: str
    family: str = ""

    @property
    def id(self) -> str:
        return f"{self.backend} {self.family}".strip()

    def location(self, request: pytest.FixtureRequest) -> str:
        if not self.family:
            return ""
        return str(request.getfixturevalue("build_pipeline")(self.family))


CASES = (
    Case("fake-image"),
    Case("diffusers", "sd"),
    Case("diffusers", "flux"),
)


@dataclass(slots=True)
class Seen:
    """The events of one request."""

    events: "queue.SimpleQueue[BackendEvent]" = field(default_factory=queue.SimpleQueue)
    steps: list[Progress] = field(default_factory=list)

    def next(self) -> BackendEvent:
        """Wait for what comes besides progress."""
        while isinstance(event := self.events.get(timeout=WAIT_S), Progress):
            self.steps.append(event)
        return event

    def end(self) -> BackendEvent:
        """Wait for the last event."""
        event = self.next()
        assert self.events.empty(), "something came after the last event"
        return event

    def drawing(self) -> Drawing:
        """Wait for the picture, and the good end after it."""
        drawing = self.next()
        assert isinstance(drawing, Drawing), drawing
        end = self.end()
        assert isinstance(end, Finished)
        assert end.reason is FinishReason.STOP
        return drawing

    def assert_cancelled(self) -> None:
        end = self.end()
        assert isinstance(end, Finished), end
        assert end.reason is FinishReason.CANCELLED


class Driver:
    """Drives a backend as a worker does."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._numbers = iter(range(1000))

    def begin(
        self,
        prompt: str = SCENE,
        params: ImageParams = QUICK,
        *,
        start: bytes | None = None,
        id: str | None = None,
    ) -> Seen:
        """Ask for a picture."""
        seen = Seen()
        payload = ImagePayload(prompt, start=start)
        id = id or f"r{next(self._numbers)}"
        self.backend.start(id, payload, params, seen.events.put)
        return seen


def opened(name: str, location: str = "", **options: str | float) -> Driver:
    spec = ModelSpec("m", name, location, options=tuple(options.items()))
    return Driver(BACKENDS[name]()(spec))


@pytest.fixture(
    scope="module", params=[pytest.param(case, id=case.id) for case in CASES]
)
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    case: Case = request.param
    driver = opened(case.backend, case.location(request))
    yield driver
    driver.backend.close()


def pixels(drawing: Drawing) -> Any:
    picture = Image.open(io.BytesIO(drawing.png))
    picture.load()
    assert picture.format == "PNG"
    assert picture.size == (drawing.width_px, drawing.height_px)
    return picture


def test_every_backend_that_draws_has_a_row() -> None:
    drawing = {name for name, cls in BACKENDS.items() if cls().kind is Kind.IMAGE}
    assert {case.backend for case in CASES} == drawing


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_any_prompt_ends_in_a_picture_or_kind_words(
    driver: Driver, prompt: str
) -> None:
    seen = driver.begin(prompt)
    first = seen.next()
    assert isinstance(first, Drawing | BackendError), first
    if isinstance(first, Drawing):
        pixels(first)
        assert isinstance(seen.end(), Finished)
    driver.begin().drawing()


def test_start_that_is_no_picture_reaches_only_that_request(driver: Driver) -> None:
    broken, good = driver.begin(start=b"no picture"), driver.begin()
    first = broken.next()
    assert isinstance(first, BackendError), first
    good.drawing()


def test_same_seed_draws_the_same_bytes_and_another_another(driver: Driver) -> None:
    one, same, other = (
        driver.begin(params=ImageParams(64, 64, 3, seed=seed)).drawing()
        for seed in (7, 7, 8)
    )
    assert one == same
    assert one.png != other.png


def test_picture_may_begin_from_another(driver: Driver) -> None:
    start = driver.begin().drawing()
    plain = driver.begin("a blue house").drawing()
    again = driver.begin("a blue house", start=start.png).drawing()
    assert pixels(again).size == pixels(start).size
    assert again.png != plain.png


def test_model_has_defaults_of_its_own(driver: Driver) -> None:
    drawing = driver.begin(params=ImageParams(steps=2)).drawing()
    assert drawing.width_px >= 64
    pixels(drawing)


def test_progress_goes_up_to_the_last_step(driver: Driver) -> None:
    seen = driver.begin()
    seen.drawing()
    steps = [one.step for one in seen.steps]
    assert steps == sorted(set(steps))
    assert steps[-1] == 3
    assert {one.num_steps for one in seen.steps} == {3}
    for one in seen.steps:
        if one.preview_png:
            Image.open(io.BytesIO(one.preview_png)).verify()


def test_cancelled_in_the_queue_ends_at_once_and_others_go_on(driver: Driver) -> None:
    running = driver.begin(id="running")
    waiting = driver.begin(id="waiting")
    last = driver.begin()
    driver.backend.cancel("waiting")
    driver.backend.cancel("nobody")
    waiting.assert_cancelled()
    running.drawing()
    last.drawing()


def test_it_counts_no_tokens(driver: Driver) -> None:
    assert driver.backend.count_tokens([]) == []
    with pytest.raises(BackendError):
        driver.backend.count_tokens(["hello"])


def slow(case: Case, request: pytest.FixtureRequest) -> Driver:
    return opened(case.backend, case.location(request), delay_s=0.01)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_cancelled_between_steps_nothing_is_drawn(
    case: Case, request: pytest.FixtureRequest
) -> None:
    driver = slow(case, request)
    seen = driver.begin(params=LONG, id="long")
    first = seen.events.get(timeout=WAIT_S)
    assert isinstance(first, Progress)
    driver.backend.cancel("long")
    seen.assert_cancelled()
    assert len(seen.steps) < 100
    driver.begin().drawing()
    driver.backend.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_closed_backend_ends_what_runs_and_waits_as_cancelled(
    case: Case, request: pytest.FixtureRequest
) -> None:
    driver = slow(case, request)
    seen = [driver.begin(params=LONG) for _ in range(3)]
    driver.backend.close()
    for one in seen:
        one.assert_cancelled()
    assert threading.active_count() < 100
