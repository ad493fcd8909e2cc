"""Plain words for times: "every Monday at nine", 工作日 18:30, and cron as well.

What is understood is a pattern (content.timing), which `say_when` puts into words that
are understood again.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import UserError
from bot.words import T
from content.chinese_when import is_chinese, read_chinese
from content.english_when import read_english
from content.saying_times import say_when
from content.schedule import Timetable
from content.timing import Once, Pattern, When, pattern_of_cron

__all__ = ["NotUnderstoodError", "parse_when", "say_when", "zone_named"]

AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
CHINESE_PLACES: Mapping[str, str] = {
    "北京": "Asia/Shanghai",
    "上海": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong",
    "台北": "Asia/Taipei",
    "新加坡": "Asia/Singapore",
    "东京": "Asia/Tokyo",
    "首尔": "Asia/Seoul",
    "悉尼": "Australia/Sydney",
    "柏林": "Europe/Berlin",
    "巴黎": "Europe/Paris",
    "伦敦": "Europe/London",
    "莫斯科": "Europe/Moscow",
    "纽约": "America/New_York",
    "洛杉矶": "America/Los_Angeles",
}
LONGEST = 200  # characters; nobody says a time in more
MOST_WORDS = 4  # of a place: "Port of Spain time"
ZONE = re.compile(
    r"\s*[(（]?(?:\b(?:in|of)\s+)?(?P<zone>[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+|UTC|GMT)"
    r"(?:\s+time)?[)）]?[\s.。]*$"
)
CRON = re.compile(r"(?:by\s+|按\s*)?(?:cron:?\s+)?(?P<line>[\d*][^\u4e00-\u9fff]*)")
CRON_FIELDS = re.compile(r"[\d*][\w*,/#-]*( [\w*,/#-]+){4}", re.ASCII)


class NotUnderstoodError(UserError):
    """The words are not understood as a time."""


def parse_when(text: str, *, now_utc: datetime, timezone: str) -> When:
    """Return what the words mean. `timezone` counts where they name none.

    Raises:
        NotUnderstoodError: they are not understood; the text gives examples.
        UserError: they name what is over, or cannot be done; the text says so.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise _not_understood(f"{text[:LONGEST]} …")
    words, zone = _without_zone(text)
    pattern = _pattern_of_cron_line(words)
    if pattern is None:
        now = now_utc.astimezone(ZoneInfo(zone or timezone)).replace(tzinfo=None)
        read = read_chinese if is_chinese(words) else read_english
        pattern = read(words, now)
        if pattern is None:
            raise _not_understood(text)
        if isinstance(pattern, Once) and pattern.wall <= now:
            raise UserError(
                T("That is over already: {when}", when=say_when(When(pattern, zone)))
            )
    return When(pattern, zone)


def zone_named(name: str) -> str:
    """Return the zone of a name such as Europe/Berlin, Berlin or 柏林; "": none."""
    name = name.strip()
    if name in CHINESE_PLACES:
        return CHINESE_PLACES[name]
    place = re.sub(r"\s+", "_", name)
    titled = re.sub(r"[A-Za-z]+", lambda word: word[0].capitalize(), place)
    if "/" in place or name.isupper():
        candidates = [place, titled]
    else:
        candidates = [f"{area}/{one}" for one in (place, titled) for area in AREAS]
    return next((zone for zone in candidates if _is_zone(zone)), "")


def _without_zone(text: str) -> tuple[str, str]:
    """Return the words before the zone at the end, and the zone; "" where none is."""
    if (found := ZONE.search(text)) is not None:
        zone = zone_named(found["zone"])
        if not zone:
            raise UserError(
                T(
                    "There is no time zone {name}. Use a name such as Europe/Berlin.",
                    name=found["zone"],
                )
            )
        return text[: found.start()].strip(), zone
    for place, zone in CHINESE_PLACES.items():
        if (said := f"{place}时间") in text:
            return re.sub(rf"[(（]?{said}[)）]?", "", text).strip(), zone
    words = text.rstrip(" .").split()
    if words and words[-1].lower() == "time":
        for length in range(min(MOST_WORDS, len(words) - 1), 0, -1):
            before, place = words[: -length - 1], " ".join(words[-length - 1 : -1])
            if zone := zone_named(place.lstrip("(")):
                return " ".join(before).removesuffix(" in"), zone
    return text, ""


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _pattern_of_cron_line(text: str) -> Pattern | None:
    """Return the pattern where the text is cron; None: it is not.

    Raises:
        UserError: it has the form of cron and cannot be read.
    """
    found = CRON.fullmatch(text.strip().strip("`"))
    if found is None:
        return None
    lines = [" ".join(line.split()) for line in found["line"].split(";")]
    if not all(CRON_FIELDS.fullmatch(line) for line in lines):
        return None
    expression = "; ".join(lines).lower()
    try:
        Timetable(
            cron=expression,
            zone=ZoneInfo("UTC"),
            anchor_utc=datetime(2000, 1, 1, tzinfo=UTC),
        )
        return pattern_of_cron(expression)
    except ValueError as error:
        raise UserError(
            T(
                "The cron line “{line}” cannot be read. It has minute, hour, day, "
                "month and weekday, such as 0 9 * * mon-fri.",
                line=expression,
            )
        ) from error


def _not_understood(text: str) -> NotUnderstoodError:
    return NotUnderstoodError(
        T(
            "I do not understand “{text}” as a time. Write for example “{first}”, "
            "“{second}” or “{third}”.",
            text=text,
            first=T("every weekday at 09:00"),
            second=T("every Monday and Thursday at 18:30 Europe/Berlin"),
            third=T("on 24 December at 18:00"),
        )
    )
