"""The slots of one schedule, and when what is due in them may begin."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.store.schedules import StoredSchedule
from content.schedule import first_moment, timetable_of

__all__ = ["QuietHours", "Slots"]

DAY = timedelta(days=1)
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
        begin, end = self._hours
        today = moment_utc.astimezone(self._zone).date()
        for day in (today - DAY, today):
            last_day = day if begin < end else day + DAY
            end_utc = first_moment(_wall(last_day, end), self._zone)
            if first_moment(_wall(day, begin), self._zone) <= moment_utc < end_utc:
                return end_utc
        return None


class Slots:
    """What a schedule's timetable, end, jitter and quiet hours come to."""

    def __init__(self, schedule: StoredSchedule) -> None:
        """Read a schedule.

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

    def next_after(self, moment_utc: datetime) -> datetime | None:
        """Return the first slot later than this; None if there is none any more."""
        slot = self.timetable.next_after(moment_utc)
        is_over = slot is not None and self._end_utc is not None
        return None if is_over and slot >= self._end_utc else slot  # type: ignore[operator]

    def latest_between(
        self, after_utc: datetime, until_utc: datetime
    ) -> datetime | None:
        """Return the last slot later than the one and not later than the other."""
        if self._end_utc is not None:
            until_utc = min(until_utc, self._end_utc - timedelta(microseconds=1))
        if until_utc <= after_utc:
            return None
        return self.timetable.latest_between(after_utc, until_utc)

    def starts_utc(self, slot_utc: datetime) -> datetime:
        """Return when a post that is due in a slot may begin.

        The same slot always gives the same: a restart moves nothing. Jitter takes at
        most half the way to the next slot.
        """
        start = slot_utc + self._moved(slot_utc)
        end = self.quiet.end_after(start) if self._waits else None
        return start if end is None else end

    def is_left_out(self, slot_utc: datetime) -> bool:
        """Return whether a slot falls into quiet hours and is not made up for."""
        start = slot_utc + self._moved(slot_utc)
        return not self._waits and self.quiet.end_after(start) is not None

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

    def _moved(self, slot_utc: datetime) -> timedelta:
        if not self._jitter:
            return timedelta(0)
        following = self.timetable.next_after(slot_utc)
        most = self._jitter
        if following is not None:
            most = min(most, (following - slot_utc) / 2)
        digest = hashlib.sha256(f"{self._id} {slot_utc.isoformat()}".encode()).digest()
        share = int.from_bytes(digest[:4]) / 2**32
        return timedelta(seconds=int(most.total_seconds() * share))


def _time(text: str) -> time:
    return time.fromisoformat(text)


def _wall(day: date, at: time) -> datetime:
    return datetime.combine(day, at, UTC)  # stands for the clock on the wall
