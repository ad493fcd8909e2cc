from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.words import Words
from content.schedule import Timetable
from content.timing import (
    LAST,
    CronLine,
    Interval,
    Monthly,
    NthWeekday,
    Once,
    Pattern,
    Weekly,
    When,
    Yearly,
    cron_of,
    in_order,
    pattern_of_cron,
)
from content.when import NotUnderstoodError, parse_when, say_when, zone_named

NOW = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)  # a Tuesday, 12:30 in Berlin
BERLIN = "Europe/Berlin"

all_times = st.lists(
    st.builds(time, st.integers(0, 23), st.integers(0, 59)), min_size=1, max_size=4
).map(in_order)


def some_of(values: Sequence[int]) -> st.SearchStrategy[tuple[int, ...]]:
    order = list(values)
    some = st.sets(st.sampled_from(order), min_size=1)
    return some.map(lambda found: tuple(sorted(found, key=order.index)))


month_days = some_of((*range(1, 32), LAST))
dates = st.datetimes(
    NOW.replace(tzinfo=None) + timedelta(days=1),
    NOW.replace(tzinfo=None) + timedelta(days=20_000),
).map(lambda moment: moment.replace(second=0, microsecond=0))
zones = st.sampled_from(["", BERLIN, "America/New_York", "UTC", "Asia/Kathmandu"])
patterns: st.SearchStrategy[Pattern] = st.one_of(
    st.builds(Weekly, some_of(range(7)), all_times),
    st.builds(Monthly, month_days, all_times),
    st.builds(
        NthWeekday, st.sampled_from([1, 2, 3, 4, 5, LAST]), st.integers(0, 6), all_times
    ),
    st.builds(lambda day, times: Yearly(day.month, day.day, times), dates, all_times),
    st.builds(Interval, st.integers(1, 100_000)),
    st.builds(Once, dates),
    st.sampled_from(["*/15 * * * *", "0 9-17 * * mon-fri", "0 0 1 1,7 *"]).map(
        CronLine
    ),
)


def read(text: str) -> str:
    return str(say_when(parse_when(text, now_utc=NOW, timezone=BERLIN)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "at nine",
        "every blue moon",
        "every day at 25",
        "every day at 9 and every Monday at 8",
        "every day at 13 pm",
        "on 31 February at 9",
        "on the 32nd of each month",
        "tomorrow at 8 and 9",
        "on Monday if it rains",
        "seven times a day",
        "every 0 minutes",
        "0 9 * *",
        "每天二十五点",
        "每个蓝月亮",
        "一点",
        "每月三十二号",
        "明天八点和九点",
    ],
)
def test_words_that_are_not_understood_are_said_with_examples(text: str) -> None:
    with pytest.raises(NotUnderstoodError) as caught:
        read(text)
    assert f"“{text}”" in str(caught.value)
    assert str(caught.value).count("“") == 4


def test_long_text_is_no_time_and_not_all_said_again() -> None:
    with pytest.raises(NotUnderstoodError) as caught:
        read("every day at 9 and " * 1000)
    assert len(str(caught.value)) < 500


