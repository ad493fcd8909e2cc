"""Notices filters that do not work, and says so once."""

from collections.abc import Callable

from bot.clock import Clock

__all__ = ["FilterAlarm"]

QUIET_S = 3600.0
"""A filter that fails now and then is told of once in so many seconds."""


class FilterAlarm:
    """Knows which filters failed last, until they work again.

    `tell` is called with a filter's name and reason when it begins to fail, and for the
    same filter at most once an hour.
    """

    def __init__(self, tell: Callable[[str, str], None], *, clock: Clock) -> None:
        self._tell = tell
        self._clock = clock
        self._failing: dict[str, str] = {}
        self._told_s: dict[str, float] = {}

    @property
    def failing(self) -> dict[str, str]:
        """The reasons of those that fail now, by the filter's name."""
        return dict(self._failing)

    @property
    def is_quiet(self) -> bool:
        """Whether every filter works."""
        return not self._failing

    def failed(self, name: str, reason: str) -> None:
        """Note that a filter failed."""
        self._failing[name] = reason
        now_s = self._clock.monotonic()
        told_s = self._told_s.get(name)
        if told_s is None or now_s - told_s >= QUIET_S:
            self._told_s[name] = now_s
            self._tell(name, reason)

    def worked(self, name: str) -> None:
        """Note that a filter gave a verdict."""
        self._failing.pop(name, None)
