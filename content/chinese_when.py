"""From Chinese words to a pattern in time: 每周一 9 点."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from functools import partial

from content.english_days import (
    DAYS_A_WEEK,
    TIMES_A_DAY,
    Phrase,
    Times,
    date_after,
    make_once,
)
from content.english_when import interval_with_times
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
    in_order,
)

__all__ = ["is_chinese", "read_chinese"]

DIGITS = "零〇一二三四五六七八九"
N = r"(\d+|[零〇一二两三四五六七八九十]+|半)"
DAY = r"[一二三四五六日天]"
WEEK = r"(?:周|星期|礼拜)"
AND = r"[、,，和及与跟]"
DAY_LETTERS = "一二三四五六日"
PARTS: Mapping[str, time] = {
    "凌晨": time(5),
    "清晨": time(7),
    "早上": time(9),
    "早晨": time(9),
    "上午": time(9),
    "中午": time(12),
    "正午": time(12),
    "午夜": time(0),
    "下午": time(15),
    "傍晚": time(18),
    "晚上": time(20),
    "夜里": time(22),
}
"""What is meant where no hour is said."""
LATE = ("中午", "下午", "傍晚", "晚上", "夜里")
PART = "|".join(PARTS)
TIME = re.compile(
    rf"(?P<part>{PART})?(?:(?P<clock>\d\d?:\d\d)|"
    rf"(?P<hour>\d+|[零〇一二两三四五六七八九十]+)[点點时時]"
    rf"(?:整|钟|(?P<half>半)|(?P<quarter>[一三])刻|"
    rf"(?P<minute>\d+|[零〇一二三四五六七八九十]+)分?)?)"
)
UNITS = {"分钟": 1, "分": 1, "小时": 60, "钟头": 60, "天": 1440, "日": 1440}
UNITS |= {"周": 10080, "星期": 10080, "礼拜": 10080}
AHEAD = {"今": 0, "明": 1, "后": 2}
UNIT = "|".join(UNITS)


def is_chinese(text: str) -> bool:
    """Return whether there is a Chinese character in a text."""
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def read_chinese(text: str, now: datetime) -> Pattern | None:
    """Return what the words mean; None: they are not understood.

    `now` is what the clock on the wall shows, without a zone.

    Raises:
        UserError: they are understood, and cannot be done.
    """
    text = unicodedata.normalize("NFKC", text).replace("個", "个").replace("週", "周")
    text = re.sub(r"[\s。!.]+", "", text)
    # 明晚 is 明天晚上
    text = re.sub(r"([今明后])(早|晚)(?!上)", r"\1天\2上", text)
    for pattern, read in PHRASES:
        found = re.match(rf"(?:请?在|仅|一次)?(?:{pattern})", text)
        phrase = read(found, now) if found is not None else None
        if found is None or phrase is None:
            continue
        times = _times(text[found.end() :])
        if times is None:
            continue
        if phrase.whole is not None:
            if times:
                raise interval_with_times()
            return phrase.whole
        return phrase.make(times or phrase.default) if phrase.make else None
    return None


def _number(text: str) -> int:
    """Return a number up to 99, in digits or characters."""
    if text.isdigit() and text.isascii():
        return int(text)
    text = text.replace("两", "二")
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(str(max(0, DIGITS.index(c) - 1)) for c in text))
    return (_number(tens) if tens else 1) * 10 + (_number(ones) if ones else 0)


def _times(text: str) -> Times | None:
    """Return the times that a text consists of; None: there is something else."""
    text = re.sub(r"[,，]?(?:发帖|发布|发一次|发)$", "", text.lstrip(",，的在"))
    if text in PARTS:
        return (PARTS[text],)
    found: list[time] = []
    part = ""
    while text:
        match = TIME.match(text)
        at = _time(match, part) if match is not None else None
        if match is None or at is None:
            return None
        part = match["part"] or part
        found.append(at)
        text = re.sub(rf"^(?:{AND}|还有)", "", text[match.end() :])
    return in_order(found)


def _time(match: re.Match[str], part: str) -> time | None:
    part = match["part"] or part
    if match["clock"]:
        hour, minute = (int(piece) for piece in match["clock"].split(":"))
    else:
        hour = _number(match["hour"])
        minute = 30 if match["half"] else 0
        minute = _number(match["minute"]) if match["minute"] else minute
        minute = 15 * _number(match["quarter"]) if match["quarter"] else minute
    if part in LATE and hour < (11 if part == "中午" else 12):
        hour += 12
    if part in ("午夜", "凌晨") and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _interval(match: re.Match[str], now: datetime) -> Phrase | None:
    unit = UNITS[match["unit"]]
    if match["n"] == "半":
        return Phrase(whole=Interval(unit // 2)) if unit == 60 else None
    number = _number(match["n"]) if match["n"] else 1
    if not number or (match["n"] is None and unit > 60):
        return None
    if match["apart"] and unit > 60:
        number += 1  # 每隔一天 is every second day
    return Phrase(whole=Interval(unit * number))


def _counted(match: re.Match[str], now: datetime) -> Phrase | None:
    number = _number(match["n"])
    if match["unit"] == "天" and number in TIMES_A_DAY:
        return Phrase(partial(Weekly, ALL_DAYS), TIMES_A_DAY[number])
    if match["unit"] != "天" and number in DAYS_A_WEEK:
        return Phrase(partial(Weekly, DAYS_A_WEEK[number]))
    return None


def _week_days(match: re.Match[str], now: datetime) -> Phrase:
    letters = re.findall(DAY, match["days"].replace("星期天", "日"))
    days = [DAY_LETTERS.index(letter.replace("天", "日")) for letter in letters]
    if "到" in match["days"] or "至" in match["days"]:
        first, last = days
        stop = last + 1 + (7 if last < first else 0)
        days = [day % 7 for day in range(first, stop)]
    return Phrase(partial(Weekly, tuple(sorted(set(days)))))


def _next_week_day(match: re.Match[str], now: datetime) -> Phrase:
    day = DAY_LETTERS.index(match["day"].replace("天", "日"))
    ahead = (day - now.weekday()) % 7 or 7
    if match["next"]:  # of the next week, which begins on Monday
        ahead = 7 - now.weekday() + day
    return Phrase(partial(make_once, now.date() + timedelta(days=ahead)))


def _nth(match: re.Match[str], now: datetime) -> Phrase | None:
    number = LAST if match["n"] == "最后一" else _number(match["n"].removeprefix("第"))
    day = DAY_LETTERS.index(match["day"].replace("天", "日"))
    return Phrase(partial(NthWeekday, number, day)) if number <= 5 else None


def _monthly(match: re.Match[str], now: datetime) -> Phrase | None:
    days = {_number(number) for number in re.findall(rf"{N}[日号號]", match["days"])}
    if not days <= set(range(1, 32)):
        return None
    last = (LAST,) if "最后" in match["days"] else ()
    return Phrase(partial(Monthly, (*sorted(days), *last)))


def _dated(match: re.Match[str], now: datetime) -> Phrase | None:
    month, day = _number(match["month"]), _number(match["day"])
    year = int(match["year"]) if match["year"] else None
    on = date_after(now, month, day, year)
    if on is None:
        return None
    if match["yearly"]:
        return Phrase(partial(Yearly, month, day))
    return Phrase(partial(make_once, on))


def _relative(match: re.Match[str], now: datetime) -> Phrase | None:
    on = now.date() + timedelta(days=AHEAD[match[0][-2]])
    return Phrase(partial(make_once, on))


def _later(match: re.Match[str], now: datetime) -> Phrase | None:
    unit = UNITS[match["unit"]]
    minutes = unit // 2 if match["n"] == "半" else unit * _number(match["n"])
    then = now + timedelta(minutes=minutes)
    if unit > 60:
        return Phrase(partial(make_once, then.date()))
    return Phrase(whole=Once(then.replace(second=0, microsecond=0)))


def _daily(days: tuple[int, ...]) -> Callable[[re.Match[str], datetime], Phrase]:
    return lambda match, now: Phrase(partial(Weekly, days))


MONTH_DAY = rf"(?:{N}[日号號]|最后一[天日])"
PHRASES: tuple[tuple[str, Callable[[re.Match[str], datetime], Phrase | None]], ...] = (
    (rf"每(?P<unit>天|周|星期)(?P<n>{N})次", _counted),
    (rf"每个?月(?:的)?(?P<n>最后一|第{N})个?{WEEK}(?P<day>{DAY})", _nth),
    (rf"每个?月(?P<days>{MONTH_DAY}(?:{AND}{MONTH_DAY})*)", _monthly),
    (
        r"(?P<yearly>每年)?(?:(?P<year>\d{4})年)?"
        rf"(?P<month>{N})月(?P<day>{N})[日号號]",
        _dated,
    ),
    (r"每个?工作日|工作日|平日", _daily(WORKING_DAYS)),
    (r"每个?周末|周末", _daily((5, 6))),
    (rf"每?(?P<days>{WEEK}{DAY}[到至]{WEEK}?{DAY})", _week_days),
    (rf"每个?(?P<days>{WEEK}{DAY}+(?:{AND}(?:每?{WEEK})?{DAY})*)", _week_days),
    (rf"(?P<next>下)?(?:个|这|本)?{WEEK}(?P<day>{DAY})", _next_week_day),
    (rf"每(?P<apart>隔)?(?:(?P<n>{N})个?)?(?P<unit>{UNIT})", _interval),
    (r"每[天日]|天天", _daily(ALL_DAYS)),
    (rf"(?P<n>{N})个?(?P<unit>{UNIT})[之以]?后", _later),
    (r"今天|明天|后天", _relative),
)
"""What may say the days, in the order in which it is tried."""
