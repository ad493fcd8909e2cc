"""English phrases that say on which days: "every weekday", "on the 1st of a month"."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from bot.errors import UserError
from bot.words import T
from content.english_times import DAYS, MONTHS, ORDINALS, UNITS, Reader
from content.timing import (
    ALL_DAYS,
    LAST,
    WORKING_DAYS,
    Interval,
    Monthly,
    NthWeekday,
    Once,
    Pattern,
    Weekly,
    Yearly,
)

__all__ = [
    "DAYS_A_WEEK",
    "PHRASES",
    "TIMES_A_DAY",
    "Make",
    "Phrase",
    "Times",
    "date_after",
    "make_once",
]

Times = tuple[time, ...]
Make = Callable[[Times], Pattern | None]

NINE = time(9)
TIMES_A_DAY: dict[int, Times] = {
    1: (NINE,),
    2: (NINE, time(18)),
    3: (NINE, time(13), time(18)),
    4: (NINE, time(12), time(15), time(18)),
}
"""When posts come that shall come so often a day."""
DAYS_A_WEEK = {1: (0,), 2: (0, 3), 3: (0, 2, 4)}
DAY_MINUTES = 24 * 60
OF_MONTH = (
    "of each month",
    "of every month",
    "of the month",
    "of a month",
    "each month",
    "every month",
    "a month",
    "monthly",
)
PARTS_OF_HOUR = (("half an hour", 30), ("half hour", 30), ("quarter hour", 15))
DAYS_AHEAD = (("today", 0), ("the day after tomorrow", 2), ("tomorrow", 1))
EACH_YEAR = ("every year", "each year", "yearly", "annually")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase means: how times become a pattern, or the pattern itself."""

    make: Make | None = None
    default: Times = (NINE,)
    whole: Pattern | None = None


def date_after(now: datetime, month: int, day: int, year: int | None) -> date | None:
    """Return the next such date, or that of the year; None: there is none."""
    for candidate in (year,) if year is not None else range(now.year, now.year + 9):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year is not None or found >= now.date():
            return found
    return None


def make_once(day: date, times: Times) -> Pattern | None:
    """Return the pattern of a single post; None: several times were given."""
    return Once(datetime.combine(day, times[0])) if len(times) == 1 else None


