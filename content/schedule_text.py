"""Reading what moderators write about a schedule: a time in words, then settings.

every weekday at 09:00 about=tomatoes; herbs quiet=22:00-07:00
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.config_types import QUIET_PATTERN, is_web_address
from bot.errors import UserError
from bot.store.schedules import StoredSchedule
from bot.words import T
from content.schedule import first_moment
from content.timing import Interval, Once, When, cron_of, pattern_of_cron
from content.when import parse_when, zone_named

__all__ = ["SETTINGS", "Changes", "change_of", "read_text", "trigger_of", "when_of"]

Changes = dict[str, object]
"""Values by the name of the field of a StoredSchedule."""
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "when": ("时间",),
    "about": ("topics", "关于", "主题"),
    "source": ("来源",),
    "feeds": ("feed", "订阅"),
    "kind": ("类型",),
    "channels": ("channel", "频道"),
    "zone": ("timezone", "时区"),
    "persona": ("角色",),
    "language": ("语言",),
    "approvals": ("审批",),
    "review_minutes": ("审核分钟",),
    "quiet": ("quiet_hours", "安静时间"),
    "until": ("截止",),
    "jitter": ("jitter_minutes", "随机分钟"),
    "missed": ("misfire", "错过"),
    "grace": ("grace_minutes", "宽限分钟"),
}
"""What can be set, and by which other names."""
NAMES = {alias: name for name, more in SETTINGS.items() for alias in (name, *more)}
KEY = re.compile(
    rf"(?:^|[\s,;，；])(?P<key>{'|'.join(sorted(NAMES, key=len, reverse=True))})"
    r"\s*[=＝:：]\s*",
    re.IGNORECASE,
)
ABOUT = re.compile(r"\s(?:about|on the topic of)\s+|\s?关于\s*", re.IGNORECASE)
NOTHING = ("", "off", "none", "never", "no", "-", "default", "无", "关", "不")
NUMBERS: Mapping[str, tuple[str, int, int]] = {
    "approvals": ("approvals", 0, 5),
    "review_minutes": ("review_minutes", 1, 100_000),
    "jitter": ("jitter_minutes", 0, 720),
    "grace": ("grace_minutes", 1, 100_000),
}
SOURCES_BY_COMMAND = ("list", "feeds", "suggestions", "activity", "earlier")
MISFIRES: Mapping[str, str] = {"跳过": "skip", "最后": "last", "询问": "ask"}


def read_text(text: str) -> tuple[str, dict[str, str]]:
    """Return the words before the settings, and the settings by name.

    Raises:
        UserError: one is given twice.
    """
    found = list(KEY.finditer(text))
    words = text[: found[0].start()] if found else text
    settings: dict[str, str] = {}
    ends = [*(match.start() for match in found[1:]), len(text)]
    for match, end in zip(found, ends, strict=False):
        name = NAMES[match["key"].lower()]
        if name in settings:
            raise UserError(T("“{name}” is there twice.", name=name))
        settings[name] = text[match.end() : end].strip(" ,，;；\n")
    if "about" not in settings and (about := ABOUT.search(words)) is not None:
        settings["about"] = words[about.end() :].strip(" ,，;；\n")
        words = words[: about.start()]
    return words.strip(" ,，;；\n"), settings


def change_of(name: str, value: str, *, now_utc: datetime, timezone: str) -> Changes:
    """Return what a setting changes, but for channels, kind and persona.

    Raises:
        UserError: the value does not fit; the text says what does.
    """
    value = value.strip()
    if name in NUMBERS:
        field, least, most = NUMBERS[name]
        return {field: _number(name, value, least, most)}
    read = READERS.get(name)
    if read is None:
        has_default = name in ("persona", "language")
        return {name: None if has_default and value.lower() in NOTHING else value}
    return read(value, now_utc, timezone)


def trigger_of(when: When, *, timezone: str) -> Changes:
    """Return the fields that say when posts come."""
    zone = when.zone or timezone
    at_utc = None
    if isinstance(when.pattern, Once):
        at_utc = first_moment(when.pattern.wall, ZoneInfo(zone))
    is_interval = isinstance(when.pattern, Interval)
    return {
        "cron": cron_of(when.pattern),
        "every_minutes": when.pattern.minutes if is_interval else 0,  # type: ignore[union-attr]
        "at_utc": at_utc,
        "timezone": zone,
    }


def when_of(schedule: StoredSchedule) -> When:
    """Return when the posts of a schedule come."""
    if schedule.cron:
        return When(pattern_of_cron(schedule.cron), schedule.timezone)
    if schedule.at_utc is None:
        return When(Interval(schedule.every_minutes))
    local = schedule.at_utc.astimezone(ZoneInfo(schedule.timezone))
    return When(Once(local.replace(tzinfo=None)), schedule.timezone)


def _topics(value: str, now_utc: datetime, timezone: str) -> Changes:
    topics = tuple(
        dict.fromkeys(t for part in re.split(r"[;；\n]", value) if (t := part.strip()))
    )
    if not topics:
        raise UserError(T("Name at least one topic: about=tomatoes; herbs"))
    return {"topics": topics}


def _source(value: str, now_utc: datetime, timezone: str) -> Changes:
    if value not in SOURCES_BY_COMMAND:
        raise UserError(
            T(
                "Topics come from {choices}. A folder is set in config.toml.",
                choices=", ".join(SOURCES_BY_COMMAND),
            )
        )
    return {"topic_source": value} | ({} if value == "feeds" else {"feeds": ()})


def _feeds(value: str, now_utc: datetime, timezone: str) -> Changes:
    feeds = tuple(dict.fromkeys(re.split(r"[\s,，;；]+", value)))
    if not all(map(is_web_address, feeds)):
        raise UserError(
            T("Write addresses of feeds, such as feeds=https://example.org/feed.xml")
        )
    return {"topic_source": "feeds", "feeds": feeds}


def _zone(value: str, now_utc: datetime, timezone: str) -> Changes:
    zone = zone_named(value)
    if not zone:
        raise UserError(
            T(
                "There is no time zone {name}. Use a name such as Europe/Berlin.",
                name=value,
            )
        )
    return {"timezone": zone}


def _quiet(value: str, now_utc: datetime, timezone: str) -> Changes:
    if value.lower() in NOTHING:
        return {"quiet_hours": ""}
    hours, _, rest = value.replace(" - ", "-").replace("–", "-").partition(" ")
    choice = {"": "wait", "等待": "wait", "跳过": "skip"}.get(
        rest.strip(), rest.strip()
    )
    hours = "-".join(f"{part:0>5}" for part in hours.split("-"))
    if not re.fullmatch(QUIET_PATTERN, hours) or choice not in ("wait", "skip"):
        raise UserError(
            T(
                "Quiet hours are written as quiet=22:00-07:00, with “skip” behind it "
                "if posts are left out then instead of waiting; quiet=off ends them."
            )
        )
    return {"quiet_hours": hours, "in_quiet_hours": choice}


def _until(value: str, now_utc: datetime, timezone: str) -> Changes:
    if value.lower() in NOTHING:
        return {"until": None}
    today = now_utc.astimezone(ZoneInfo(timezone)).date()
    day = _day(value, now_utc, timezone)
    if day is None:
        raise UserError(
            T("“{value}” is no day. Write it as until=2026-12-31.", value=value)
        )
    if day < today:
        raise UserError(T("The day {day} is over already.", day=day.isoformat()))
    return {"until": day}


def _day(value: str, now_utc: datetime, timezone: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        pass
    try:
        pattern = parse_when(value, now_utc=now_utc, timezone=timezone).pattern
    except UserError:
        return None
    return pattern.wall.date() if isinstance(pattern, Once) else None


def _missed(value: str, now_utc: datetime, timezone: str) -> Changes:
    choice = MISFIRES.get(value, value.lower())
    if choice not in MISFIRES.values():
        raise UserError(
            T(
                "What becomes of missed posts is skip (nothing), last (the last one is "
                "made up for) or ask (moderators are asked)."
            )
        )
    return {"misfire": choice}


READERS: Mapping[str, Callable[[str, datetime, str], Changes]] = {
    "about": _topics,
    "source": _source,
    "feeds": _feeds,
    "zone": _zone,
    "quiet": _quiet,
    "until": _until,
    "missed": _missed,
}


def _number(name: str, value: str, least: int, most: int) -> int:
    digits = re.fullmatch(r"(\d{1,9})\s*(?:min|minutes?|分钟?)?", value)
    number = 0 if value.lower() in NOTHING else int(digits[1]) if digits else -1
    if not least <= number <= most:
        raise UserError(
            T(
                "“{name}” is a whole number from {least} to {most}.",
                name=name,
                least=least,
                most=most,
            )
        )
    return number
