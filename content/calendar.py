"""Which schedules there are, and which of their slots are due.

Every slot has a row in the store before anything is done about it, so that it runs once
whatever happens. Slots missed while the bot was off count as one: the last of them is
made up for within the schedule's grace, else it is recorded as skipped.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from bot.clock import Clock
from bot.config import BotConfig, ScheduleConfig
from bot.store.moves import SlotMove
from bot.store.runs import MAY_BE_OUT, RunRepository, RunState, ScheduleRun
from bot.store.schedules import ScheduleRepository, StoredSchedule
from bot.words import T, Text
from content.agenda import Agenda, Entry, SlotPlan, slot_plan
from content.configured import check_names, check_schedules, take_over
from content.restored import Restored
from content.slots import Slots

__all__ = ["ASKED_FOR", "Calendar", "Entry", "check_schedules"]

logger = structlog.get_logger(__name__)

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
NUM_AT_ONCE = 20
"""How many schedules are read before others may do something."""
LONGEST_NAP_S = 60.0
"""The clock on the wall may jump (a laptop wakes up), so it is read this often."""
ASKED_FOR = T("asked for by a moderator")
"""Why there is a run that a moderator wants now."""


class Calendar:
    """The schedules of this store and their slots."""

    def __init__(
        self,
        *,
        bot: BotConfig,
        schedules: ScheduleRepository,
        runs: RunRepository,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._schedules = schedules
        self.moves = schedules.moves
        self._runs = runs
        self._clock = clock
        self._agenda = Agenda()
        self._changing = asyncio.Lock()  # else a stale reading could come last
        self._seen_utc = EPOCH
        self.restored = Restored()
        self.revision = 0  # of schedules and their slots, for who shows them

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every schedule, by id."""
        return tuple(self._agenda)

    @property
    def next_utc(self) -> datetime | None:
        """When the next slot of any schedule is due; None: never."""
        return self._agenda.next_utc

    def nap_s(self) -> float:
        """Return how long to wait before slots are looked for again."""
        if self.next_utc is None:
            return LONGEST_NAP_S
        wait_s = (self.next_utc - self._clock.now_utc()).total_seconds()
        return min(max(0.0, wait_s), LONGEST_NAP_S)

    def get(self, schedule_id: str) -> StoredSchedule | None:
        """Return a schedule, None where there is none of this id."""
        entry = self._agenda.get(schedule_id)
        return None if entry is None else entry.schedule

    def entry(self, schedule_id: str) -> Entry | None:
        """Return a schedule with its slots, None where there is none of this id."""
        return self._agenda.get(schedule_id)

    async def sync(self, configured: Iterable[ScheduleConfig]) -> None:
        """Bring the store in line with config.toml and read every schedule.

        What config.toml adds or changes is taken over, what it drops is removed. A
        pause, or its end, that moderators asked for stays.

        Raises:
            ConfigError: a schedule of config.toml cannot run; nothing was changed.
        """
        wanted = {schedule.id: schedule for schedule in configured}
        self.restored = Restored(await self._runs.restored_utc())
        check_schedules(wanted.values(), bot=self._bot)
        stored = {schedule.id: schedule for schedule in await self._schedules.all()}
        check_names(wanted, stored)
        now_utc = self._clock.now_utc()
        await take_over(wanted, stored, self._schedules, bot=self._bot, now_utc=now_utc)
        latest = await self._runs.latest_due()
        moves = await self.moves.by_schedule()
        self._agenda = Agenda()
        for number, schedule in enumerate(await self._schedules.all()):
            if number % NUM_AT_ONCE == 0:
                await asyncio.sleep(0)
            own = moves.get(schedule.id, ())
            entry = self._entry(schedule, latest.get(schedule.id), own)
            old = stored.get(schedule.id)
            if old is not None and _trigger(old) != _trigger(schedule):
                await self._pass_over(entry)
            self._agenda.put(entry)

    async def put(self, schedule: StoredSchedule) -> StoredSchedule:
        """Take in a schedule that moderators made or changed; return it as it is kept.

        Raises:
            ConfigError: it cannot run; nothing was changed.
        """
        old = self.get(schedule.id)
        if old is not None:
            schedule = replace(schedule, created_utc=old.created_utc)
        Slots(schedule)
        async with self._changing:
            await self._schedules.put(schedule)
            entry = await self._read_entry(schedule)
            if old is not None and _trigger(old) != _trigger(schedule):
                await self._pass_over(entry)
            self._agenda.put(entry)
        self.revision += 1
        logger.info("schedule put", schedule=schedule.id, is_new=old is None)
        return schedule

    async def reread(self, schedule_id: str) -> None:
        """Take in what was changed about a schedule's slots."""
        async with self._changing:
            known = self._agenda.get(schedule_id)
            entry = await self._read_entry(known.schedule) if known else None
            known = self._agenda.get(schedule_id)
            if entry is not None and known is not None:
                entry.schedule = known.schedule  # it may have been paused meanwhile
                self._agenda.put(entry)
        self.revision += 1

    async def remove(self, schedule_id: str) -> None:
        """Remove a schedule; what it has posted stays."""
        await self._schedules.remove(schedule_id)
        await self.moves.forget(schedule_id)
        self._agenda.remove(schedule_id)
        self.revision += 1
        logger.info("schedule removed", schedule=schedule_id)

    async def plan_first(self) -> None:
        """Plan the run of each schedule that wants one at the very first start."""
        for entry in self.entries:
            schedule = entry.schedule
            if not (schedule.at_first_start and schedule.is_enabled):
                continue
            if not await self._runs.recent(schedule.id, limit=1):
                held = self.restored.is_fresh(self._clock.now_utc())
                await self._runs.plan(
                    schedule.id,
                    schedule.created_utc,
                    state=RunState.ASKED if held else RunState.PLANNED,
                    reason=MAY_BE_OUT if held else T("the first start"),
                )

    async def plan_due(self) -> tuple[ScheduleRun, ...]:
        """Write a row for each slot that has come.

        Returns the runs that are to be run, and those that moderators are to be asked
        about.
        """
        now_utc = self._clock.now_utc()
        if now_utc < self._seen_utc:
            logger.warning("the clock went back", was=str(self._seen_utc))
            self._agenda.wind_back(now_utc)
        self._seen_utc = now_utc
        entries = self._agenda.take_due(now_utc)
        try:
            plans = await self._plans(entries, now_utc)
            runs = await self._runs.plan_all(
                plan.row(entry.schedule.id) for entry, plan in plans if plan is not None
            )
        except Exception:
            for entry in entries:
                self._agenda.put(entry)
            raise
        for entry, plan in plans:
            if plan is not None:
                entry.handled_utc = plan.due_utc
                entry.next_utc = plan.following_utc
            if self._agenda.get(entry.schedule.id) is entry:
                self._agenda.put(entry)
        for run in runs:
            _log_due(run.schedule_id, run.due_utc, run.state)
        return tuple(run for run in runs if run.state is not RunState.SKIPPED)

    async def _plans(
        self, entries: Sequence[Entry], now_utc: datetime
    ) -> list[tuple[Entry, SlotPlan | None]]:
        plans: list[tuple[Entry, SlotPlan | None]] = []
        for number, entry in enumerate(entries):
            if number % NUM_AT_ONCE == 0:
                await asyncio.sleep(0)
            plans.append((entry, slot_plan(entry, now_utc, self.restored)))
        return plans

    async def plan_now(self, schedule_id: str) -> ScheduleRun | None:
        """Plan a run outside the timetable; None: there is no such schedule."""
        if self._agenda.get(schedule_id) is None:
            return None
        now_utc = self._clock.now_utc()
        return await self._plan_slot(schedule_id, now_utc, RunState.PLANNED, ASKED_FOR)

    async def set_enabled(self, schedule_id: str, *, is_enabled: bool) -> bool:
        """Let a schedule run or rest; return whether there is one of this id."""
        entry = self._agenda.get(schedule_id)
        if entry is None:
            return False
        await self._schedules.set_enabled(schedule_id, is_enabled=is_enabled)
        entry.schedule = replace(entry.schedule, is_enabled=is_enabled)
        self.revision += 1
        logger.info("schedule changed", schedule=schedule_id, is_enabled=is_enabled)
        return True

    def is_stale(self, run: ScheduleRun, since_utc: datetime | None = None) -> bool:
        """Return whether a run that was not finished is too late by now.

        It counts from `since_utc`, else from when it was asked for or may begin. That
        of the very first start never is.
        """
        entry = self._agenda.get(run.schedule_id)
        if entry is None or run.due_utc == entry.schedule.created_utc:
            return False
        if since_utc is None and run.reason == ASKED_FOR:
            since_utc = run.updated_utc
        last_utc = entry.last_utc(since_utc or entry.slots.starts_utc(run.due_utc))
        return self._clock.now_utc() > last_utc

    async def _read_entry(self, schedule: StoredSchedule) -> Entry:
        recent = await self._runs.recent(schedule.id, limit=1)
        moves = await self.moves.of(schedule.id)
        return self._entry(schedule, recent[-1].due_utc if recent else None, moves)

    def _entry(
        self,
        schedule: StoredSchedule,
        latest_utc: datetime | None,
        moves: Sequence[SlotMove],
    ) -> Entry:
        slots = Slots(schedule, moves)
        handled_utc = max(schedule.created_utc, latest_utc or EPOCH)
        handled_utc = min(handled_utc, self._clock.now_utc())  # it may have gone back
        return Entry(schedule, slots, handled_utc, slots.next_after(handled_utc))

    async def _pass_over(self, entry: Entry) -> None:
        """Let a new timetable begin now: its slots of before were never promised."""
        now_utc = self._clock.now_utc()
        slot = entry.slots.latest_between(entry.handled_utc, now_utc)
        if slot is not None:
            reason = T("its time was changed")
            await self._plan_slot(entry.schedule.id, slot, RunState.SKIPPED, reason)
            entry.handle(slot)

    async def _plan_slot(
        self, schedule_id: str, due_utc: datetime, state: RunState, reason: Text | None
    ) -> ScheduleRun | None:
        """Write the row; return the run if it is new and to be run."""
        is_new = await self._runs.plan(schedule_id, due_utc, state=state, reason=reason)
        _log_due(schedule_id, due_utc, state)
        if not is_new or state is not RunState.PLANNED:
            return None
        return await self._runs.get(schedule_id, due_utc)


def _log_due(schedule_id: str, due_utc: datetime, state: RunState) -> None:
    logger.info("slot due", schedule=schedule_id, due=str(due_utc), state=state.value)


def _trigger(schedule: StoredSchedule) -> tuple[object, ...]:
    return (
        schedule.cron,
        schedule.every_minutes,
        schedule.at_utc,
        schedule.timezone,
        schedule.until,
    )
