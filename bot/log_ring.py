"""The last lines of the log, for owners who look at it in the browser."""

import logging
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import dropwhile

from structlog.typing import EventDict, WrappedLogger
from typing_extensions import override

__all__ = ["LogLine", "LogRing"]

KEPT = 500
MAX_LENGTH = 2000  # characters of a value: a traceback may be long
OWN_FIELDS = ("event", "level", "logger", "timestamp")


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line as it was logged: without secrets and what people wrote.

    Attributes:
        number: 1 for the first since the start, and so on.
        level: debug, info, warning, error or critical.
        fields: what the event tells more, as text.
    """

    number: int
    at_utc: datetime
    level: str
    logger: str
    event: str = field(repr=False)
    fields: Mapping[str, str] = field(repr=False)


class LogRing(logging.Handler):
    """Keeps the last 500 lines; its formatter's last processor must be `keep`."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[LogLine] = deque(maxlen=KEPT)
        self._num_lines = 0

    @property
    def num_lines(self) -> int:
        """The number of the last line; 0 before the first."""
        return self._num_lines

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Take a record in: formatting keeps it."""
        # What cannot be formatted was complained of by the log itself.
        with suppress(TypeError, ValueError, LookupError):
            self.format(record)

    def keep(self, logger: WrappedLogger, method: str, event: EventDict) -> str:
        """Keep an event; it has been through all other processors."""
        self._num_lines += 1
        line = LogLine(
            number=self._num_lines,
            at_utc=datetime.now(UTC),
            level=str(event.get("level", method)),
            logger=str(event.get("logger", "")),
            event=str(event.get("event", ""))[:MAX_LENGTH],
            fields={
                str(name): str(value)[:MAX_LENGTH]
                for name, value in event.items()
                if name not in OWN_FIELDS
            },
        )
        self._lines.append(line)
        return line.event

    def since(self, number: int) -> tuple[LogLine, ...]:
        """Return the lines after a number that are still kept, oldest first."""
        # A copy: other threads log, too.
        return tuple(dropwhile(lambda line: line.number <= number, list(self._lines)))
