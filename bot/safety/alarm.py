"""Notices filters that do not work, and says so once."""

from collections.abc import Callable

__all__ = ["FilterAlarm"]


class FilterAlarm:
    """Knows which filters failed last, until they work again.

    `tell` is called with a filter's name and reason when it begins to fail: once, and
    again only after it has worked in between.
    """

    def __init__(self, tell: Callable[[str, str], None]) -> None:
        self._tell = tell
        self._failing: dict[str, str] = {}

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
        is_new = name not in self._failing
        self._failing[name] = reason
        if is_new:
            self._tell(name, reason)

    def worked(self, name: str) -> None:
        """Note that a filter gave a verdict."""
        self._failing.pop(name, None)
