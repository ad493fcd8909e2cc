"""Tells people once about what only they can mend."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from bot.clock import Clock
from bot.generation.status import EngineStatus
from bot.generation.supervisor import WorkerState
from bot.store.copies import newest_copy_utc
from bot.words import T, Text

__all__ = ["Concern", "Watch", "disk_concern", "model_concern", "overdue_concern"]

logger = structlog.get_logger(__name__)

EVERY_S = 60.0
WELL_S = 600.0
"""So long all must be well again before the same is told anew."""
MODEL_S = 300.0
LOW_BYTES = 500_000_000
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to look after.

    Attributes:
        name: for the log.
        look: says what is wrong now; None: nothing.
        patience_s: how long it must be wrong before anybody is told.
    """

    name: str
    look: Callable[[], Awaitable[Text | None]]
    patience_s: float = 0.0


@dataclass(slots=True)
class _State:
    wrong_since_s: float | None = None
    well_since_s: float | None = None
    is_told: bool = False


class Watch:
    """Looks at each concern every minute while it is open.

    `tell` returns whether somebody was reached; where nobody was, it is tried again.
    What was told is not told again until it has been well for ten minutes.
    """

    def __init__(
        self,
        concerns: Sequence[Concern],
        tell: Callable[[Text], Awaitable[bool]],
        *,
        clock: Clock,
    ) -> None:
        self._concerns = [(concern, _State()) for concern in concerns]
        self._tell = tell
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Watch":
        self._task = asyncio.create_task(self._run(), name="watch")
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """Look once at everything, and tell what is to be told."""
        for concern, state in self._concerns:
            try:
                wrong = await concern.look()
            except OSError as error:
                logger.warning("cannot look", at=concern.name, reason=str(error))
                continue
            if wrong is None:
                self._note_well(state)
            else:
                await self._note_wrong(concern, state, wrong)

    def _note_well(self, state: _State) -> None:
        now_s = self._clock.monotonic()
        state.wrong_since_s = None
        if state.well_since_s is None:
            state.well_since_s = now_s
        if now_s - state.well_since_s >= WELL_S:
            state.is_told = False

    async def _note_wrong(self, concern: Concern, state: _State, wrong: Text) -> None:
        now_s = self._clock.monotonic()
        state.well_since_s = None
        if state.wrong_since_s is None:
            state.wrong_since_s = now_s
        if not state.is_told and now_s - state.wrong_since_s >= concern.patience_s:
            logger.warning("needs a person", about=concern.name, reason=str(wrong))
            state.is_told = await self._tell(wrong)

    async def _run(self) -> None:
        while True:
            await self.look()
            await self._clock.sleep(EVERY_S)


def disk_concern(
    folder: Path,
    *,
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
) -> Concern:
    """Look after the room for the database."""

    async def look() -> Text | None:
        free = await asyncio.to_thread(free_bytes, folder)
        if free >= LOW_BYTES:
            return None
        return T(
            "The disk with my database is nearly full: {free} MB are left. When it is "
            "full, I can neither remember nor post anything. Whoever runs me should "
            "make room on it.",
            free=free // MB,
        )

    return Concern("disk", look)


def model_concern(status: Callable[[], EngineStatus]) -> Concern:
    """Look after what runs the models."""

    async def look() -> Text | None:
        if status().worker is WorkerState.READY:
            return None
        return T(
            "My model has not worked for some minutes, and I cannot answer anybody. "
            "Whoever runs me finds the reason in the log; hearthbot doctor helps too."
        )

    return Concern("model", look, patience_s=MODEL_S)


def overdue_concern(folder: Path, *, max_hours: int, clock: Clock) -> Concern:
    """Look after the copies of the database in a folder; 0 hours: do not."""

    async def look() -> Text | None:
        if not max_hours:
            return None
        newest_utc = await asyncio.to_thread(newest_copy_utc, folder)
        if newest_utc is None:
            return T(
                "There is no backup of my database in {folder}. Whoever runs me should "
                "see to it that hearthbot backup runs and succeeds.",
                folder=folder,
            )
        age = clock.now_utc() - newest_utc
        if age <= timedelta(hours=max_hours):
            return None
        return T(
            "The newest backup of my database is {hours} hours old. Whoever runs me "
            "should see to it that hearthbot backup runs and succeeds.",
            hours=int(age / timedelta(hours=1)),
        )

    return Concern("backup", look)
