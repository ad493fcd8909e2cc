from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError
from content.schedule import Timetable, timetable_of

ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of daylight saving
    "America/Santiago",  # the clock jumps at midnight
    "Asia/Kolkata",
)
minutes = st.integers(0, 365 * 24 * 60)


def cron(expression: str, zone: str = "UTC") -> Timetable:
    return Timetable(cron=expression, zone=ZoneInfo(zone), anchor_utc=ANCHOR)


def wall(timetable: Timetable, moments: tuple[datetime, ...]) -> list[str]:
    return [f"{m.astimezone(timetable.zone):%a %d %H:%M %z}" for m in moments]


@pytest.mark.parametrize(
    "expression",
    [
        "61 * * * *",
        "* * * * nosuchday",
        "* * * * 8",
        "a b c d e",
        "* * *",
        "",
        "* * * * 1-",
    ],
)
def test_cron_that_cannot_be_read_names_schedule_and_value(expression: str) -> None:
    with pytest.raises(ConfigError) as caught:
        timetable_of(
            id="news",
            cron=expression or " ",
            every_minutes=0,
            at_utc=None,
            timezone="UTC",
            anchor_utc=ANCHOR,
        )
    assert "news" in str(caught.value)
    assert expression in str(caught.value)


def test_day_that_never_comes_has_no_slot() -> None:
    assert cron("0 9 31 2 *").next_after(ANCHOR) is None


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("0", ["Sun"]),
        ("7", ["Sun"]),
        ("1", ["Mon"]),
        ("1-5", ["Mon", "Tue", "Wed", "Thu", "Fri"]),
        ("mon-fri", ["Mon", "Tue", "Wed", "Thu", "Fri"]),
        ("sat-mon", ["Sat", "Sun", "Mon"]),
        ("6,0", ["Sat", "Sun"]),
        ("*/3", ["Sun", "Wed", "Sat"]),
        ("TUE", ["Tue"]),
    ],
)
def test_weekdays_are_those_of_cron(field: str, days: list[str]) -> None:
    slots = cron(f"0 9 * * {field}").upcoming(ANCHOR, count=7)
    assert {f"{slot:%a}" for slot in slots} == set(days)


@pytest.mark.parametrize(
    ("zone", "expression", "around", "expected"),
    [
        (
            "Europe/Berlin",
            "30 2 * * *",
            datetime(2026, 3, 28, 12, tzinfo=UTC),
            ["Sun 29 03:00 +0200", "Mon 30 02:30 +0200"],
        ),
        (
            "Europe/Berlin",
            "30 2 * * *",
            datetime(2026, 10, 24, 12, tzinfo=UTC),
            ["Sun 25 02:30 +0200", "Mon 26 02:30 +0100"],
        ),
        (
            "Australia/Lord_Howe",
            "15 2 * * *",
            datetime(2026, 10, 3, 2, tzinfo=UTC),
            ["Sun 04 02:30 +1100", "Mon 05 02:15 +1100"],
        ),
        (
            "America/Santiago",
            "0 0 * * *",
            datetime(2026, 9, 5, 12, tzinfo=UTC),
            ["Sun 06 01:00 -0300", "Mon 07 00:00 -0300"],
        ),
    ],
)
def test_clock_change_posts_once(
    zone: str, expression: str, around: datetime, expected: list[str]
) -> None:
    timetable = cron(expression, zone)
    assert wall(timetable, timetable.upcoming(around, count=2)) == expected


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "at", ["0 0", "30 0", "30 1", "15 2", "30 2", "59 2", "0 3", "0 9"]
)
def test_daily_slot_comes_once_on_every_day_of_a_year(zone: str, at: str) -> None:
    timetable = cron(f"{at} * * *", zone)
    start = datetime(2025, 12, 31, 12, tzinfo=timetable.zone)
    slots = timetable.upcoming(start.astimezone(UTC), count=366)
    days = [slot.astimezone(timetable.zone).date() for slot in slots]
    assert days == [start.date() + timedelta(days=n) for n in range(1, 367)]


@settings(deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    expression=st.sampled_from(["*/20 * * * *", "30 1-3 * * *", "0 0 1 * *"]),
    after=minutes,
    length=st.integers(0, 60 * 24 * 15),
)
def test_latest_slot_is_the_last_of_all(
    zone: str, expression: str, after: int, length: int
) -> None:
    timetable = cron(expression, zone)
    start = ANCHOR + timedelta(minutes=after)
    end = start + timedelta(minutes=length)
    slots: list[datetime] = []
    slot = timetable.next_after(start)
    while slot is not None and slot <= end:
        assert not slots or slot > slots[-1]
        slots.append(slot)
        slot = timetable.next_after(slot)
    assert timetable.latest_between(start, end) == (slots[-1] if slots else None)


@given(every=st.integers(1, 5000), after=minutes)
def test_interval_counts_from_its_anchor(every: int, after: int) -> None:
    timetable = Timetable(
        every_minutes=every, zone=ZoneInfo("Europe/Berlin"), anchor_utc=ANCHOR
    )
    moment = ANCHOR + timedelta(minutes=after)
    slot = timetable.next_after(moment)
    step = timedelta(minutes=every)
    assert slot is not None
    assert moment < slot <= moment + step
    assert (slot - ANCHOR) % step == timedelta(0)


def test_interval_does_not_begin_before_its_anchor() -> None:
    timetable = Timetable(every_minutes=10, zone=ZoneInfo("UTC"), anchor_utc=ANCHOR)
    slot = timetable.next_after(ANCHOR - timedelta(days=3))
    assert slot == ANCHOR + timedelta(minutes=10)


def test_once_comes_once() -> None:
    at_utc = ANCHOR + timedelta(days=2)
    timetable = Timetable(at_utc=at_utc, zone=ZoneInfo("UTC"), anchor_utc=ANCHOR)
    assert timetable.upcoming(ANCHOR, count=3) == (at_utc,)
    assert timetable.next_after(at_utc) is None
