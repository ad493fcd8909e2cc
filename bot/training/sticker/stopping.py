"""When a training should stop early: its time is over, or it was asked to."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["stop_asked"]


@contextmanager
def stop_asked(
    hours: float | None, *, seconds: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[], bool]]:
    """Give what says whether to stop: by SIGTERM, or when so many hours are over.

    The step that goes on is finished first, so that a checkpoint can be written. Use it
    in the main thread.
    """
    began, asked = seconds(), False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    before = signal.signal(signal.SIGTERM, ask)
    try:
        yield lambda: asked or (hours is not None and seconds() - began > hours * 3600)
    finally:
        signal.signal(signal.SIGTERM, before)
