"""Reading which slot somebody means, and where they want it: plain words for both.

tomorrow at nine to Friday at ten; next to 2026-12-24 18:00; 明天九点 改到 后天十点
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.words import T
from content.agenda import Entry
from content.schedule import first_moment
from content.timing import Once
from content.when import NotUnderstoodError, parse_when

__all__ = ["read_move", "read_slot"]

DAY = timedelta(days=1)
BETWEEN = re.compile(r"\s+(?:to|until)\s+|\s*(?:->|→|=>|改到|移到|推到|换到)\s*")
NEXT = ("next", "the next", "the next one", "下一次", "下一个", "下次")


def read_slot(text: str, entry: Entry, *, now_utc: datetime) -> datetime:
    """Return the slot that comes at a time in words, by its own time.

    "next" is the next one. Where nothing comes at that very time, it is the only one of
    that day, if there is just one.

    Raises:
        UserError: it is not understood, or nothing comes then.
    """
    if text.strip().lower() in NEXT:
        slot = entry.slots.next_after(now_utc)
        if slot is None:
            raise UserError(T("“{id}” does not come any more.", id=entry.schedule.id))
        return _own(entry, slot)
    moment_utc = _moment(text, entry, now_utc)
    if entry.slots.is_slot(moment_utc) or moment_utc in entry.slots.moves:
        return _own(entry, moment_utc)
    of_day = list(_of_day(entry, moment_utc, now_utc))
    if len(of_day) == 1:
        return _own(entry, of_day[0])
    zone = entry.timetable.zone
    raise UserError(
        T(
            "No post of “{id}” comes on {time} ({zone}). On that day: {times}.",
            id=entry.schedule.id,
            time=f"{moment_utc.astimezone(zone):%Y-%m-%d %H:%M}",
            zone=entry.schedule.timezone,
            times=", ".join(f"{one.astimezone(zone):%H:%M}" for one in of_day) or "–",
        )
    )


def read_move(
    text: str, entry: Entry, *, now_utc: datetime
) -> tuple[datetime, datetime]:
    """Return a slot by its own time, and when it is to come.

    Raises:
        UserError: it is not understood, or nothing comes then.
    """
    problem: UserError | None = None
    for found in BETWEEN.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        try:
            to_utc = _moment(after, entry, now_utc)
            return read_slot(before, entry, now_utc=now_utc), to_utc
        except NotUnderstoodError as error:
            problem = error  # "quarter to eight": the next "to" may be the one
    raise problem or UserError(
        T(
            "Write which post and when instead, such as /schedule move {id} tomorrow "
            "at 09:00 to Friday at 18:30, or “next” for the next one.",
            id=entry.schedule.id,
        )
    )


def _moment(text: str, entry: Entry, now_utc: datetime) -> datetime:
    zone = entry.schedule.timezone
    when = parse_when(text, now_utc=now_utc, timezone=zone)
    if not isinstance(when.pattern, Once):
        raise UserError(
            T("“{text}” is more than one time. Name just one.", text=text.strip())
        )
    wall = when.pattern.wall.replace(tzinfo=UTC)  # stands for the clock on the wall
    return first_moment(wall, ZoneInfo(when.zone or zone))


def _of_day(
    entry: Entry, moment_utc: datetime, now_utc: datetime
) -> Iterator[datetime]:
    """Return what is to come on the day of a moment, on the schedule's clock."""
    zone = entry.timetable.zone
    midnight = moment_utc.astimezone(zone).replace(
        hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC
    )
    begin_utc = first_moment(midnight, zone) - timedelta(microseconds=1)
    end_utc = first_moment(midnight + DAY, zone)
    slot = entry.slots.next_after(max(begin_utc, now_utc))
    while slot is not None and slot < end_utc:
        yield slot
        slot = entry.slots.next_after(slot)


def _own(entry: Entry, moment_utc: datetime) -> datetime:
    """Return when the timetable has what comes at a moment."""
    move = entry.slots.origin(moment_utc)
    return moment_utc if move is None else move.slot_utc
