"""From English words to a pattern in time: "every Monday at nine"."""

from datetime import datetime, time
from functools import partial

from bot.errors import UserError
from bot.words import T
from content.english_days import PHRASES, Phrase, Times
from content.english_times import DAY_PARTS, Reader, words_of
from content.timing import Pattern, in_order

__all__ = ["interval_with_times", "read_english"]

HALF_DAY = 12


def read_english(text: str, now: datetime) -> Pattern | None:
    """Return what the words mean; None: they are not understood.

    `now` is what the clock on the wall shows, without a zone.

    Raises:
        UserError: they are understood, and cannot be done.
    """
    words = words_of(text)
    return None if words is None else _Sentence(Reader(words), now).read()


def interval_with_times() -> UserError:
    """Say why "every 2 days at nine" cannot be done."""
    return UserError(
        T(
            "What comes again after so long is counted from when it is set up and has "
            "no time of day. Name days instead, such as “every Monday and Thursday at "
            "09:00”."
        )
    )


class _Sentence:
    """A phrase that names days, and one that names times, in any order."""

    def __init__(self, reader: Reader, now: datetime) -> None:
        self._reader = reader
        self._now = now
        self._days: Phrase | None = None
        self._times: Times = ()
        self._part = ""

    def read(self) -> Pattern | None:
        """Read to the end; None: there is something that is not understood."""
        while not self._reader.is_at_end:
            if not (
                self._read_days()
                or self._read_part()
                or self._read_times()
                or self._reader.skip_fillers()
            ):
                return None
        if self._days is None:
            return None
        if self._days.whole is not None:
            if self._times or self._part:
                raise interval_with_times()
            return self._days.whole
        return self._days.make(self._all_times()) if self._days.make else None

    def _read_days(self) -> bool:
        reader = self._reader
        for phrase in PHRASES if self._days is None else ():
            found = reader.attempt(partial(phrase, reader, self._now))
            if found is not None:
                self._days = found
                return True
        return False

    def _read_part(self) -> bool:
        if not self._part:
            self._part = self._reader.take(*DAY_PARTS)
            return bool(self._part)
        return False

    def _read_times(self) -> bool:
        if self._times:
            return False
        reader = self._reader
        found = reader.attempt(self._after_at) or reader.list_of(reader.clock)
        self._times = in_order(found)
        return bool(found)

    def _after_at(self) -> list[time] | None:
        if not self._reader.take("at", "@"):
            return None
        return self._reader.list_of(self._again_at) or None

    def _again_at(self) -> time | None:
        self._reader.take("at")
        return self._reader.clock()

    def _all_times(self) -> Times:
        """Return the times; eight on an evening is 20:00."""
        if not self._times:
            if self._part:
                return (DAY_PARTS[self._part],)
            return self._days.default if self._days is not None else ()
        if self._part in ("", "morning"):
            return self._times
        return in_order(
            at.replace(hour=at.hour + HALF_DAY) if at.hour < HALF_DAY else at
            for at in self._times
        )
