"""From a pattern in time to words that are understood again."""

from collections.abc import Sequence
from datetime import time

from bot.words import T, Text, Tn
from content.timing import (
    ALL_DAYS,
    LAST,
    WORKING_DAYS,
    CronLine,
    Interval,
    Monthly,
    NthWeekday,
    Once,
    Pattern,
    Weekly,
    When,
    Yearly,
)

__all__ = ["say_pattern", "say_when"]

DAYS = (
    T("Monday"),
    T("Tuesday"),
    T("Wednesday"),
    T("Thursday"),
    T("Friday"),
    T("Saturday"),
    T("Sunday"),
)
MONTHS = (
    T("January"),
    T("February"),
    T("March"),
    T("April"),
    T("May"),
    T("June"),
    T("July"),
    T("August"),
    T("September"),
    T("October"),
    T("November"),
    T("December"),
)


def say_when(when: When) -> Text:
    """Return when posts come, such as "every weekday at 09:00 Europe/Berlin"."""
    said = say_pattern(when.pattern)
    return T("{when} {zone}", when=said, zone=when.zone) if when.zone else said


def say_pattern(pattern: Pattern) -> Text:
    """Return a pattern in words."""
    match pattern:
        case Weekly(days, times):
            return _weekly(days, _times(times))
        case Monthly(days, times):
            listed = _listed([_day_of_month(day) for day in days])
            return T(
                "on the {days} of each month at {times}",
                days=listed,
                times=_times(times),
            )
        case NthWeekday(number, day, times):
            return _nth(number, DAYS[day], _times(times))
        case Yearly(month, day, times):
            return T(
                "every year on {day} {month} at {times}",
                day=day,
                month=MONTHS[month - 1],
                times=_times(times),
            )
        case Interval(minutes):
            return _interval(minutes)
        case Once(wall):
            return T(
                "once on {day} {month} {year} at {time}",
                day=wall.day,
                month=MONTHS[wall.month - 1],
                year=wall.year,
                time=f"{wall:%H:%M}",
            )
        case CronLine(expression):
            return T("by cron {expression}", expression=expression)


def _weekly(days: tuple[int, ...], times: Text) -> Text:
    if days == ALL_DAYS:
        return T("every day at {times}", times=times)
    if days == WORKING_DAYS:
        return T("every weekday at {times}", times=times)
    listed = _listed([DAYS[day] for day in days])
    return T("every {days} at {times}", days=listed, times=times)


def _nth(number: int, day: Text, times: Text) -> Text:
    match number:
        case 1:
            return T(
                "on the first {day} of each month at {times}", day=day, times=times
            )
        case 2:
            return T(
                "on the second {day} of each month at {times}", day=day, times=times
            )
        case 3:
            return T(
                "on the third {day} of each month at {times}", day=day, times=times
            )
        case 4:
            return T(
                "on the fourth {day} of each month at {times}", day=day, times=times
            )
        case 5:
            return T(
                "on the fifth {day} of each month at {times}", day=day, times=times
            )
        case _:
            return T("on the last {day} of each month at {times}", day=day, times=times)


def _day_of_month(day: int) -> Text:
    if day == LAST:
        return T("last day")
    if day in (1, 21, 31):
        return T("{number}st", number=day)
    if day in (2, 22):
        return T("{number}nd", number=day)
    if day in (3, 23):
        return T("{number}rd", number=day)
    return T("{number}th", number=day)


def _interval(minutes: int) -> Text:
    hours, rest = divmod(minutes, 60)
    if rest:
        return Tn("every minute", "every {n} minutes", minutes)
    if hours % 24 or hours == 24:  # "every day" would be a time of day
        return Tn("every hour", "every {n} hours", hours)
    return Tn("every 24 hours", "every {n} days", hours // 24)


def _times(times: Sequence[time]) -> Text:
    return _listed([Text(f"{at:%H:%M}") for at in times])


def _listed(texts: Sequence[Text]) -> Text:
    """Return "a, b and c"."""
    *firsts, last = texts
    if not firsts:
        return last
    said = T("{first} and {last}", first=firsts.pop(), last=last)
    for text in reversed(firsts):
        said = T("{first}, {rest}", first=text, rest=said)
    return said
