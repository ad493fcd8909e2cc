"""The slots of a schedule in a span of time, many at once: for the calendar.

The timetable itself (content.schedule) says which slot is next, which is exact and
slow. Here the days of a month are gone through; a test holds both together.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.store.schedules import StoredSchedule
from content.schedule import first_moment
from content.schedule_text import when_of
from content.slots import Slots
from content.timing import (
    LAST,
    CronLine,
    Interval,
    Monthly,
    NthWeekday,
    Once,
    Pattern,
    Weekly,
    Yearly,
)

__all__ = ["MOST_A_DAY", "Coming", "Day", "days_of", "slots_in"]

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
SAMPLES = (-28, -12, 0, 12, 28)
"""Hours around noon UTC within which a day lies on every clock of the world."""
MOST_A_DAY = 6
"""A schedule that comes more often on a day is counted and not listed."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day on the clock of who looks, as moments."""

    date: date
    begin_utc: datetime
    end_utc: datetime


class Coming(NamedTuple):
    """One slot, or all of a schedule's on one day.

    A tuple: there are tens of thousands in a month of many schedules.

    Attributes:
        slot_utc: the slot, the first of them.
        at_utc: when it is said to come.
        last_utc: when the last of them is said to come.
    """

    slot_utc: datetime
    at_utc: datetime
    last_utc: datetime
    num_posts: int = 1


def days_of(first: date, count: int, zone: ZoneInfo) -> tuple[Day, ...]:
    """Return some days in a row; one may have 23 or 25 hours."""
    begins = [
        first_moment(datetime.combine(first + number * DAY, time(0), UTC), zone)
        for number in range(count + 1)
    ]
    return tuple(
        Day(first + number * DAY, begins[number], begins[number + 1])
        for number in range(count)
    )


def slots_in(
    schedule: StoredSchedule,
    slots: Slots,
    days: Sequence[Day],
    *,
    after_utc: datetime,
) -> Iterator[Coming]:
    """Return what comes on these days later than a moment, day by day."""
    pattern = when_of(schedule).pattern
    if _is_plain(schedule, slots, pattern):
        yield from _counted(schedule, slots, days, after_utc)
        return
    # What comes in quiet hours may be shown on the day after.
    begin_utc = days[0].begin_utc - (DAY if schedule.quiet_hours else TICK)
    begin_utc = max(begin_utc, after_utc)
    found = set(_own_slots(schedule, slots, pattern, begin_utc, days[-1].end_utc))
    found -= slots.moves.keys()
    for move in slots.moves.values():
        if move.to_utc is not None and begin_utc < move.to_utc < days[-1].end_utc:
            found.add(move.to_utc)
    if schedule.quiet_hours:
        there = (slot for slot in found if not slots.is_left_out(slot))
        shown = sorted((slots.shown_utc(slot), slot) for slot in there)
    else:
        shown = [(slot, slot) for slot in sorted(found)]
    number = 0
    for day in days:
        first = number
        while number < len(shown) and shown[number][0] < day.end_utc:
            number += 1
        today = [one for one in shown[first:number] if one[0] >= day.begin_utc]
        if len(today) > MOST_A_DAY:
            (at_utc, slot), last_utc = today[0], today[-1][0]
            yield Coming(slot, at_utc, last_utc, len(today))
        else:
            yield from (Coming(slot, at_utc, at_utc) for at_utc, slot in today)


def _is_plain(schedule: StoredSchedule, slots: Slots, pattern: Pattern) -> bool:
    """Return whether slots are only counted: nothing but an interval, a short one."""
    if not isinstance(pattern, Interval) or schedule.quiet_hours or slots.moves:
        return False
    return pattern.minutes * MOST_A_DAY < 23 * 60


def _counted(
    schedule: StoredSchedule, slots: Slots, days: Sequence[Day], after_utc: datetime
) -> Iterator[Coming]:
    every = timedelta(minutes=schedule.every_minutes)
    for day in days:
        # Those later than `low` and earlier than `high`.
        low = max(day.begin_utc - TICK, after_utc, schedule.created_utc)
        high = day.end_utc if slots.end_utc is None else min(day.end_utc, slots.end_utc)
        first = (low - schedule.created_utc) // every + 1
        last = -((schedule.created_utc - high) // every) - 1
        if last < first:
            continue
        first_utc = schedule.created_utc + first * every
        last_utc = schedule.created_utc + last * every
        yield Coming(first_utc, first_utc, last_utc, last - first + 1)


def _own_slots(
    schedule: StoredSchedule,
    slots: Slots,
    pattern: Pattern,
    after_utc: datetime,
    until_utc: datetime,
) -> Iterator[datetime]:
    """Return the timetable's own slots later than the one, earlier than the other."""
    if slots.end_utc is not None:
        until_utc = min(until_utc, slots.end_utc)
    if isinstance(pattern, Interval):
        begin_utc = schedule.created_utc
        every = timedelta(minutes=pattern.minutes)
        slot = (
            begin_utc + ((max(after_utc, begin_utc) - begin_utc) // every + 1) * every
        )
        while slot < until_utc:
            yield slot
            slot += every
        return
    if isinstance(pattern, CronLine | Once):
        next_slot = slots.timetable.next_after(after_utc)
        while next_slot is not None and next_slot < until_utc:
            yield next_slot
            next_slot = slots.timetable.next_after(next_slot)
        return
    zone = slots.timetable.zone
    day = after_utc.astimezone(zone).date()
    last = until_utc.astimezone(zone).date()
    while day <= last:
        if _is_on(pattern, day):
            offset = _offset_of(day, zone)
            for at in pattern.times:
                wall = datetime.combine(day, at, UTC)
                slot = first_moment(wall, zone) if offset is None else wall - offset
                if after_utc < slot < until_utc:
                    yield slot
        day += DAY


@lru_cache(maxsize=4096)
def _offset_of(day: date, zone: ZoneInfo) -> timedelta | None:
    """Return how far a zone is ahead on a day; None: its clocks change around it."""
    noon = datetime.combine(day, time(12), UTC)
    offsets = {(noon + hours * HOUR).astimezone(zone).utcoffset() for hours in SAMPLES}
    return offsets.pop() if len(offsets) == 1 else None


def _is_on(pattern: Weekly | Monthly | NthWeekday | Yearly, day: date) -> bool:
    match pattern:
        case Weekly(days):
            return day.weekday() in days
        case Monthly(days):
            is_last = LAST in days and day.day == _num_days(day)
            return day.day in days or is_last
        case NthWeekday(number, weekday):
            if day.weekday() != weekday:
                return False
            if number == LAST:
                return day.day + 7 > _num_days(day)
            return (day.day - 1) // 7 + 1 == number
        case Yearly(month, month_day):
            return (day.month, day.day) == (month, month_day)


def _num_days(day: date) -> int:
    return monthrange(day.year, day.month)[1]