def _counted(reader: Reader, now: datetime) -> Phrase | None:
    """Read "twice a day", "three times a week"."""
    word = reader.take("once", "twice")
    number = {"once": 1, "twice": 2}.get(word) or reader.number()
    if not number or not (word or reader.take("times")):
        return None
    if not reader.take("a", "an", "per", "each", "every"):
        return None
    unit = reader.take("hour", "day", "week")
    if unit == "hour" and 60 % number == 0:
        return Phrase(whole=Interval(60 // number))
    if unit == "day" and number in TIMES_A_DAY:
        return Phrase(partial(Weekly, ALL_DAYS), TIMES_A_DAY[number])
    if unit == "week" and number in DAYS_A_WEEK:
        return Phrase(partial(Weekly, DAYS_A_WEEK[number]))
    return None


def _nth_weekday(reader: Reader, now: datetime) -> Phrase | None:
    """Read "on the second Friday of each month"."""
    reader.take("on")
    reader.take("the", "every", "each")
    number = _ordinal(reader)
    day = reader.of(DAYS) if number is not None and number <= 5 else None
    if number is None or day is None or not _one_of(reader, OF_MONTH):
        return None
    return Phrase(partial(NthWeekday, number, day))


def _interval(reader: Reader, now: datetime) -> Phrase | None:
    """Read "every 2 hours", "every other day", "hourly"."""
    if word := reader.take("hourly", "fortnightly"):
        return Phrase(whole=Interval(60 if word == "hourly" else 14 * DAY_MINUTES))
    if not reader.take("every", "each"):
        return None
    for line, minutes in PARTS_OF_HOUR:
        if reader.take_all(line):
            return Phrase(whole=Interval(minutes))
    number = 2 if reader.take("other", "second", "2nd") else reader.number()
    if number == 2 and reader.next in DAYS:
        raise UserError(
            T(
                "Every second week on a certain day is more than I can do. Possible "
                "are “every Friday at 16:00”, “on the second Friday of each month at "
                "16:00”, and “every 2 weeks”, counted from now."
            )
        )
    if number is None and reader.next not in ("hour", "minute"):
        return None
    unit = reader.of(UNITS, plural=True)
    if not unit or number == 0:
        return None
    return Phrase(whole=Interval(unit * (number or 1)))


def _monthly(reader: Reader, now: datetime) -> Phrase | None:
    """Read "on the 1st and 15th of each month", "every month on the last day"."""
    is_first = _one_of(reader, ("every month", "each month", "monthly"))
    reader.take("on")
    days = reader.list_of(lambda: _month_day(reader))
    if not days and is_first:
        return Phrase(partial(Monthly, (1,)))
    if not days or not (_one_of(reader, OF_MONTH) or is_first):
        return None
    if not {LAST, *range(1, 32)} >= set(days):
        return None
    ordered = sorted(set(days), key=lambda day: 32 if day == LAST else day)
    return Phrase(partial(Monthly, tuple(ordered)))


def _month_day(reader: Reader) -> int | None:
    reader.take("on")
    has_article = bool(reader.take("the", "every", "each", "day"))
    found = _ordinal(reader)
    if found is None and has_article and reader.next.isdigit():
        found = reader.number()
    reader.take("day")
    return found


def _dated(reader: Reader, now: datetime) -> Phrase | None:
    """Read "on 24 December at 18:00", "every year on 24 December", "2026-12-24"."""
    is_yearly = _one_of(reader, EACH_YEAR)
    reader.take("once")
    reader.take("on")
    found = reader.attempt(lambda: _date(reader))
    if found is None:
        return None
    day, month, year = found
    if is_yearly or _one_of(reader, EACH_YEAR):
        is_real = date_after(now, month, day, None) is not None
        return Phrase(partial(Yearly, month, day)) if is_real and not year else None
    on = date_after(now, month, day, year)
    return None if on is None else Phrase(partial(make_once, on))


def _date(reader: Reader) -> tuple[int, int, int | None] | None:
    """Return day, month and, where it is said, year."""
    if (iso := reader.match(r"(\d{4})-(\d\d?)-(\d\d?)")) is not None:
        return int(iso[3]), int(iso[2]), int(iso[1])
    if (dotted := reader.match(r"(\d\d?)\.(\d\d?)\.(\d{4})")) is not None:
        return int(dotted[1]), int(dotted[2]), int(dotted[3])
    month = reader.of(MONTHS)
    reader.take("the")
    day = _ordinal(reader) or reader.number()
    if month is None:
        reader.take("of")
        month = reader.of(MONTHS)
    if day is None or month is None or day < 1:
        return None
    return day, month, reader.attempt(lambda: _year(reader))


def _year(reader: Reader) -> int | None:
    reader.take(",")
    found = reader.match(r"\d{4}")
    return None if found is None else int(found[0])


def _relative(reader: Reader, now: datetime) -> Phrase | None:
    """Read "tomorrow", "in 3 days", "in 2 hours"."""
    reader.take("once")
    for line, num_days in DAYS_AHEAD:
        if reader.take_all(line):
            return Phrase(partial(make_once, now.date() + timedelta(days=num_days)))
    if not reader.take("in"):
        return None
    number = 1 if reader.take("a", "an") else reader.number()
    unit = reader.of(UNITS, plural=True)
    if number is None or unit is None or number * unit > 3660 * DAY_MINUTES:
        return None
    then = now + timedelta(minutes=number * unit)
    if unit < DAY_MINUTES:
        return Phrase(whole=Once(then.replace(second=0, microsecond=0)))
    return Phrase(partial(make_once, then.date()))


def _weekly(reader: Reader, now: datetime) -> Phrase | None:
    """Read "every day", "weekdays", "Mondays and Thursdays", "Monday to Friday"."""
    if reader.take("daily", "everyday"):
        return Phrase(partial(Weekly, ALL_DAYS))
    is_weekly = bool(reader.take("weekly")) or reader.take_all("every week")
    reader.take("on")
    word = reader.take("every", "each", "next", "this")
    is_weekly = is_weekly or word in ("every", "each")
    if is_weekly and reader.take("day"):
        return Phrase(partial(Weekly, ALL_DAYS))
    if is_weekly and reader.next in ("morning", "afternoon", "evening", "night"):
        return Phrase(partial(Weekly, ALL_DAYS))  # the part of the day is read later
    for words, days in (
        (("weekday", "workday", "working", "business"), WORKING_DAYS),
        (("weekend",), (5, 6)),
    ):
        if reader.take(*words, *(f"{word}s" for word in words)):
            reader.take("day", "days")
            return Phrase(partial(Weekly, days))
    return reader.attempt(lambda: _named_days(reader, now, is_weekly=is_weekly))


def _named_days(reader: Reader, now: datetime, *, is_weekly: bool) -> Phrase | None:
    is_plural = reader.next.removesuffix("s") in DAYS and reader.next not in DAYS
    found = reader.list_of(lambda: _day_or_range(reader))
    days = tuple(sorted({day for some in found for day in some}))
    if days and (is_weekly or is_plural or len(days) > 1):
        return Phrase(partial(Weekly, days))
    if not days:
        return Phrase(partial(Weekly, (0,))) if is_weekly else None
    ahead = (days[0] - now.weekday()) % 7 or 7
    return Phrase(partial(make_once, now.date() + timedelta(days=ahead)))


def _day_or_range(reader: Reader) -> tuple[int, ...] | None:
    reader.take("every", "each", "on")
    first = reader.of(DAYS, plural=True)
    if first is None:
        return None
    last = reader.attempt(lambda: _range_end(reader))
    if last is None:
        return (first,)
    return tuple(day % 7 for day in range(first, last + 1 + (7 if last < first else 0)))


def _range_end(reader: Reader) -> int | None:
    return (
        reader.of(DAYS, plural=True) if reader.take("to", "through", "till") else None
    )


def _ordinal(reader: Reader) -> int | None:
    if (found := reader.match(r"(\d+)(?:st|nd|rd|th)")) is not None:
        return int(found[1])
    return reader.of(ORDINALS)


def _one_of(reader: Reader, lines: tuple[str, ...]) -> bool:
    return any(reader.take_all(line) for line in lines)


PHRASES: tuple[Callable[[Reader, datetime], Phrase | None], ...] = (
    _counted,
    _nth_weekday,
    _monthly,
    _dated,
    _interval,
    _relative,
    _weekly,
)
"""What may say the days, in the order in which it is tried."""
