"""Text-to-image models through diffusers: whatever pipeline it can load.

Requests that wait and are drawn alike (size, steps, guidance) are joined into one call
of up to `max_parallel`. It takes these options of a ModelSpec:

    device    auto, cpu or cuda
    offload   true: it comes to the GPU part by part
    dtype     float32, float16 or bfloat16 (16 bits on CUDA, else float32)
    upscale   the longer side in pixels that smaller pictures are brought to (0: none)

Each picture has a seed of its own. Drawn alone, the same seed gives the same bytes on
the same machine; in a batch, other sums are rounded, and a picture may differ from the
one drawn alone by a few shades that nobody sees.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from PIL import Image
from typing_extensions import override

from bot.errors import GenerationError, MissingError
from bot.generation.backend import Backend, OnEvent
from bot.generation.diffusers_drawing import drawing_of, preview_png
from bot.generation.diffusers_plan import Plan, plan_picture
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
from bot.words import T

try:
    from bot.generation.diffusers_failure import Failure
    from bot.generation.diffusers_load import release_memory
    from bot.generation.diffusers_model import PictureModel
except ImportError as error:
    raise MissingError(
        T("diffusers is not installed: `pip install 'hearthbot[pictures]'`.")
    ) from error

__all__ = ["DiffusersBackend"]

logger = structlog.get_logger(__name__)

NUM_PREVIEWS = 4
PREVIEW_SHARE = 0.1
"""How much of the time previews may take …"""
CHEAP_S = 0.01
MAX_SLOW = 3
"""… and how often in a row they may take more before there are none."""


class _StoppedError(Exception):
    """Everybody who wanted the pictures has left."""


@dataclass(eq=False, slots=True)
class _Job:
    id: str
    plan: Plan
    on_event: OnEvent
    is_cancelled: threading.Event = field(default_factory=threading.Event)
    is_over: bool = False
    step: int = 0

    def end(self, outcome: Drawing | Exception | None) -> None:
        """Send the last events; None: it was cancelled."""
        if self.is_over:
            return
        self.is_over = True
        if isinstance(outcome, Exception):
            self.on_event(outcome)
            return
        if outcome is not None:
            self.on_event(outcome)
        reason = FinishReason.CANCELLED if outcome is None else FinishReason.STOP
        self.on_event(Finished(reason, 0, 0, self.plan.seed))

    def tell(self, step: int, num_steps: int, preview: Image.Image | None) -> None:
        """Say how far it is; what was said before is not said again."""
        if step > self.step:
            self.step = step
            png = b"" if preview is None else preview_png(preview)
            self.on_event(Progress(step, num_steps, png))


class DiffusersBackend(Backend[ImagePayload, ImageParams]):
    """Draws in one thread, a batch at a time."""

    kind = Kind.IMAGE
    can_stream = False

    def __init__(self, spec: ModelSpec) -> None:
        self.model = PictureModel(spec)
        self._max_batch = max(1, spec.max_parallel)
        self._upscale_px = int(dict(spec.options).get("upscale", 0))
        self._most_px: int | None = None  # at once, since more did not fit
        self._slow_previews = 0  # in a row
        self._waiting: deque[_Job] = deque()
        self._running: Sequence[_Job] = ()
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._loop, name="pictures", daemon=True)
        self._thread.start()

    @override
    def start(
        self,
        request_id: str,
        payload: ImagePayload,
        params: ImageParams,
        on_event: OnEvent,
    ) -> None:
        try:
            plan = plan_picture(payload, params, self.model.abilities)
        except GenerationError as error:
            on_event(error)
            return
        with self._changed:
            self._waiting.append(_Job(request_id, plan, on_event))
            self._changed.notify()

    @override
    def cancel(self, request_id: str) -> None:
        with self._changed:
            for job in self._running:
                if job.id == request_id:
                    job.is_cancelled.set()
            cancelled = [job for job in self._waiting if job.id == request_id]
            for job in cancelled:
                self._waiting.remove(job)
        for job in cancelled:
            job.end(None)

    @override
    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            jobs, self._waiting = list(self._waiting), deque()
            for job in self._running:
                job.is_cancelled.set()
            self._changed.notify()
        for job in jobs:
            job.end(None)
        self._thread.join()
        self.model.close()

    def _loop(self) -> None:
        while batch := self._next_batch():
            self._draw(batch)

    def _next_batch(self) -> Sequence[_Job]:
        """Wait for requests, and return those that are drawn together; none: closed."""
        with self._changed:
            self._running = ()
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            if self._is_closed:
                return ()
            shape = self._waiting[0].plan.shape
            alike = [job for job in self._waiting if job.plan.shape == shape]
            batch = alike[: self._room(shape.width_px * shape.height_px)]
            for job in batch:
                self._waiting.remove(job)
            self._running = batch
        return batch

    def _room(self, picture_px: int) -> int:
        """Return how many such pictures may be drawn at once."""
        if self._most_px is None:
            return self._max_batch
        return max(1, min(self._max_batch, self._most_px // picture_px))

    def _draw(self, batch: Sequence[_Job]) -> None:
        """Draw for those who still want it; end each of them."""
        jobs = self._left(batch)
        if not jobs:
            return
        try:
            drawings = self._drawings(jobs)
        except _StoppedError:
            return
        except Exception as error:  # of these requests; the next may go well
            failure = Failure.of(error)
        else:
            for job, drawing in zip(jobs, drawings, strict=True):
                job.end(None if job.is_cancelled.is_set() else drawing)
            return
        self._recover(jobs, failure)  # here nothing holds what could not be drawn

    def _drawings(self, jobs: Sequence[_Job]) -> list[Drawing]:
        begun_s = time.perf_counter()

        def on_step(step: int, num_steps: int, latents: Any) -> None:
            self._left(self._running)
            if all(job.is_over for job in jobs):
                raise _StoppedError
            previews = self._previews(step, num_steps, latents, begun_s)
            for number, job in enumerate(jobs):
                if not job.is_over:
                    job.tell(step, num_steps, previews[number] if previews else None)

        pictures = self.model.draw([job.plan for job in jobs], on_step)
        return [drawing_of(picture, self._upscale_px) for picture in pictures]

    def _previews(
        self, step: int, num_steps: int, latents: Any, begun_s: float
    ) -> Sequence[Image.Image]:
        """Return how the pictures look so far, now and then and where it is cheap."""
        every = max(1, num_steps // (NUM_PREVIEWS + 1))
        if self._slow_previews >= MAX_SLOW or step % every or step == num_steps:
            return ()
        before_s = time.perf_counter()
        previews = self.model.previews(latents)
        took_s = time.perf_counter() - before_s
        between_s = (before_s - begun_s) / step * every
        is_slow = took_s > max(between_s * PREVIEW_SHARE, CHEAP_S)
        self._slow_previews = self._slow_previews + 1 if is_slow else 0
        return previews

    def _left(self, jobs: Sequence[_Job]) -> Sequence[_Job]:
        """End what was cancelled, and return what was not."""
        for job in jobs:
            if job.is_cancelled.is_set():
                job.end(None)
        return [job for job in jobs if not job.is_over]

    def _recover(self, jobs: Sequence[_Job], failure: Failure) -> None:
        """Try again with less at once, or say what is wrong."""
        logger.warning("not drawn", pictures=len(jobs), reason=failure.reason)
        if failure.is_fault:  # nothing works in this process; the bot starts another
            os._exit(1)
        if failure.is_memory:
            shape = jobs[0].plan.shape
            self._most_px = len(jobs) // 2 * shape.width_px * shape.height_px
            release_memory()
        if len(jobs) > 1:
            size = len(jobs) // 2 if failure.is_memory else 1
            for begin in range(0, len(jobs), size):
                self._draw(jobs[begin : begin + size])
        elif failure.is_memory and self.model.spare():
            self._draw(jobs)
        else:
            jobs[0].end(failure.told)
