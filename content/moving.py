"""Moving single slots of a schedule: to another time, to now, or out of the way."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.errors import UserError
from bot.messages import Author
from bot.store.runs import RunRepository, ScheduleRun
from bot.words import T, Text
from content.calendar import ASKED_FOR, Calendar, Entry

__all__ = ["Moving"]

logger = structlog.get_logger(__name__)


class Moving:
    """Changes when single slots come. The schedule itself stays as it is.

    A slot is named by the time at which its timetable has it, wherever it was moved.
    `wake` is called once something comes at another time.
    """

    def __init__(
        self,
        *,
        calendar: Calendar,
        runs: RunRepository,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._calendar = calendar
        self._runs = runs
        self._clock = clock
        self._wake = wake
        self._lock = asyncio.Lock()

    async def move(
        self, schedule_id: str, slot_utc: datetime, to_utc: datetime, by: Author
    ) -> None:
        """Let a slot come at another time; at its own, it is put back.

        Raises:
            UserError: it has come, or cannot come then; the text says why.
        """
        async with self._lock:
            entry = self._entry(schedule_id)
            from_utc = self._where(entry, slot_utc)
            if to_utc == from_utc:
                return
            if to_utc <= self._clock.now_utc():
                raise UserError(T("That time is over. Choose one to come."))
            self._check_free(entry, to_utc)
            if to_utc != slot_utc and entry.slots.quiet_end(to_utc) is not None:
                raise UserError(
                    T(
                        "That is in the quiet hours of “{id}” ({hours}).",
                        id=schedule_id,
                        hours=entry.schedule.quiet_hours,
                    )
                )
            await self._put(entry, slot_utc, from_utc, to_utc, by)

    async def skip(self, schedule_id: str, slot_utc: datetime, by: Author) -> None:
        """Leave a slot out.

        Raises:
            UserError: it has come.
        """
        async with self._lock:
            entry = self._entry(schedule_id)
            from_utc = self._where(entry, slot_utc)
            if from_utc is not None:
                await self._put(entry, slot_utc, from_utc, None, by)

    async def begin(
        self, schedule_id: str, slot_utc: datetime, by: Author
    ) -> ScheduleRun:
        """Let a slot come now, and return its run: as asked for by a moderator.

        Raises:
            UserError: it has come.
        """
        async with self._lock:
            entry = self._entry(schedule_id)
            from_utc = self._where(entry, slot_utc)
            now_utc = self._clock.now_utc()
            await self._put(entry, slot_utc, from_utc, now_utc, by, begin=ASKED_FOR)
        run = await self._runs.get(schedule_id, now_utc)
        if run is None:
            raise LookupError(f"there is no run of {schedule_id} at {now_utc}")
        return run

    def _entry(self, schedule_id: str) -> Entry:
        entry = self._calendar.entry(schedule_id)
        if entry is None:
            raise UserError(
                T("There is no schedule “{id}”. /schedule shows them.", id=schedule_id)
            )
        return entry

    def _where(self, entry: Entry, slot_utc: datetime) -> datetime | None:
        """Return when a slot that has not come comes now; None: it is left out.

        Raises:
            UserError: it has come, or is none.
        """
        move = entry.slots.moves.get(slot_utc)
        if move is None and not entry.slots.is_slot(slot_utc):
            raise _not_there(entry, slot_utc)
        where_utc = slot_utc if move is None else move.to_utc
        if (where_utc or slot_utc) <= self._clock.now_utc():
            raise _has_come()
        return where_utc

    def _check_free(self, entry: Entry, to_utc: datetime) -> None:
        if entry.slots.is_slot(to_utc):
            raise UserError(
                T("A post of “{id}” comes then already.", id=entry.schedule.id)
            )

    async def _put(
        self,
        entry: Entry,
        slot_utc: datetime,
        from_utc: datetime | None,
        to_utc: datetime | None,
        by: Author,
        *,
        begin: Text | None = None,
    ) -> None:
        schedule_id = entry.schedule.id
        is_moved = await self._calendar.moves.move(
            schedule_id,
            slot_utc,
            from_utc=from_utc,
            to_utc=to_utc,
            by_name=by.name,
            begin=begin,
        )
        await self._calendar.reread(schedule_id)
        if not is_moved:
            raise _has_come()
        self._wake()
        logger.info(
            "slot moved", schedule=schedule_id, slot=str(slot_utc), to=str(to_utc)
        )


def _has_come() -> UserError:
    return UserError(T("It has come, or somebody was faster. Please look again."))


def _not_there(entry: Entry, moment_utc: datetime) -> UserError:
    local = moment_utc.astimezone(entry.timetable.zone)
    return UserError(
        T(
            "No post of “{id}” comes on {time} ({zone}).",
            id=entry.schedule.id,
            time=f"{local:%Y-%m-%d %H:%M}",
            zone=entry.schedule.timezone,
        )
    )
