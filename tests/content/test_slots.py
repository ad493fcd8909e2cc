from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.schedules import StoredSchedule
from content.slots import QuietHours, Slots

START = datetime(2026, 7, 1, 6, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def slots(**changes: Any) -> Slots:
    values: dict[str, Any] = {
        "id": "daily",
        "kind": "article",
        "channels": ("fake:general",),
        "topics": ("x",),
        "timezone": "UTC",
        "created_utc": START,
        "cron": "0 * * * *",
        **changes,
    }
    return Slots(StoredSchedule(**values))


def quiet(hours: str, zone: str = "UTC") -> QuietHours:
    return QuietHours(hours, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("hours", "at", "end"),
    [
        ("22:00-07:00", "2026-07-01 21:59", None),
        ("22:00-07:00", "2026-07-01 22:00", "2026-07-02 07:00"),
        ("22:00-07:00", "2026-07-02 06:59", "2026-07-02 07:00"),
        ("22:00-07:00", "2026-07-02 07:00", None),
        ("12:00-14:00", "2026-07-02 13:00", "2026-07-02 14:00"),
        ("12:00-14:00", "2026-07-02 11:00", None),
        ("00:00-00:00", "2026-07-02 11:00", None),
        ("", "2026-07-02 11:00", None),
    ],
)
def test_quiet_hours_end_in_the_morning(hours: str, at: str, end: str | None) -> None:
    found = quiet(hours).end_after(datetime.fromisoformat(f"{at}+00:00"))
    assert (found and f"{found:%Y-%m-%d %H:%M}") == end


def test_quiet_hours_follow_the_clock_on_the_wall() -> None:
    """Night has eleven hours of quiet when the clock is put back, nine else."""
    berlin = quiet("22:00-07:00", "Europe/Berlin")
    evening = datetime(2026, 10, 24, 20, tzinfo=UTC)
    assert berlin.end_after(evening) == datetime(2026, 10, 25, 6, tzinfo=UTC)
    assert berlin.end_after(evening - 24 * HOUR) == datetime(
        2026, 10, 24, 5, tzinfo=UTC
    )


@given(
    minute=st.integers(0, 365 * 24 * 60),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    hours=st.sampled_from(["22:00-07:00", "02:15-02:45", "01:30-03:30", "23:59-00:01"]),
)
def test_end_of_quiet_hours_is_later_and_not_quiet(
    minute: int, zone: str, hours: str
) -> None:
    moment = START + minute * MINUTE
    found = quiet(hours, zone).end_after(moment)
    if found is not None:
        assert moment < found
        assert quiet(hours, zone).end_after(found) is None


def test_slots_end_after_the_last_day_of_their_zone() -> None:
    ending = slots(
        cron="0 23 * * *", until=date(2026, 7, 2), timezone="America/New_York"
    )
    found = ending.upcoming(START, count=9)
    assert [f"{slot:%d %H:%M}" for slot in found] == ["02 03:00", "03 03:00"]
    assert ending.next_after(found[-1]) is None
    assert ending.latest_between(START, START + 240 * HOUR) == found[-1]
    assert ending.latest_between(START + 240 * HOUR, START + 480 * HOUR) is None


def test_slots_in_quiet_hours_wait_for_their_end_together() -> None:
    waiting = slots(quiet_hours="22:00-07:00")
    night = START.replace(hour=20, minute=30)
    found = waiting.upcoming(night, count=3)
    assert [f"{moment:%d %H:%M}" for moment in found] == [
        "01 21:00",
        "02 07:00",
        "02 08:00",
    ]
    assert not waiting.is_left_out(night.replace(hour=23, minute=0))


def test_slots_in_quiet_hours_are_left_out_where_it_says_so() -> None:
    skipping = slots(quiet_hours="21:00-07:00", in_quiet_hours="skip")
    found = skipping.upcoming(START.replace(hour=20, minute=30), count=1)
    assert [f"{moment:%d %H:%M}" for moment in found] == ["02 07:00"]
    assert skipping.is_left_out(START.replace(hour=22))
    always = slots(quiet_hours="08:00-10:00", in_quiet_hours="skip", cron="0 9 * * *")
    assert always.upcoming(START, count=3) == ()


@given(
    jitter=st.integers(0, 720),
    every=st.integers(1, 3000),
    after=st.integers(0, 100_000),
)
def test_jitter_is_the_same_each_time_and_keeps_the_order(
    jitter: int, every: int, after: int
) -> None:
    moving = slots(cron="", every_minutes=every, jitter_minutes=jitter)
    first = moving.next_after(START + after * MINUTE)
    assert first is not None
    second = moving.next_after(first)
    assert second is not None
    start = moving.starts_utc(first)
    assert first <= start <= first + min(jitter, every / 2) * MINUTE
    assert start <= moving.starts_utc(second)
    again = slots(cron="", every_minutes=every, jitter_minutes=jitter)
    assert again.starts_utc(first) == start


def test_jitter_differs_from_slot_to_slot_and_schedule_to_schedule() -> None:
    daily = slots(cron="0 9 * * *", jitter_minutes=60)
    other = slots(cron="0 9 * * *", jitter_minutes=60, id="other")
    found = daily.upcoming(START, count=20)
    assert len({moment.minute for moment in found}) > 5
    assert found != other.upcoming(START, count=20)


def test_jitter_of_a_single_post_is_not_cut() -> None:
    once = slots(cron="", at_utc=START + HOUR, jitter_minutes=30)
    assert START + HOUR <= once.starts_utc(START + HOUR) <= START + HOUR * 1.5
