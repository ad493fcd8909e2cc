"""How long pictures take: the backend alone, without queue and filters."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psutil

from bot.generation.backend import Backend, BackendEvent
from bot.generation.backends import BACKENDS
from bot.generation.requests import (
    Drawing,
    Finished,
    ImageParams,
    ImagePayload,
    ModelSpec,
    Progress,
)

__all__ = ["ImageFigures", "bench_image"]

PROMPT = "a lighthouse on a rock in the evening light"
TIMEOUT_S = 3600.0
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImageFigures:
    """What was measured of one size with one number of steps.

    Attributes:
        alone_s: seconds a picture, asked for one after another.
        together_s: the same, asked for at once.
        gain: pictures in the same time when asked for at once, by those alone.
        memory_mib: of this process right after it, not of a graphics card.
    """

    width_px: int
    height_px: int
    num_steps: int
    batch: int
    alone_s: float
    together_s: float
    gain: float
    memory_mib: float


@dataclass(slots=True)
class _Picture:
    drawing: Drawing | None = None
    num_steps: int = 0
    error: Exception | None = None
    is_over: threading.Event = field(default_factory=threading.Event)

    def take(self, event: BackendEvent) -> None:
        if isinstance(event, Drawing):
            self.drawing = event
        elif isinstance(event, Progress):
            self.num_steps = event.num_steps
        elif isinstance(event, Finished | Exception):
            self.error = event if isinstance(event, Exception) else None
            self.is_over.set()


def bench_image(
    spec: ModelSpec,
    *,
    sizes: Sequence[int],
    steps: Sequence[int],
    batch: int,
    progress: Callable[[int, int], None],
) -> list[ImageFigures]:
    """Draw every size with every number of steps; 0 is as the model likes.

    Blocks: call it from a thread.

    Raises:
        MissingError: the model is not here.
        GenerationError: a picture could not be drawn.
    """
    backend: Backend = BACKENDS[spec.backend]()(spec)
    try:
        _draw(backend, ImageParams(steps=1), 1)  # warm up
        asked = [(size, num_steps) for size in sizes for num_steps in steps]
        found = []
        for number, (size, num_steps) in enumerate(asked, 1):
            params = ImageParams(size, size, num_steps)
            found.append(_measured(backend, params, batch))
            progress(number, len(asked))
        return found
    finally:
        backend.close()


def _measured(backend: Backend, params: ImageParams, batch: int) -> ImageFigures:
    begun_s = time.perf_counter()
    pictures = [_draw(backend, params, 1)[0] for _ in range(batch)]
    alone_s = (time.perf_counter() - begun_s) / batch
    begun_s = time.perf_counter()
    _draw(backend, params, batch)
    together_s = (time.perf_counter() - begun_s) / batch
    drawing = pictures[0].drawing
    if drawing is None:
        raise RuntimeError("the backend ended well, and drew nothing")
    return ImageFigures(
        drawing.width_px,
        drawing.height_px,
        pictures[0].num_steps,
        batch,
        alone_s,
        together_s,
        alone_s / together_s,
        psutil.Process().memory_info().rss / MIB,
    )


def _draw(backend: Backend, params: ImageParams, number: int) -> list[_Picture]:
    """Ask for so many pictures at once, and wait for all."""
    pictures = [_Picture() for _ in range(number)]
    for seed, picture in enumerate(pictures):
        payload = ImagePayload(PROMPT)
        backend.start(f"bench-{seed}", payload, params, picture.take)
    for picture in pictures:
        if not picture.is_over.wait(TIMEOUT_S):
            raise TimeoutError("the backend drew nothing")
        if picture.error is not None:
            raise picture.error
    return pictures
