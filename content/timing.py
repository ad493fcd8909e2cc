"""What words about time mean: on which days, at what times; to cron and back."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache

from content.schedule import weekday_numbers

__all__ = [
    "ALL_DAYS",
    "LAST",
    "WORKING_DAYS",
    "CronLine",
    "Interval",
    "Monthly",
    "NthWeekday",
    "Once",
    "Pattern",
    "Weekly",
    "When",
    "Yearly",
    "cron_of",
    "in_order",
    "pattern_of_cron",
]

ALL_DAYS = tuple(range(7))
WORKING_DAYS = tuple(range(5))
LAST = -1
"""The last day of a month, or the last weekday of its kind in it."""
CRON_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Weekly:
    """On some days of every week, 0 is Monday."""

    days: tuple[int, ...]
    times: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class Monthly:
    """On some days of every month, 1 to 31 or LAST."""

    days: tuple[int, ...]
    times: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """On the first to fifth, or LAST, Monday (0) to Sunday of every month."""

    number: int
    day: int
    times: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class Yearly:
    """On one day of every year."""

    month: int
    day: int
    times: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """Again and again after so long, counted from when it was set up."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Once:
    """Once, when the clock on the wall shows this."""

    wall: datetime


@dataclass(frozen=True, slots=True)
class CronLine:
    """What only cron can say."""

    expression: str


Pattern = Weekly | Monthly | NthWeekday | Yearly | Interval | Once | CronLine


@dataclass(frozen=True, slots=True)
class When:
    """When posts come. `zone` is "" where none was named."""

    pattern: Pattern
    zone: str = ""


def in_order(times: Iterable[time]) -> tuple[time, ...]:
    """Return the times of a day, each once."""
    return tuple(sorted(set(times)))


def cron_of(pattern: Pattern) -> str:
    """Return the pattern as cron lines; "" for those that are none."""
    match pattern:
        case Weekly(days, times):
            return _lines(times, f"* * {_weekday_field(days)}")
        case Monthly(days, times):
            return _lines(times, f"{','.join(map(_day_field, days))} * *")
        case NthWeekday(number, day, times):
            place = "l" if number == LAST else f"#{number}"
            return _lines(times, f"* * {CRON_DAYS[day]}{place}")
        case Yearly(month, day, times):
            return _lines(times, f"{day} {month} *")
        case CronLine(expression):
            return expression
        case _:
            return ""


@lru_cache(maxsize=4096)
def pattern_of_cron(expression: str) -> Pattern:
    """Return what cron lines mean; a CronLine where no other pattern does.

    Raises:
        ValueError: a weekday in them cannot be read.
    """
    expression = "; ".join(" ".join(p.split()) for p in expression.lower().split(";"))
    times: list[time] = []
    rests: set[str] = set()
    for line in expression.split("; "):
        match = re.fullmatch(r"(\d+) (\d+(?:,\d+)*) (.+)", line)
        if match is None or int(match[1]) > 59:
            return CronLine(expression)
        hours = [int(hour) for hour in match[2].split(",")]
        if max(hours) > 23:
            return CronLine(expression)
        times += [time(hour, int(match[1])) for hour in hours]
        rests.add(match[3])
    if len(rests) != 1:
        return CronLine(expression)
    found = _pattern(rests.pop().split(), in_order(times))
    return CronLine(expression) if found is None else found


def _pattern(fields: list[str], times: tuple[time, ...]) -> Pattern | None:
    if len(fields) != 3:
        return None
    day, month, weekday = fields
    if (day, month) == ("*", "*"):
        nth = re.fullmatch(r"([a-z]{3})(?:#([1-5])|(l))", weekday)
        if nth is not None and nth[1] in CRON_DAYS:
            number = LAST if nth[3] else int(nth[2])
            return NthWeekday(number, CRON_DAYS.index(nth[1]), times)
        # cron's 0 is Sunday, ours Monday.
        days = {(number - 1) % 7 for number in weekday_numbers(weekday)}
        return Weekly(tuple(sorted(days)), times)
    if weekday != "*" or re.fullmatch(r"(\d+|l)(,(\d+|l))*", day) is None:
        return None
    days_of_month = {LAST if one == "l" else int(one) for one in day.split(",")}
    if not days_of_month <= {LAST, *range(1, 32)}:
        return None
    if month == "*":
        return Monthly(_month_days(days_of_month), times)
    (only, *more) = days_of_month
    if more or only == LAST or not month.isdigit() or not 1 <= int(month) <= 12:
        return None
    return Yearly(int(month), only, times)


def _month_days(days: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(days, key=lambda day: 32 if day == LAST else day))


def _lines(times: tuple[time, ...], rest: str) -> str:
    """Return a line for each minute: cron has no other way to say 9:00 and 17:30."""
    hours: dict[int, list[int]] = defaultdict(list)
    for at in times:
        hours[at.minute].append(at.hour)
    return "; ".join(
        f"{minute} {','.join(map(str, sorted(hours[minute])))} {rest}"
        for minute in sorted(hours)
    )


def _weekday_field(days: tuple[int, ...]) -> str:
    if days == ALL_DAYS:
        return "*"
    if days == WORKING_DAYS:
        return "mon-fri"
    return ",".join(CRON_DAYS[day] for day in days)


def _day_field(day: int) -> str:
    return "l" if day == LAST else str(day)
