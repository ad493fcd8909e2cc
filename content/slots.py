"""The slots of one schedule, and when what is due in them may begin."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.store.moves import SlotMove
from bot.store.schedules import StoredSchedule
from content.schedule import first_moment, timetable_of

__all__ = ["QuietHours", "Slots"]

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
MOST_LOOKED_AT = 2000


class QuietHours:
    """The hours of each day without posts: "22:00-07:00" on the clock of a zone."""

    def __init__(self, hours: str, zone: ZoneInfo) -> None:
        self._zone = zone
        begin, _, end = hours.partition("-")
        self._hours = (_time(begin), _time(end)) if hours and begin != end else None

    def end_after(self, moment_utc: datetime) -> datetime | None:
        """Return when the quiet hours around a moment end; None: it is in none."""
        if self._hours is None:
            return None
        today = moment_utc.astimezone(self._zone).date()
        for day in (today - DAY, today):
            begin_utc, end_utc = _quiet_span(day, *self._hours, self._zone)
            if begin_utc <= moment_utc < end_utc:
                return end_utc
        return None


class Slots:
    """What a schedule's timetable, end, jitter, quiet hours and moves come to.

    A slot that was moved comes at its new time and not at its own. A move counts as
    long as the timetable has its slot.
    """

    def __init__(
        self, schedule: StoredSchedule, moves: Iterable[SlotMove] = ()
    ) -> None:
        """Read a schedule, and which of its slots were moved.

        Raises:
            ConfigError: its cron expression cannot be read.
        """
        self.timetable = timetable_of(
            cron=schedule.cron,
            every_minutes=schedule.every_minutes,
            at_utc=schedule.at_utc,
            timezone=schedule.timezone,
            anchor_utc=schedule.created_utc,
            id=schedule.id,
        )
        zone = self.timetable.zone
        self.quiet = QuietHours(schedule.quiet_hours, zone)
        self._id = schedule.id
        self._waits = schedule.in_quiet_hours == "wait"
        self._jitter = timedelta(minutes=schedule.jitter_minutes)
        self._end_utc: datetime | None = None
        if schedule.until is not None:
            self._end_utc = first_moment(_wall(schedule.until + DAY, time(0)), zone)
        self.moves = {
            move.slot_utc: move for move in moves if self._is_own(move.slot_utc)
        }
        self._origins = {
            move.to_utc: move for move in self.moves.values() if move.to_utc is not None
        }
        self._arrivals = sorted(self._origins)

    def next_after(self, moment_utc: datetime) -> datetime | None:
        """Return the first slot later than this; None if there is none any more."""
        slot = self._own_after(moment_utc)
        while slot is not None and slot in self.moves:
            slot = self._own_after(slot)
        number = bisect_right(self._arrivals, moment_utc)
        if number == len(self._arrivals):
            return slot
        moved = self._arrivals[number]
        return moved if slot is None else min(slot, moved)

    def is_slot(self, moment_utc: datetime) -> bool:
        """Return whether something comes at this very moment."""
        return self.next_after(moment_utc - TICK) == moment_utc

    def origin(self, slot_utc: datetime) -> SlotMove | None:
        """Return the move that brought a slot to its time; None: it was not moved."""
        return self._origins.get(slot_utc)

    @property
    def end_utc(self) -> datetime | None:
        """When the timetable ends; None: it goes on."""
        return self._end_utc

    def latest_between(
        self, after_utc: datetime, until_utc: datetime
    ) -> datetime | None:
        """Return the last slot later than the one and not later than the other."""
        latest = self._own_between(after_utc, until_utc)
        while latest is not None and latest in self.moves:
            latest = self._own_between(after_utc, latest - TICK)
        number = bisect_right(self._arrivals, until_utc)
        if number == 0 or self._arrivals[number - 1] <= after_utc:
            return latest
        moved = self._arrivals[number - 1]
        return moved if latest is None else max(latest, moved)

    def starts_utc(self, slot_utc: datetime) -> datetime:
        """Return when a post that is due in a slot may begin.

        The same slot always gives the same: a restart moves nothing. Jitter takes at
        most half the way to the next slot. What a moderator moved comes on the dot.
        """
        if slot_utc in self._origins:
            return slot_utc
        start = slot_utc + self._shift(slot_utc)
        end = self.quiet.end_after(start) if self._waits else None
        return start if end is None else end

    def shown_utc(self, slot_utc: datetime) -> datetime:
        """Return when a slot is said to come: how its jitter falls is not told."""
        if slot_utc in self._origins or not self._waits:
            return slot_utc
        return self.quiet.end_after(slot_utc) or slot_utc

    def is_left_out(self, slot_utc: datetime) -> bool:
        """Return whether a slot falls into quiet hours and is not made up for."""
        if self._waits or slot_utc in self._origins:
            return False
        start = slot_utc + self._shift(slot_utc)
        return self.quiet.end_after(start) is not None

    def quiet_end(self, moment_utc: datetime) -> datetime | None:
        """Return when a post may go out that may not at this moment; None: it may."""
        return self.quiet.end_after(moment_utc)

    def upcoming(self, after_utc: datetime, *, count: int) -> tuple[datetime, ...]:
        """Return when the next few posts begin."""
        found: list[datetime] = []
        slot = self.next_after(after_utc)
        for _ in range(MOST_LOOKED_AT):
            if slot is None or len(found) == count:
                break
            start = self.starts_utc(slot)
            if not self.is_left_out(slot) and start not in found:
                found.append(start)
            slot = self.next_after(slot)
        return tuple(found)

    def _is_own(self, slot_utc: datetime) -> bool:
        return self._own_after(slot_utc - TICK) == slot_utc

    def _own_after(self, moment_utc: datetime) -> datetime | None:
        """Return the next slot of the timetable, wherever it was moved."""
        slot = self.timetable.next_after(moment_utc)
        is_over = slot is not None and self._end_utc is not None
        return None if is_over and slot >= self._end_utc else slot  # type: ignore[operator]

    def _own_between(self, after_utc: datetime, until_utc: datetime) -> datetime | None:
        if self._end_utc is not None:
            until_utc = min(until_utc, self._end_utc - TICK)
        if until_utc <= after_utc:
            return None
        return self.timetable.latest_between(after_utc, until_utc)

    def _shift(self, slot_utc: datetime) -> timedelta:
        if not self._jitter:
            return timedelta(0)
        following = self.timetable.next_after(slot_utc)
        most = self._jitter
        if following is not None:
            most = min(most, (following - slot_utc) / 2)
        digest = hashlib.sha256(f"{self._id} {slot_utc.isoformat()}".encode()).digest()
        share = int.from_bytes(digest[:4]) / 2**32
        return timedelta(seconds=int(most.total_seconds() * share))


@lru_cache(maxsize=1024)
def _quiet_span(
    day: date, begin: time, end: time, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """Return when the quiet hours that begin on a day begin and end."""
    last_day = day if begin < end else day + DAY
    return first_moment(_wall(day, begin), zone), first_moment(
        _wall(last_day, end), zone
    )


def _time(text: str) -> time:
    return time.fromisoformat(text)


def _wall(day: date, at: time) -> datetime:
    return datetime.combine(day, at, UTC)  # stands for the clock on the wall
