"""English words for times: the tables, and the reading of words one after another."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import time
from typing import TypeVar

__all__ = [
    "DAYS",
    "DAY_PARTS",
    "MONTHS",
    "NUMBERS",
    "ORDINALS",
    "UNITS",
    "Reader",
    "words_of",
]

R = TypeVar("R")

TOKEN = re.compile(
    r"\d{4}-\d\d?-\d\d?|\d\d?\.\d\d?\.\d{4}|\d\d?[:.]\d\d|\d+(?:st|nd|rd|th)\b|\d+"
    r"|o'clock|[a-z]+|[,&@]"
)
FILLERS = ("please", "post", "always", "exactly", "a", "in", "then", "starting")


def _named(words: str) -> dict[str, int]:
    """Number names in their order; "/" stands between names for the same."""
    return {
        name: number
        for number, names in enumerate(words.split())
        for name in names.split("/")
    }


DAYS: Mapping[str, int] = _named(
    "monday/mon tuesday/tue/tues wednesday/wed thursday/thu/thur/thurs friday/fri "
    "saturday/sat sunday/sun"
)
MONTHS: Mapping[str, int] = {
    name: number + 1
    for name, number in _named(
        "january/jan february/feb march/mar april/apr may june/jun july/jul "
        "august/aug september/sep/sept october/oct november/nov december/dec"
    ).items()
}
NUMBERS: Mapping[str, int] = _named(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen twenty"
) | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
ORDINALS: Mapping[str, int] = {
    name: number + 1
    for name, number in _named(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh "
        "twelfth thirteenth fourteenth fifteenth"
    ).items()
} | {"last": -1}
UNITS: Mapping[str, int] = {
    "minute": 1,
    "min": 1,
    "hour": 60,
    "day": 24 * 60,
    "week": 7 * 24 * 60,
}
"""Minutes in each."""
DAY_PARTS: Mapping[str, time] = {
    "morning": time(9),
    "afternoon": time(15),
    "evening": time(18),
    "night": time(21),
}
"""What is meant where no time is said."""
HALF_DAY = 12


def words_of(text: str) -> list[str] | None:
    """Return the words of a text in small letters; None: it has other signs too."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    text = re.sub(r"\b([ap])\.m\.?(?=\W|$)", r"\1m", text)
    text = re.sub(r"(?<=\d)h(\d\d)\b", r":\1", text)
    text = re.sub(r"\btonight\b", "today night", text)
    found = TOKEN.findall(text)
    rest = TOKEN.sub("", text)
    return found if not re.search(r"[^\s.!;]", rest) else None


class Reader:
    """Reads words from the left; what does not fit is left where it is."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._place = 0

    @property
    def is_at_end(self) -> bool:
        """Whether all words were read."""
        return self._place >= len(self._words)

    @property
    def next(self) -> str:
        """The next word; "" at the end."""
        return "" if self.is_at_end else self._words[self._place]

    def take(self, *words: str) -> str:
        """Read the next word if it is one of these; return it, else ""."""
        word = self.next
        if word and word in words:
            self._place += 1
            return word
        return ""

    def take_all(self, line: str) -> bool:
        """Read these words one after another, or none of them."""
        wanted = line.split()
        if self._words[self._place : self._place + len(wanted)] != wanted:
            return False
        self._place += len(wanted)
        return True

    def of(self, table: Mapping[str, int], *, plural: bool = False) -> int | None:
        """Read a word of a table and return what it stands for."""
        found = table.get(self.next)
        if found is None and plural:
            found = table.get(self.next.removesuffix("s"))
        if found is not None:
            self._place += 1
        return found

    def match(self, pattern: str) -> re.Match[str] | None:
        """Read the next word if all of it has this form."""
        found = re.fullmatch(pattern, self.next)
        if found is not None:
            self._place += 1
        return found

    def number(self) -> int | None:
        """Read a whole number, in digits or words."""
        if (digits := self.match(r"\d+")) is not None:
            return int(digits[0])
        found = self.of(NUMBERS)
        if found is not None and found >= 20 and self.next in NUMBERS:
            unit = NUMBERS[self.next]
            if 0 < unit < 10:
                self._place += 1
                return found + unit
        return found

    def attempt(self, read: Callable[[], R | None]) -> R | None:
        """Read something, or nothing at all where it is None."""
        place = self._place
        found = read()
        if found is None:
            self._place = place
        return found

    def list_of(self, read: Callable[[], R | None]) -> list[R]:
        """Read one or several, with commas or "and" between them."""
        found: list[R] = []
        while (one := self.attempt(lambda: self._one(read, bool(found)))) is not None:
            found.append(one)
        return found

    def _one(self, read: Callable[[], R | None], has_before: bool) -> R | None:
        if has_before and not self._separated():
            return None
        return read()

    def _separated(self) -> bool:
        has_comma = bool(self.take(",", "&"))
        return bool(self.take("and", "or")) or has_comma

    def skip_fillers(self) -> bool:
        """Read a word that says nothing; return whether there was one."""
        return bool(self.take(*FILLERS, ",", "and", "on", "the"))

    def clock(self) -> time | None:
        """Read one time of the day."""
        return self.attempt(self._clock)

    def _clock(self) -> time | None:
        if self.take("noon", "midday"):
            return time(12)
        if self.take("midnight"):
            return time(0)
        if (found := self.match(r"(\d\d?)[:.](\d\d)")) is not None:
            return self._in_half(int(found[1]), int(found[2]))
        if (turned := self.attempt(self._turned)) is not None:
            return self._in_half(*turned)
        hour = self.number()
        if hour is None:
            return None
        minute = 0 if self.take("o'clock") else self.attempt(self._minute) or 0
        return self._in_half(hour, minute)

    def _turned(self) -> tuple[int, int] | None:
        """Read "half past nine", "quarter to nine", "ten past nine"."""
        self.take("a")
        named = {"half": 30, "quarter": 15}.get(self.take("half", "quarter"))
        minutes = self.number() if named is None else named
        self.take("minutes")
        word = self.take("past", "after", "to")
        hour = self.number() if minutes is not None and word else None
        if hour is None or minutes is None or not 0 < minutes < 60:
            return None
        if word == "to":
            return (hour - 1) % 24, 60 - minutes
        return hour, minutes

    def _minute(self) -> int | None:
        """Read the "thirty" of "nine thirty"; digits are another time."""
        found = self.number() if self.next in NUMBERS else None
        return found if found is not None and 10 <= found < 60 else None

    def _in_half(self, hour: int, minute: int) -> time | None:
        """Return the time, in the half of the day that follows it."""
        half = self.take("am", "pm") or self._part()
        if half in ("am", "pm") and not 1 <= hour <= HALF_DAY:
            return None
        if half == "am":
            hour %= HALF_DAY
        elif half in ("pm", "afternoon", "evening", "night") and hour < HALF_DAY:
            hour += HALF_DAY
        return time(hour, minute) if hour < 24 and minute < 60 else None

    def _part(self) -> str:
        for part in DAY_PARTS:
            if self.take_all(f"in the {part}") or self.take_all(f"at {part}"):
                return part
        return ""
