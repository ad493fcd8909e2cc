"""One tree of errors, by whose fault it is.

HearthbotError
├── ConfigError            what the owner wrote in config.toml or the environment
├── UserError              what a person asked for; its text is safe to show
├── MissingError           something needed is not here; says how to get it (exit 69)
├── PlatformError          the platform refused or could not be reached
│   ├── RateLimitedError       try again after `retry_after_s`
│   ├── ForbiddenError         the bot lacks a right
│   ├── GoneError              the channel or message is no longer there
│   └── NetworkError           no answer: the call may or may not have happened
├── GenerationError        the machine could not make what was asked
│   ├── OverloadedError        the queue is full
│   ├── DeadlineError          it was not begun or finished in time
│   ├── OutOfMemoryError       it does not fit, even when made smaller
│   ├── BackendGoneError       the worker ended; it is being started again
│   └── BackendError           the backend refused this one request
│       └── CannotStartError       the model cannot begin from a picture
└── StoreError             the database
    ├── StoreTooNewError       written by a newer version
    ├── StoreCorruptError      not readable as a database
    ├── StoreLockedError       another instance holds it
    ├── StoreSealedError       what is sealed cannot be opened
    └── StoreFullError         the disk is full or cannot be written to

Every error carries a `Text`, so that it can be said in the reader's language. What was
blocked is not an error: see bot.safety.verdict.
"""

from typing_extensions import override

from bot.words import T, Text

__all__ = [
    "BackendError",
    "BackendGoneError",
    "CannotStartError",
    "ConfigError",
    "DeadlineError",
    "ForbiddenError",
    "GenerationError",
    "GoneError",
    "HearthbotError",
    "MissingError",
    "NetworkError",
    "OutOfMemoryError",
    "OverloadedError",
    "PlatformError",
    "RateLimitedError",
    "StoreCorruptError",
    "StoreError",
    "StoreFullError",
    "StoreLockedError",
    "StoreSealedError",
    "StoreTooNewError",
    "UserError",
]


class HearthbotError(Exception):
    """Base of all errors that Hearthbot raises on purpose.

    Attributes:
        text: what happened and what to do about it, for a person.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text

    @override
    def __str__(self) -> str:
        return str(self.text)


class ConfigError(HearthbotError):
    """A setting is unknown or wrong; the text names table, key and value."""


class UserError(HearthbotError):
    """A person asked for something that cannot be done as asked."""


class MissingError(HearthbotError):
    """Something needed is not on this machine; the text says how to get it."""


class PlatformError(HearthbotError):
    """A platform refused a call or could not be reached."""


class RateLimitedError(PlatformError):
    """The platform asks to wait.

    Attributes:
        retry_after_s: seconds to wait before the same call may be made again.
        is_global: the whole bot has to wait, not only what was called.
    """

    def __init__(self, retry_after_s: float, *, is_global: bool = False) -> None:
        super().__init__(
            T("The platform asks to wait {seconds} s.", seconds=round(retry_after_s, 1))
        )
        self.retry_after_s = retry_after_s
        self.is_global = is_global


class ForbiddenError(PlatformError):
    """The bot lacks a right on the platform; the text says which."""


class GoneError(PlatformError):
    """The channel or the message is no longer there."""


class NetworkError(PlatformError):
    """No answer came: the call may have happened, or not."""


class GenerationError(HearthbotError):
    """The machine could not make what was asked."""


class OverloadedError(GenerationError):
    """The queue is full."""


class DeadlineError(GenerationError):
    """The request was not finished before its deadline."""


class OutOfMemoryError(GenerationError):
    """The model or the request does not fit into memory."""


class BackendGoneError(GenerationError):
    """The worker ended while it held the request; it is being started again."""


class BackendError(GenerationError):
    """The backend refused or failed this one request."""


class CannotStartError(BackendError):
    """The model draws from words alone: it cannot begin from a picture."""


class StoreError(HearthbotError):
    """The database could not do what was asked."""


class StoreTooNewError(StoreError):
    """The database was written by a newer version of Hearthbot."""


class StoreCorruptError(StoreError):
    """The file is not readable as a database."""


class StoreLockedError(StoreError):
    """Another instance holds the database."""


class StoreSealedError(StoreError):
    """The texts are sealed, and a key is missing or does not fit."""


class StoreFullError(StoreError):
    """The disk is full or the folder cannot be written to."""
