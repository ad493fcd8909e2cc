"""When posts come: the only module that imports APScheduler.

Cron is read on the clock on the wall and only then turned into UTC, so that daylight
saving cannot double or lose a post: a time that exists twice counts the first time, one
that does not exist becomes the first moment after the gap.
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import ConfigError
from bot.words import T, Text

__all__ = ["Timetable", "first_moment", "timetable_of", "weekday_numbers"]

ORDINALS = ("1st", "2nd", "3rd", "4th", "5th")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
TICK = timedelta(microseconds=1)
NONE = timedelta(0)
FIRST_WINDOW = timedelta(hours=1)


class Timetable:
    """The slots of one schedule, as moments in UTC."""

    def __init__(
        self,
        *,
        cron: str = "",
        every_minutes: int = 0,
        at_utc: datetime | None = None,
        zone: ZoneInfo,
        anchor_utc: datetime,
    ) -> None:
        """Take exactly one of cron, every_minutes and at_utc.

        Cron may be several lines with ";" between them. `anchor_utc` is where intervals
        are counted from.

        Raises:
            ValueError: the cron expression cannot be read.
        """
        self.zone = zone
        self._at_utc = at_utc
        self._crons = [_cron_trigger(line) for line in cron.split(";") if cron]
        self._interval = (
            IntervalTrigger(minutes=every_minutes, start_date=anchor_utc, timezone=UTC)
            if every_minutes
            else None
        )
        self._anchor_utc = anchor_utc

    def next_after(self, moment_utc: datetime) -> datetime | None:
        """Return the first slot later than this; None if there is none any more."""
        if self._crons:
            slots = (self._next_cron(cron, moment_utc) for cron in self._crons)
            return min((slot for slot in slots if slot is not None), default=None)
        if self._interval is not None:
            later = max(moment_utc, self._anchor_utc) + TICK
            found: datetime = self._interval.get_next_fire_time(None, later)
            return found
        if self._at_utc is not None and self._at_utc > moment_utc:
            return self._at_utc
        return None

    def upcoming(self, after_utc: datetime, *, count: int) -> tuple[datetime, ...]:
        """Return the next few slots."""
        found: list[datetime] = []
        slot = self.next_after(after_utc)
        while slot is not None and len(found) < count:
            found.append(slot)
            slot = self.next_after(slot)
        return tuple(found)

    def latest_between(
        self, after_utc: datetime, until_utc: datetime
    ) -> datetime | None:
        """Return the last slot later than the one and not later than the other.

        Looks back in growing steps: a year's absence costs no more than a day's.
        """
        window = FIRST_WINDOW
        while True:
            start = max(after_utc, until_utc - window)
            latest: datetime | None = None
            slot = self.next_after(start)
            while slot is not None and slot <= until_utc:
                latest = slot
                slot = self.next_after(slot)
            if latest is not None or start == after_utc:
                return latest
            window *= 4

    def remark(self, slot_utc: datetime) -> Text | None:
        """Return what daylight saving did to a slot; None: nothing."""
        if self._interval is not None:
            return None
        local = slot_utc.astimezone(self.zone)
        wall = local.replace(tzinfo=UTC)
        other = local.replace(fold=1).utcoffset()
        if not local.fold and local.utcoffset() != other:
            return T("{time} comes twice that day: the first counts", time=f"{wall:%R}")
        before = (slot_utc - timedelta(seconds=1)).astimezone(self.zone)
        gone = (local.utcoffset() or NONE) - (before.utcoffset() or NONE)
        if gone <= NONE:
            return None
        firsts = [cron.get_next_fire_time(None, wall - gone) for cron in self._crons]
        lost = [first for first in firsts if first is not None and first < wall]
        if not lost or any(
            cron.get_next_fire_time(None, wall) == wall for cron in self._crons
        ):
            return None  # it was not moved, or there is one at this very time
        return T(
            "there is no {time} that day: it came when the clocks went forward",
            time=f"{min(lost):%R}",
        )

    def _next_cron(self, cron: CronTrigger, moment_utc: datetime) -> datetime | None:
        wall = moment_utc.astimezone(self.zone).replace(tzinfo=UTC)
        while True:
            found: datetime | None = cron.get_next_fire_time(None, wall)
            if found is None:
                return None
            slot = first_moment(found, self.zone)
            if slot > moment_utc:
                return slot
            wall = found + TICK


def timetable_of(
    *,
    id: str,
    cron: str,
    every_minutes: int,
    at_utc: datetime | None,
    timezone: str,
    anchor_utc: datetime,
) -> Timetable:
    """Return the timetable of the schedule with this id.

    Raises:
        ConfigError: its cron expression cannot be read.
    """
    try:
        return Timetable(
            cron=cron,
            every_minutes=every_minutes,
            at_utc=at_utc,
            zone=ZoneInfo(timezone),
            anchor_utc=anchor_utc,
        )
    except ValueError as error:
        raise ConfigError(
            T(
                "[[schedule]] {id}: cron = “{cron}” cannot be read. Five fields are "
                "needed: minute, hour, day, month, weekday, such as `0 9 * * mon-fri`.",
                id=id,
                cron=cron,
            )
        ) from error


def _cron_trigger(expression: str) -> CronTrigger:
    """Read the five fields; day and weekday must both fit."""
    fields = expression.lower().split()
    if len(fields) != 5:
        raise ValueError("cron has five fields")
    minute, hour, day, month, weekday = fields
    nth = re.fullmatch(r"([a-z]{3})(?:#([1-5])|l)", weekday)
    if nth is not None:
        if day != "*":
            raise ValueError("a day of the month and a weekday in it")
        place = ORDINALS[int(nth[2]) - 1] if nth[2] else "last"
        day, weekday = f"{place} {WEEKDAYS[_weekday(nth[1])]}", "*"
    return CronTrigger(
        minute=minute,
        hour=hour,
        day=re.sub(r"\bl\b", "last", day),
        month=month,
        day_of_week=_weekdays(weekday),
        timezone=UTC,  # stands for the clock on the wall
    )


def _weekdays(field: str) -> str:
    """Turn cron's weekdays into names: APScheduler's own 0 is Monday."""
    if field == "*":
        return field
    return ",".join(WEEKDAYS[day] for day in weekday_numbers(field))


def weekday_numbers(field: str) -> tuple[int, ...]:
    """Return which weekdays cron means, where 0 and 7 are Sunday; 7 is returned as 0.

    Raises:
        ValueError: it cannot be read.
    """
    chosen: set[int] = set()
    for part in field.split(","):
        match = re.fullmatch(r"(\*|\w+)(?:-(\w+))?(?:/([1-7]))?", part)
        if match is None:
            raise ValueError(f"no weekday: {part}")
        first, last, step = match.groups()
        if first == "*":
            low, high = 0, 6
        else:
            low = _weekday(first)
            high = _weekday(last) if last else low
        high += 7 if high < low else 0
        chosen.update(day % 7 for day in range(low, high + 1, int(step or 1)))
    return tuple(sorted(chosen))


def _weekday(word: str) -> int:
    if word.isascii() and word.isdigit() and int(word) <= 7:
        return int(word)
    return WEEKDAYS.index(word)


def first_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return, in UTC, when the clock on the wall first shows this or jumps over it."""
    local = wall.replace(tzinfo=zone, fold=0)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=UTC) == wall:
        return moment
    # In a gap the two folds lie on either side of the jump: close in on it.
    before = local.replace(fold=1).astimezone(UTC)
    after = moment
    old_offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
