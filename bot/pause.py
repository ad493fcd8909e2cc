"""A pause: what of the bot rests, where and until when, and how that is written."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.words import T, Text

__all__ = ["Output", "Pause", "Where", "dump_pauses", "load_pauses", "read_end"]

MAX_DAYS = 366
REASON_LENGTH = 200
_UNITS = {
    **dict.fromkeys(("m", "min", "minute", "minutes", "分钟"), "minutes"),
    **dict.fromkeys(("h", "hour", "hours", "小时"), "hours"),
    **dict.fromkeys(("d", "day", "days", "天"), "days"),
}
_FOR = re.compile(
    rf"(?:for\s+)?(?P<number>\d{{1,6}})\s*(?P<unit>{'|'.join(_UNITS)})(?:\s+|$)",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:until|到)\s*(?P<day>\d{4}-\d\d-\d\d)?\s*(?P<time>\d{1,2}:\d\d)?(?:\s+|$)",
    re.IGNORECASE,
)


class Output(StrEnum):
    """What can rest."""

    CHAT = "chat"
    POSTS = "posts"
    PICTURES = "pictures"
    EVERYTHING = "everything"


class Where(StrEnum):
    """How far a pause reaches."""

    HERE = "here"
    COMMUNITY = "community"
    EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Pause:
    """That something rests.

    Attributes:
        until_utc: when it ends by itself; None: when somebody ends it.
        is_panic: only an owner may end it.
    """

    until_utc: datetime | None = None
    reason: str = field(default="", repr=False)
    is_panic: bool = False

    def lasts(self, now_utc: datetime) -> bool:
        """Return whether it is not over."""
        return self.until_utc is None or now_utc < self.until_utc

    def said(self, zone: ZoneInfo) -> Text:
        """Return what members read."""
        if self.until_utc is None:
            text = T("I am taking a break here. I will be back.")
        else:
            end = f"{self.until_utc.astimezone(zone):%Y-%m-%d %H:%M}"
            text = T(
                "I am taking a break here until {end} ({zone}).", end=end, zone=zone.key
            )
        if not self.reason:
            return text
        return T("{text} The moderators say: {reason}", text=text, reason=self.reason)


def dump_pauses(pauses: dict[Output, Pause]) -> str:
    """Return pauses as a line for the store; "" for none."""
    if not pauses:
        return ""
    rows = {
        what.value: {
            "until_utc": pause.until_utc.isoformat() if pause.until_utc else "",
            "reason": pause.reason,
            "is_panic": pause.is_panic,
        }
        for what, pause in pauses.items()
    }
    return json.dumps(rows, ensure_ascii=False)


def load_pauses(line: str | None) -> dict[Output, Pause]:
    """Return the pauses that `dump_pauses` wrote."""
    rows = json.loads(line) if line else {}
    return {
        Output(what): Pause(
            datetime.fromisoformat(row["until_utc"]) if row["until_utc"] else None,
            row["reason"],
            row["is_panic"],
        )
        for what, row in rows.items()
    }


def read_end(text: str, *, now_utc: datetime, zone: ZoneInfo) -> Pause:
    """Read "for 2h because …", "until 18:00" or only a reason.

    Raises:
        UserError: the end is over already, too far, or no time.
    """
    text = text.strip()
    if (match := _FOR.match(text)) is not None:
        unit = _UNITS[match["unit"].lower()]
        lasting = timedelta(**{unit: int(match["number"])})
        if not timedelta(0) < lasting <= timedelta(days=MAX_DAYS):
            raise _wrong()
        return Pause(now_utc + lasting, text[match.end() :][:REASON_LENGTH])
    match = _UNTIL.match(text)
    if match is None or not (match["day"] or match["time"]):
        return Pause(None, text[:REASON_LENGTH])
    local = now_utc.astimezone(zone)
    try:
        day = datetime.fromisoformat(match["day"] or f"{local:%Y-%m-%d}").date()
        time = datetime.strptime(match["time"] or "0:00", "%H:%M").time()  # noqa: DTZ007
    except ValueError as error:
        raise _wrong() from error
    end = datetime.combine(day, time, zone)
    if not match["day"] and end <= local:
        end += timedelta(days=1)
    if not timedelta(0) < end - now_utc <= timedelta(days=MAX_DAYS):
        raise _wrong()
    return Pause(end.astimezone(UTC), text[match.end() :][:REASON_LENGTH])


def _wrong() -> UserError:
    return UserError(
        T("Say an end to come within a year, such as “for 2h” or “until 18:00”.")
    )
