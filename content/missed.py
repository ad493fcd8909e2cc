"""Asking moderators whether a missed post is made up for, and hearing them."""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from bot.clock import Clock
from bot.errors import UserError
from bot.messages import Author
from bot.store.runs import MAY_BE_OUT, RunRepository, RunState, ScheduleRun
from bot.store.schedules import StoredSchedule
from bot.words import T, Text
from content.calendar import ASKED_FOR, Calendar, Entry
from content.review import Desk

__all__ = ["Missed"]

logger = structlog.get_logger(__name__)

AGAIN_S = 900.0
"""Who cannot be reached is tried again after so long."""
NOT_RUNNING = T(
    "The post of “{schedule}” for {time} ({zone}) was missed: the bot was not running. "
    "Shall it still come?"
)
RESTORED = T(
    "The database was restored from a copy, so I cannot tell whether the post of "
    "“{schedule}” for {time} ({zone}) went out already. Please look, so that it does "
    "not come twice. Shall it come?"
)
ASKED = T("missed: moderators were asked")
SLOT_FORM, EXACT_FORM = "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%S%f"


class Missed:
    """What becomes of missed slots whose schedule says that moderators decide.

    `communities_of` returns the keys of the communities that a schedule posts to.
    """

    def __init__(
        self,
        *,
        calendar: Calendar,
        runs: RunRepository,
        desk: Desk,
        communities_of: Callable[[StoredSchedule], tuple[str, ...]],
        clock: Clock,
    ) -> None:
        self._calendar = calendar
        self._runs = runs
        self._desk = desk
        self._communities_of = communities_of
        self._clock = clock

    async def ask(self, run: ScheduleRun) -> None:
        """Ask moderators about a missed slot until they could be told."""
        while await self._is_open(run):
            entry = self._calendar.entry(run.schedule_id)
            if entry is None or await self._tell(entry, run):
                return
            await self._clock.sleep(AGAIN_S)

    def is_to_be_asked(self, run: ScheduleRun) -> bool:
        """Return whether moderators have not been told yet."""
        return run.reason != ASKED

    async def make_up(self, schedule_id: str, slot: str) -> ScheduleRun:
        """Take a missed slot up after all, and return its run.

        Raises:
            UserError: it was decided already, or there is no such slot.
        """
        return await self._decide(
            schedule_id, _due_utc(slot), RunState.PLANNED, ASKED_FOR
        )

    async def leave(self, schedule_id: str, slot: str, by: Author) -> ScheduleRun:
        """Leave a missed slot out, and return its run.

        Raises:
            UserError: it was decided already, or there is no such slot.
        """
        reason = T("left out by {name}", name=by.name)
        return await self._decide(schedule_id, _due_utc(slot), RunState.SKIPPED, reason)

    async def close(self, schedule_id: str, reason: Text) -> None:
        """Leave out all that is still asked about a schedule."""
        for run in await self._runs.asked():
            if run.schedule_id == schedule_id:
                await self._runs.change(
                    schedule_id,
                    run.due_utc,
                    RunState.ASKED,
                    RunState.SKIPPED,
                    reason=reason,
                )

    async def _decide(
        self, schedule_id: str, due_utc: datetime, state: RunState, reason: Text
    ) -> ScheduleRun:
        is_decided = await self._runs.change(
            schedule_id, due_utc, RunState.ASKED, state, reason=reason
        )
        run = await self._runs.get(schedule_id, due_utc)
        if run is None:
            raise _no_slot()
        if is_decided:
            logger.info("missed slot decided", schedule=schedule_id, state=state.value)
            return run
        raise UserError(
            T("That was decided already: {reason}", reason=run.reason or run.state)
        )

    async def _is_open(self, run: ScheduleRun) -> bool:
        found = await self._runs.get(run.schedule_id, run.due_utc)
        return found is not None and found.state is RunState.ASKED

    async def _tell(self, entry: Entry, run: ScheduleRun) -> bool:
        schedule, zone = entry.schedule, entry.timetable.zone
        slot = run.due_utc.strftime(
            EXACT_FORM if run.due_utc.microsecond else SLOT_FORM
        )
        is_lost = run.reason == MAY_BE_OUT or self._calendar.restored.may_be_out(
            run.due_utc
        )
        asked = RESTORED if is_lost else NOT_RUNNING
        told = await self._desk.tell(
            T(
                asked.template,
                schedule=schedule.id,
                time=f"{run.due_utc.astimezone(zone):%Y-%m-%d %H:%M}",
                zone=schedule.timezone,
            ),
            communities=self._communities_of(schedule),
            buttons=(
                (T("Post it now"), f"/schedule run {schedule.id} {slot}"),
                (T("Leave it"), f"/schedule leave {schedule.id} {slot}"),
            ),
        )
        if told:
            state = RunState.ASKED
            await self._runs.change(
                schedule.id, run.due_utc, state, state, reason=ASKED
            )
        return told


def _due_utc(slot: str) -> datetime:
    for form in (SLOT_FORM, EXACT_FORM):
        try:
            return datetime.strptime(slot, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise _no_slot()


def _no_slot() -> UserError:
    return UserError(T("There is no missed post of that time."))
