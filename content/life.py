"""The loop that begins the runs of schedules when their time has come."""

import asyncio
from collections.abc import Coroutine, Sequence

import structlog

from bot.clock import Clock
from bot.store.runs import RunState, ScheduleRun
from bot.tasks import Tasks
from bot.waiting import is_set_within
from content.aftermath import Aftermath
from content.calendar import Calendar
from content.missed import Missed
from content.runner import Runner
from content.sources.choosing import Sources

__all__ = ["Life"]

logger = structlog.get_logger(__name__)

AFTER_FAILURE_S = 60.0


class Life:
    """Runs schedules from `start` to `stop`."""

    def __init__(
        self,
        *,
        calendar: Calendar,
        runner: Runner,
        missed: Missed,
        sources: Sources,
        aftermath: Aftermath,
        clock: Clock,
    ) -> None:
        self._calendar = calendar
        self._runner = runner
        self._missed = missed
        self._sources = sources
        self._aftermath = aftermath
        self._clock = clock
        self._tasks = Tasks()
        self._has_begun = asyncio.Event()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether schedules are run, by this very process."""
        return self._task is not None

    def start(self, unfinished: Sequence[ScheduleRun]) -> None:
        """Begin, with what was left unfinished."""
        self._task = asyncio.create_task(self._live(unfinished))

    async def stop(self) -> None:
        """Stop all that runs; it is taken up the next time."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def wake(self) -> None:
        """Look at the calendar: it has changed."""
        self._changed.set()

    def begin(self, run: ScheduleRun) -> None:
        """Take up a run now; where schedules are not run, its row waits for that."""
        is_asked = run.state is RunState.ASKED
        self.spawn(self._missed.ask(run) if is_asked else self._runner.carry_out(run))

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Let work go on beside the runs; as `begin`, its row waits else."""
        if self._task is None:
            work.close()
        else:
            self._tasks.begin(work)

    async def settled(self) -> None:
        """Wait until every run that has begun has ended."""
        await self._has_begun.wait()
        await self._tasks.idle()

    async def _live(self, unfinished: Sequence[ScheduleRun]) -> None:
        async with self._tasks, asyncio.TaskGroup() as group:
            for run in unfinished:
                self.begin(run)
            await self._aftermath.start({run.post_id for run in unfinished})
            while True:
                for run in await self._due():
                    self.begin(run)
                refresh = self._sources.refresh(self._calendar.entries)
                group.create_task(refresh)
                self._has_begun.set()
                await is_set_within(self._changed, self._calendar.nap_s(), self._clock)
                self._changed.clear()

    async def _due(self) -> tuple[ScheduleRun, ...]:
        try:
            return await self._calendar.plan_due()
        except Exception:
            logger.exception("calendar failed")
            await self._clock.sleep(AFTER_FAILURE_S)
            return ()
