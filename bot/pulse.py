"""How the bot was doing in the last minutes, measured every few seconds."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile
from typing import Self

from bot.clock import Clock
from bot.generation.requests import Kind
from bot.generation.status import EngineStatus
from bot.health import LoopLag
from bot.metrics import Metrics

__all__ = ["Beat", "Pulse"]

INTERVAL_S = 2.0
KEPT = 300  # beats: ten minutes


@dataclass(frozen=True, slots=True)
class Beat:
    """One measurement.

    Attributes:
        number: 1 for the first of this start of the bot, and so on.
        waited_s: how long the answers that began since the last beat had waited, in
            the mean; 0 where none began.
        lag_ms: how late the event loop was at worst since the last beat.
    """

    number: int
    at_utc: datetime
    tokens_per_s: float
    running: int
    waiting: int
    waited_s: float
    lag_ms: float


class Pulse:
    """Measures while it is entered, and keeps the last ten minutes."""

    def __init__(
        self,
        engine: Callable[[], EngineStatus],
        lag: LoopLag,
        metrics: Metrics,
        *,
        clock: Clock,
        interval_s: float = INTERVAL_S,
    ) -> None:
        self._engine = engine
        self._lag = lag
        self._metrics = metrics
        self._clock = clock
        self._interval_s = interval_s
        self._beats: deque[Beat] = deque(maxlen=KEPT)
        self._waited = metrics.waiting_s[Kind.TEXT].total
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.beat()
        self._task = asyncio.create_task(self._go_on(), name="pulse")
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def num_beats(self) -> int:
        """The number of the last beat; 0 before the first."""
        return self._beats[-1].number if self._beats else 0

    def since(self, number: int) -> tuple[Beat, ...]:
        """Return the beats after a number, oldest first."""
        return tuple(dropwhile(lambda beat: beat.number <= number, self._beats))

    def beat(self) -> Beat:
        """Measure once, now."""
        status = self._engine()
        before, self._waited = self._waited, self._metrics.waiting_s[Kind.TEXT].total
        begun = self._waited[0] - before[0]
        beat = Beat(
            number=self.num_beats + 1,
            at_utc=self._clock.now_utc(),
            tokens_per_s=round(status.tokens_per_s, 1),
            running=status.running,
            waiting=status.waiting,
            waited_s=round((self._waited[1] - before[1]) / begun, 3) if begun else 0.0,
            lag_ms=round(self._lag.lately_ms(self._interval_s), 1),
        )
        self._beats.append(beat)
        return beat

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(self._interval_s)
            self.beat()
