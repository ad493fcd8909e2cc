"""Which schedules there are, and which of their slots are due.

Every slot has a row in the store before anything is done about it, so that it runs once
whatever happens. Slots missed while the bot was off count as one: the last of them is
made up for within the schedule's grace, else it is recorded as skipped.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.clock import Clock
from bot.config import BotConfig, ScheduleConfig
from bot.errors import ConfigError
from bot.store.runs import RunRepository, RunState, ScheduleRun
from bot.store.schedules import ScheduleRepository, ScheduleSource, StoredSchedule
from bot.words import T, Text, join_texts
from content.kinds import KINDS
from content.schedule import Timetable, timetable_of

__all__ = ["Calendar", "Entry", "check_schedules"]

logger = structlog.get_logger(__name__)

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
ON_TIME = timedelta(minutes=1)


def check_schedules(schedules: Iterable[ScheduleConfig], *, bot: BotConfig) -> None:
    """See to it that every schedule of config.toml can run.

    Raises:
        ConfigError: its kind or its cron expression cannot be read.
    """
    for schedule in schedules:
        if schedule.kind not in KINDS:
            raise ConfigError(
                T(
                    "[[schedule]] {id}: there is no kind “{kind}”. "
                    "You can choose: {kinds}.",
                    id=schedule.id,
                    kind=schedule.kind,
                    kinds=", ".join(KINDS),
                )
            )
        timetable_of(
            cron=schedule.cron,
            every_minutes=schedule.every_minutes,
            at_utc=schedule.at_utc,
            timezone=schedule.timezone or bot.timezone,
            anchor_utc=EPOCH,
            id=schedule.id,
        )


@dataclass(slots=True)
class Entry:
    """A schedule in the calendar.

    Attributes:
        handled_utc: every slot up to this one has been seen to.
        next_utc: the next slot; None: there is none any more.
    """

    schedule: StoredSchedule
    timetable: Timetable
    handled_utc: datetime
    next_utc: datetime | None


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
        self._runs = runs
        self._clock = clock
        self._entries: dict[str, Entry] = {}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every schedule, by id."""
        return tuple(self._entries.values())

    @property
    def next_utc(self) -> datetime | None:
        """When the next slot of any schedule is due; None: never."""
        slots = (entry.next_utc for entry in self._entries.values())
        return min((slot for slot in slots if slot is not None), default=None)

    def get(self, schedule_id: str) -> StoredSchedule | None:
        """Return a schedule, None where there is none of this id."""
        entry = self._entries.get(schedule_id)
        return None if entry is None else entry.schedule

    async def sync(self, configured: Iterable[ScheduleConfig]) -> None:
        """Bring the store in line with config.toml and read every schedule.

        What config.toml adds or changes is taken over, what it drops is removed. A
        pause, or its end, that moderators asked for stays.

        Raises:
            ConfigError: a schedule of config.toml cannot run; nothing was changed.
        """
        wanted = {schedule.id: schedule for schedule in configured}
        check_schedules(wanted.values(), bot=self._bot)
        stored = {schedule.id: schedule for schedule in await self._schedules.all()}
        for schedule in stored.values():
            is_dropped = schedule.id not in wanted
            if schedule.source is ScheduleSource.CONFIG and is_dropped:
                await self._schedules.remove(schedule.id)
                logger.info("schedule removed", schedule=schedule.id)
        for config in wanted.values():
            await self._put(config, stored.get(config.id))
        self._entries = {
            schedule.id: await self._entry(schedule)
            for schedule in await self._schedules.all()
        }
        for entry in self._entries.values():
            old = stored.get(entry.schedule.id)
            if old is not None and _trigger(old) != _trigger(entry.schedule):
                await self._pass_over(entry)

    async def plan_first(self) -> None:
        """Plan the run of each schedule that wants one at the very first start."""
        for entry in self._entries.values():
            schedule = entry.schedule
            if not (schedule.at_first_start and schedule.is_enabled):
                continue
            if not await self._runs.recent(schedule.id, limit=1):
                await self._runs.plan(
                    schedule.id, schedule.created_utc, reason=T("the first start")
                )

    async def plan_due(self) -> tuple[ScheduleRun, ...]:
        """Write a row for each slot that has come; return those that are to be run."""
        now_utc = self._clock.now_utc()
        planned = [
            await self._plan(entry, now_utc)
            for entry in self._entries.values()
            if entry.next_utc is not None and entry.next_utc <= now_utc
        ]
        return tuple(run for run in planned if run is not None)

    async def plan_now(self, schedule_id: str) -> ScheduleRun | None:
        """Plan a run outside the timetable; None: there is no such schedule."""
        if schedule_id not in self._entries:
            return None
        now_utc = self._clock.now_utc()
        return await self._plan_slot(
            schedule_id, now_utc, RunState.PLANNED, T("asked for by a moderator")
        )

    async def set_enabled(self, schedule_id: str, *, is_enabled: bool) -> bool:
        """Let a schedule run or rest; return whether there is one of this id."""
        entry = self._entries.get(schedule_id)
        if entry is None:
            return False
        await self._schedules.set_enabled(schedule_id, is_enabled=is_enabled)
        entry.schedule = replace(entry.schedule, is_enabled=is_enabled)
        logger.info("schedule changed", schedule=schedule_id, is_enabled=is_enabled)
        return True

    def is_stale(self, run: ScheduleRun) -> bool:
        """Return whether a run that was not finished is too late by now.

        That of the very first start never is.
        """
        schedule = self.get(run.schedule_id)
        if schedule is None or run.due_utc == schedule.created_utc:
            return False
        grace = timedelta(minutes=schedule.grace_minutes)
        return self._clock.now_utc() - run.due_utc > grace

    async def _put(self, config: ScheduleConfig, old: StoredSchedule | None) -> None:
        config_hash = _config_hash(config, self._bot)
        if old is not None and old.config_hash == config_hash:
            return
        is_enabled = config.enabled
        if old is not None and old.is_enabled != _was_enabled(old):
            is_enabled = old.is_enabled  # a moderator's word
        await self._schedules.put(
            StoredSchedule(
                id=config.id,
                kind=config.kind,
                channels=config.channels,
                topics=config.topics,
                timezone=config.timezone or self._bot.timezone,
                created_utc=self._clock.now_utc(),
                cron=config.cron,
                every_minutes=config.every_minutes,
                at_utc=config.at_utc,
                at_first_start=config.at_first_start,
                grace_minutes=config.grace_minutes,
                persona=config.persona,
                language=config.language,
                is_enabled=is_enabled,
                approvals=config.approvals,
                review_minutes=config.review_minutes,
                config_hash=config_hash,
                topic_source=config.source,
                feeds=config.feeds,
                folder=config.folder,
            )
        )
        logger.info("schedule taken over", schedule=config.id, is_new=old is None)

    async def _entry(self, schedule: StoredSchedule) -> Entry:
        timetable = timetable_of(
            cron=schedule.cron,
            every_minutes=schedule.every_minutes,
            at_utc=schedule.at_utc,
            timezone=schedule.timezone,
            anchor_utc=schedule.created_utc,
            id=schedule.id,
        )
        recent = await self._runs.recent(schedule.id, limit=1)
        handled_utc = max([schedule.created_utc, *(run.due_utc for run in recent)])
        return Entry(
            schedule, timetable, handled_utc, timetable.next_after(handled_utc)
        )

    async def _plan(self, entry: Entry, now_utc: datetime) -> ScheduleRun | None:
        timetable, schedule = entry.timetable, entry.schedule
        due_utc = timetable.latest_between(entry.handled_utc, now_utc)
        if due_utc is None:
            return None
        late = now_utc - due_utc
        state = RunState.PLANNED
        reasons: list[Text] = []
        if not schedule.is_enabled:
            state = RunState.SKIPPED
            reasons.append(T("paused"))
        elif late > timedelta(minutes=schedule.grace_minutes):
            state = RunState.SKIPPED
            reasons.append(T("missed: the bot was not running"))
        elif late > ON_TIME:
            reasons.append(T("made up for"))
        if entry.next_utc != due_utc:
            since = f"{entry.next_utc:%F %R}"
            reasons.append(T("stands for all since {since} UTC", since=since))
        run = await self._plan_slot(schedule.id, due_utc, state, join_texts(reasons))
        entry.handled_utc = due_utc
        entry.next_utc = timetable.next_after(due_utc)
        return run

    async def _pass_over(self, entry: Entry) -> None:
        """Let a new timetable begin now: its slots of before were never promised."""
        now_utc = self._clock.now_utc()
        slot = entry.timetable.latest_between(entry.handled_utc, now_utc)
        if slot is not None:
            reason = T("its time was changed")
            await self._plan_slot(entry.schedule.id, slot, RunState.SKIPPED, reason)
            entry.handled_utc = slot
            entry.next_utc = entry.timetable.next_after(slot)

    async def _plan_slot(
        self, schedule_id: str, due_utc: datetime, state: RunState, reason: Text | None
    ) -> ScheduleRun | None:
        """Write the row; return the run if it is new and to be run."""
        is_new = await self._runs.plan(schedule_id, due_utc, state=state, reason=reason)
        logger.info(
            "slot due", schedule=schedule_id, due=str(due_utc), state=state.value
        )
        if not is_new or state is not RunState.PLANNED:
            return None
        return await self._runs.get(schedule_id, due_utc)


def _trigger(schedule: StoredSchedule) -> tuple[object, ...]:
    return (
        schedule.cron,
        schedule.every_minutes,
        schedule.at_utc,
        schedule.timezone,
    )


def _config_hash(config: ScheduleConfig, bot: BotConfig) -> str:
    """Tell one text of a schedule from another; ends with what `enabled` was."""
    text = f"{config.model_dump_json(exclude={'enabled'})} {bot.timezone}"
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{digest}/{'on' if config.enabled else 'off'}"


def _was_enabled(schedule: StoredSchedule) -> bool:
    """Return what config.toml said about it when it was taken over."""
    return not (schedule.config_hash or "").endswith("/off")
