"""Reading what is written in a picture, so that it can be judged as a text."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from typing_extensions import override

from bot.clock import Clock
from bot.safety.pictures.picture import Frame, Picture

__all__ = ["LineEngine", "LineReader", "PictureReader", "Place"]

MIN_SCORE = 0.6
"""How sure a line must be read, 0 to 1."""


class PictureReader(ABC):
    """Reads text. Calls may overlap; none blocks the event loop."""

    @abstractmethod
    async def read(self, picture: Picture) -> str:
        """Return the lines that stand in the frames; "" where there are none.

        Raises:
            HearthbotError: the reader is not there or could not read.
        """


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line of text stands in a frame: its corners, in pixels.

    Attributes:
        corners: x and y of the line's upper left, upper right, lower right, lower left.
    """

    corners: tuple[tuple[float, float], ...]

    @property
    def top(self) -> float:
        """The y of the highest corner."""
        return min(y for _, y in self.corners)

    @property
    def left(self) -> float:
        """The x of the leftmost corner."""
        return min(x for x, _ in self.corners)

    @property
    def height(self) -> float:
        """From the highest corner to the lowest, about as large as the letters."""
        return max(y for _, y in self.corners) - self.top


class LineEngine(ABC):
    """Finds lines of text and reads one. Blocks; called from one thread."""

    @abstractmethod
    def find(self, frame: Frame) -> list[Place]:
        """Return where lines of text stand."""

    @abstractmethod
    def read(self, frame: Frame, place: Place) -> tuple[str, float]:
        """Return a line, and how sure that is, 0 to 1."""


class LineReader(PictureReader):
    """Reads the largest lines first, for at most so long, in a thread of its own.

    What does not fit into the time is not read: a page full of small print takes longer
    than anybody waits. `close` ends the thread.

    Args:
        load: returns the engine; called at the first picture, again if it failed.
        time_limit_s: for one picture, begun with the first frame.
        max_frames: how many frames of an animated picture are read.
    """

    def __init__(
        self,
        load: Callable[[], LineEngine],
        *,
        clock: Clock,
        time_limit_s: float = 1.5,
        max_frames: int = 2,
    ) -> None:
        self._load = load
        self._clock = clock
        self._time_limit_s = time_limit_s
        self._max_frames = max_frames
        self._engine: LineEngine | None = None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="reader")

    @override
    async def read(self, picture: Picture) -> str:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._read, picture)

    def close(self) -> None:
        """Let the thread go; what it reads is read to its end."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _read(self, picture: Picture) -> str:
        if self._engine is None:
            self._engine = self._load()
        deadline = self._clock.monotonic() + self._time_limit_s
        lines: dict[str, None] = {}  # each once: frames often say the same
        for frame in picture.frames[: self._max_frames]:
            if self._clock.monotonic() >= deadline:
                break
            lines |= dict.fromkeys(self._lines(self._engine, frame, deadline))
        return "\n".join(lines)

    def _lines(self, engine: LineEngine, frame: Frame, deadline: float) -> list[str]:
        """Return the lines of a frame from top to bottom."""
        found: list[tuple[Place, str]] = []
        for place in sorted(engine.find(frame), key=lambda p: p.height, reverse=True):
            if self._clock.monotonic() >= deadline:
                break
            text, score = engine.read(frame, place)
            if text.strip() and score >= MIN_SCORE:
                found.append((place, text.strip()))
        found.sort(key=lambda pair: (pair[0].top, pair[0].left))
        return [text for _, text in found]
