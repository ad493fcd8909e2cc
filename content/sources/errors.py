"""Why a source of topics gave nothing, in words for moderators.

SourceError
├── AddressRefusedError    the address is not one that may be called
├── UnreachableError       nobody answers there
├── StatusError            the other side answered that it will not
├── TooSlowError           it took too long
├── TooLargeError          it is larger than allowed
├── NotReadableError       what came is not what it should be
└── NoTopicError           there is nothing new
"""

from bot.errors import HearthbotError
from bot.words import T, Text

__all__ = [
    "AddressRefusedError",
    "NoTopicError",
    "NotReadableError",
    "SourceError",
    "StatusError",
    "TooLargeError",
    "TooSlowError",
    "UnreachableError",
]


class SourceError(HearthbotError):
    """A source could not be read; the text says why, without a full stop."""


class AddressRefusedError(SourceError):
    """The address is not one that the bot calls."""


class UnreachableError(SourceError):
    """The name is not known, or nobody answers there."""


class StatusError(SourceError):
    """The other side answered with an error.

    Attributes:
        status: the number that it answered.
        retry_after_s: how long it asks to wait; None: it does not say.
    """

    def __init__(self, status: int, *, retry_after_s: float | None = None) -> None:
        super().__init__(_STATUSES.get(status) or _answered(status))
        self.status = status
        self.retry_after_s = retry_after_s


class TooSlowError(SourceError):
    """It was not done in time."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(T("it took longer than {seconds} s", seconds=round(limit_s)))


class TooLargeError(SourceError):
    """It is larger than what is read."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            T("it is larger than {limit} kB", limit=max(1, limit_bytes // 1000))
        )


class NotReadableError(SourceError):
    """What came is broken, or something else than what was wanted."""


class NoTopicError(SourceError):
    """There is nothing that was not used yet."""


_STATUSES = {
    401: T("it wants a password (401)"),
    403: T("it does not let the bot in (403)"),
    404: T("it is not there (404): look whether the address is right"),
    410: T("it is gone for good (410)"),
    429: T("it is asked too often (429)"),
}


def _answered(status: int) -> Text:
    if status >= 500:
        return T("the other side has a problem ({status})", status=status)
    return T("it answered {status}", status=status)
