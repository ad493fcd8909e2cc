"""A note of every call, for tests to look at. Tokens are never in it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

__all__ = ["Call", "CallLog"]


@dataclass(slots=True, eq=False)
class Call:
    """One call and how it ended.

    Attributes:
        method: as the client wrote it.
        parameters: the fields as they came, and names and sizes of files.
        bot: the username of who called; "" with a wrong token.
        status: the HTTP status; 0: open, or the connection was dropped.
        description: the error's text; "" where there was none.
        is_slow: it is, or was, made to wait.
        was_done: whether it was carried out, whatever the client was told.
    """

    method: str
    parameters: dict[str, Any]
    bot: str
    at_utc: datetime
    at_s: float  # on the server's clock
    status: int = 0
    description: str = ""
    was_done: bool = False
    is_slow: bool = False
    result: Any = field(default=None, repr=False)


class CallLog(list[Call]):
    """Calls in the order in which they came."""

    def of(self, *methods: str) -> list[Call]:
        """Return the calls of these methods."""
        wanted = {method.lower() for method in methods}
        return [call for call in self if call.method.lower() in wanted]

    def refused(self) -> list[Call]:
        """Return the calls that were answered with an error."""
        return [call for call in self if call.status >= 400]