def test_examples_of_that_are_understood() -> None:
    with pytest.raises(NotUnderstoodError) as caught:
        read("?")
    for example in str(caught.value).split("“")[2:]:
        assert read(example.split("”")[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("every second Friday at 16:00", "on the second Friday of each month"),
        ("every other Monday", "on the second Friday of each month"),
        ("every 3 days at nine", "has no time of day"),
        ("每隔两小时 9点", "has no time of day"),
        ("today at 8", "over already: once on 24 November 2026 at 08:00"),
        ("2020-01-01 9:00", "over already"),
        ("every day at 9 Foo/Bar", "no time zone Foo/Bar"),
        ("61 9 * * *", "cannot be read"),
        ("0 9 1 * fri#2", "cannot be read"),
    ],
)
def test_words_that_cannot_be_done_are_refused_kindly(text: str, said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        read(text)
    assert not isinstance(caught.value, NotUnderstoodError)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("every Monday at nine", "every Monday at 09:00"),
        ("every weekday at 09:00", "every weekday at 09:00"),
        ("weekdays at 9 and 17:30", "every weekday at 09:00 and 17:30"),
        ("every day at noon", "every day at 12:00"),
        ("midnight every Sunday", "every Sunday at 00:00"),
        ("every 2 hours", "every 2 hours"),
        ("every 90 minutes", "every 90 minutes"),
        ("every ninety minutes", "every 90 minutes"),
        ("every twenty five minutes", "every 25 minutes"),
        ("every half hour", "every 30 minutes"),
        ("four times an hour", "every 15 minutes"),
        ("hourly", "every hour"),
        ("every 2 weeks", "every 14 days"),
        ("fortnightly", "every 14 days"),
        ("every 1 day", "every 24 hours"),
        ("tomorrow at 8", "once on 25 November 2026 at 08:00"),
        ("tonight", "once on 24 November 2026 at 21:00"),
        ("tomorrow evening at 8", "once on 25 November 2026 at 20:00"),
        ("the day after tomorrow at noon", "once on 26 November 2026 at 12:00"),
        ("in 3 hours", "once on 24 November 2026 at 15:30"),
        ("in two weeks at 10am", "once on 8 December 2026 at 10:00"),
        ("on Friday at 10", "once on 27 November 2026 at 10:00"),
        ("next Tuesday", "once on 1 December 2026 at 09:00"),
        ("on 24 December at 18:00", "once on 24 December 2026 at 18:00"),
        ("December 24th, 2027 at 6 p.m.", "once on 24 December 2027 at 18:00"),
        ("on the 3rd of March at 9.15", "once on 3 March 2027 at 09:15"),
        ("24.12.2026 18:00", "once on 24 December 2026 at 18:00"),
        ("2026-12-24 18:00", "once on 24 December 2026 at 18:00"),
        ("on the first of each month at 10:00", "on the 1st of each month at 10:00"),
        (
            "on the 15th and the last day of the month at 8",
            "on the 15th and last day of each month at 08:00",
        ),
        ("monthly on day 5 at 7", "on the 5th of each month at 07:00"),
        ("every month", "on the 1st of each month at 09:00"),
        (
            "every last Friday of the month at 4pm",
            "on the last Friday of each month at 16:00",
        ),
        ("every year on 1 May at 12:00", "every year on 1 May at 12:00"),
        ("on 29 February every year", "every year on 29 February at 09:00"),
        ("twice a day", "every day at 09:00 and 18:00"),
        ("three times a week", "every Monday, Wednesday and Friday at 09:00"),
        ("daily at 18h30", "every day at 18:30"),
        ("every morning", "every day at 09:00"),
        ("every evening at 8", "every day at 20:00"),
        ("Saturdays at quarter to eight in the evening", "every Saturday at 19:45"),
        (
            "at half past nine on Tuesdays & Thursdays",
            "every Tuesday and Thursday at 09:30",
        ),
        ("ten past six pm every weekend", "every Saturday and Sunday at 18:10"),
        (
            "Friday to Monday at 8 o'clock",
            "every Monday, Friday, Saturday and Sunday at 08:00",
        ),
        ("every week", "every Monday at 09:00"),
        ("every week on Sunday at nine thirty", "every Sunday at 09:30"),
        ("every weekday at 9 Berlin time", "every weekday at 09:00 Europe/Berlin"),
        ("daily at 7am in New York time", "every day at 07:00 America/New_York"),
        ("every day at 9 UTC", "every day at 09:00 UTC"),
        ("daily at 9 (europe/berlin)", "every day at 09:00 Europe/Berlin"),
        ("0 9 * * 1-5", "every weekday at 09:00"),
        (
            "0 9,12 * * *; 30 17 * * * Asia/Tokyo",
            "every day at 09:00, 12:00 and 17:30 Asia/Tokyo",
        ),
        ("cron */15 * * * *", "by cron */15 * * * *"),
        ("0 10 L * *", "on the last day of each month at 10:00"),
        ("每天早上九点", "every day at 09:00"),
        ("每周一 9 点", "every Monday at 09:00"),
        ("工作日 18:30", "every weekday at 18:30"),
        ("每两小时", "every 2 hours"),
        ("每小时", "every hour"),
        ("每半小时", "every 30 minutes"),
        ("明天上午 8 点", "once on 25 November 2026 at 08:00"),
        ("明晚八点", "once on 25 November 2026 at 20:00"),
        ("后天", "once on 26 November 2026 at 09:00"),
        ("半小时后", "once on 24 November 2026 at 13:00"),
        ("三天后下午3点", "once on 27 November 2026 at 15:00"),
        ("下周一上午九点", "once on 30 November 2026 at 09:00"),
        ("周五 10:00", "once on 27 November 2026 at 10:00"),
        ("每周一三五晚上8点半", "every Monday, Wednesday and Friday at 20:30"),
        ("每星期二、星期四 九点一刻", "every Tuesday and Thursday at 09:15"),
        ("周一到周五 9点、17点半", "every weekday at 09:00 and 17:30"),
        ("每个周末中午", "every Saturday and Sunday at 12:00"),
        ("每月1号和15号 10点", "on the 1st and 15th of each month at 10:00"),
        ("每月最后一天 上午十点二十", "on the last day of each month at 10:20"),
        ("每月第二个周五下午四点", "on the second Friday of each month at 16:00"),
        ("每年12月24日 18:00", "every year on 24 December at 18:00"),
        ("2027年3月3日早上", "once on 3 March 2027 at 09:00"),
        ("每隔一天", "every 2 days"),
        ("每天两次", "every day at 09:00 and 18:00"),
        ("每周三次", "every Monday, Wednesday and Friday at 09:00"),
        ("每天 8:30 北京时间", "every day at 08:30 Asia/Shanghai"),
        ("每个工作日 09:00（Asia/Tokyo）", "every weekday at 09:00 Asia/Tokyo"),
    ],
)
def test_plain_words_are_understood(text: str, said: str) -> None:
    assert read(text) == said


