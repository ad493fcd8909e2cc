"""What comes on some days: the same as the timetable says, slot by slot."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store.moves import SlotMove
from bot.store.schedules import StoredSchedule
from content.coming import days_of, slots_in
from content.slots import Slots

START = datetime(2026, 3, 27, 6, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")


def made(**changes: Any) -> StoredSchedule:
    values: dict[str, Any] = {
        "id": "daily",
        "kind": "article",
        "channels": ("fake:general",),
        "topics": ("x",),
        "timezone": "UTC",
        "created_utc": START,
        **changes,
    }
    return StoredSchedule(**values)


@given(
    trigger=st.sampled_from(
        [
            {"cron": "0 9 * * mon-fri"},
            {"cron": "30 2,3 * * *"},
            {"cron": "0 9 * * *; 30 17 * * *"},
            {"cron": "0 1 1,15,31,l * *"},
            {"cron": "15 2 * * sun#5"},
            {"cron": "0 8 * * fril"},
            {"cron": "0 12 29 2 *"},
            {"cron": "*/20 3 * * sat,sun"},
            {"cron": "0 0 * * 0"},
            {"every_minutes": 5},
            {"every_minutes": 90},
            {"every_minutes": 60 * 31},
            {"at_utc": START + timedelta(days=3)},
        ]
    ),
    changes=st.sampled_from(
        [{}, {"until": date(2026, 4, 2)}, {"quiet_hours": "01:00-08:30"}]
    ),
    zone=st.sampled_from(ZONES),
    seen_in=st.sampled_from(ZONES),
    first=st.dates(date(2026, 3, 20), date(2026, 11, 2)),
    hours=st.integers(-100, 9000),
)
@settings(max_examples=200, deadline=None)
def test_it_is_what_the_timetable_says(
    trigger: dict[str, Any],
    changes: dict[str, Any],
    zone: str,
    seen_in: str,
    first: date,
    hours: int,
) -> None:
    schedule = made(timezone=zone, **trigger, **changes)
    slots, days = Slots(schedule), days_of(first, 9, ZoneInfo(seen_in))
    after_utc = START + timedelta(hours=hours)
    expected: dict[date, list[datetime]] = {day.date: [] for day in days}
    slot = slots.next_after(max(after_utc, days[0].begin_utc - timedelta(days=1)))
    while slot is not None and slot < days[-1].end_utc:
        shown = slots.shown_utc(slot)
        for day in days:
            if day.begin_utc <= shown < day.end_utc:
                expected[day.date].append(shown)
        slot = slots.next_after(slot)
    found: dict[date, list[tuple[datetime, datetime, int]]] = {}
    for one in slots_in(schedule, slots, days, after_utc=after_utc):
        date_ = one.at_utc.astimezone(ZoneInfo(seen_in)).date()
        found.setdefault(date_, []).append((one.at_utc, one.last_utc, one.num_posts))
    for day_date, moments in expected.items():
        ours = found.pop(day_date, [])
        assert sum(count for _, _, count in ours) == len(moments)
        if len(ours) == len(moments):
            assert ours == [(moment, moment, 1) for moment in moments]
        else:
            assert [(ours[0][0], ours[-1][1])] == [(moments[0], moments[-1])]
            assert len(ours) == 1
    assert found == {}


def test_every_five_minutes_is_one_line_a_day() -> None:
    schedule = made(every_minutes=5)
    days = days_of(date(2026, 4, 1), 2, UTC_ZONE)
    found = list(slots_in(schedule, Slots(schedule), days, after_utc=START))
    assert [one.num_posts for one in found] == [288, 288]
    assert found[0].at_utc == datetime(2026, 4, 1, tzinfo=UTC)
    assert found[0].last_utc == datetime(2026, 4, 1, 23, 55, tzinfo=UTC)


def test_day_when_the_clocks_go_forward_has_an_hour_less() -> None:
    (day,) = days_of(date(2026, 3, 29), 1, ZoneInfo("Europe/Berlin"))
    assert day.end_utc - day.begin_utc == timedelta(hours=23)
    schedule = made(every_minutes=5)
    (found,) = slots_in(schedule, Slots(schedule), [day], after_utc=START)
    assert found.num_posts == 276


def test_moved_slots_are_where_they_were_moved() -> None:
    schedule = made(cron="0 9 * * *")
    nine = datetime(2026, 4, 1, 9, tzinfo=UTC)
    moves = [
        SlotMove("daily", nine, nine + timedelta(hours=30), "Mo"),
        SlotMove("daily", nine + timedelta(days=2), None, "Mo"),
    ]
    days = days_of(date(2026, 4, 1), 4, UTC_ZONE)
    found = slots_in(schedule, Slots(schedule, moves), days, after_utc=START)
    assert [f"{one.at_utc:%d %H}" for one in found] == ["02 09", "02 15", "04 09"]


@pytest.mark.parametrize("jitter", [0, 45])
def test_what_falls_into_quiet_hours_is_shown_as_it_comes(jitter: int) -> None:
    days = days_of(date(2026, 4, 1), 1, UTC_ZONE)
    waiting = made(
        cron="0 5,12 * * *", quiet_hours="22:00-07:00", jitter_minutes=jitter
    )
    found = slots_in(waiting, Slots(waiting), days, after_utc=START)
    assert [f"{one.at_utc:%H:%M}" for one in found] == ["07:00", "12:00"]
    skipping = made(
        cron="0 5,12 * * *", quiet_hours="22:00-07:00", in_quiet_hours="skip"
    )
    found = slots_in(skipping, Slots(skipping), days, after_utc=START)
    assert [f"{one.at_utc:%H:%M}" for one in found] == ["12:00"]