@given(pattern=patterns, zone=zones)
def test_what_is_said_is_understood_as_the_same(pattern: Pattern, zone: str) -> None:
    when = When(pattern, zone)
    said = str(say_when(when))
    assert parse_when(said, now_utc=NOW, timezone=BERLIN) == when


@settings(deadline=None)
@given(pattern=patterns, zone=zones)
def test_what_is_said_in_chinese_is_understood_as_the_same(
    pattern: Pattern, zone: str
) -> None:
    when = When(pattern, zone)
    said = CHINESE.say(say_when(when), "zh")
    assert parse_when(said, now_utc=NOW, timezone=BERLIN) == when


CHINESE = Words.load()


@given(pattern=patterns.filter(cron_of))
def test_cron_means_the_same_as_the_words(pattern: Pattern) -> None:
    assert pattern_of_cron(cron_of(pattern)) == pattern


@settings(deadline=None, max_examples=50)
@given(
    pattern=st.one_of(
        st.builds(Weekly, some_of(range(7)), all_times),
        st.builds(
            NthWeekday, st.sampled_from([1, 2, 3, LAST]), st.integers(0, 6), all_times
        ),
    ),
    after=st.integers(0, 10**6),
)
def test_slots_are_on_the_days_and_times_that_were_said(
    pattern: Weekly | NthWeekday, after: int
) -> None:
    timetable = Timetable(cron=cron_of(pattern), zone=ZoneInfo("UTC"), anchor_utc=NOW)
    for slot in timetable.upcoming(NOW + timedelta(minutes=after), count=5):
        assert slot.time() in pattern.times
        if isinstance(pattern, Weekly):
            assert slot.weekday() in pattern.days
        else:
            assert slot.weekday() == pattern.day
            week = LAST if pattern.number == LAST else (slot.day - 1) // 7 + 1
            assert week == pattern.number
            assert week != LAST or (slot + timedelta(days=7)).month != slot.month


def check_refused_or_understood(text: str) -> None:
    try:
        when = parse_when(text, now_utc=NOW, timezone=BERLIN)
    except UserError:
        return
    assert parse_when(str(say_when(when)), now_utc=NOW, timezone=BERLIN) == when


@given(st.text(max_size=60))
def test_any_text_is_understood_or_refused(text: str) -> None:
    check_refused_or_understood(text)


KNOWN = (
    "every each on at the of month monday fridays 9 25 1st last noon pm and , hour in "
    "tomorrow "
    "weekly half past to day 每 周 一 二 点 月 号 半 下午 后 两 小时 隔 0 * 9:30"
)
WORDS = KNOWN.split()


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_any_row_of_known_words_is_understood_or_refused(words: list[str]) -> None:
    check_refused_or_understood(" ".join(words))


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Berlin", BERLIN),
        ("berlin", BERLIN),
        ("europe/berlin", BERLIN),
        ("new york", "America/New_York"),
        ("柏林", BERLIN),
        ("UTC", "UTC"),
        ("Port-au-Prince", "America/Port-au-Prince"),
        ("../etc/passwd", ""),
        ("Nowhere", ""),
        ("", ""),
    ],
)
def test_zone_is_found_by_its_name(name: str, zone: str) -> None:
    assert zone_named(name) == zone
