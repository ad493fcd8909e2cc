"""What a person is told when something went wrong."""

import uuid

from bot.errors import (
    BackendError,
    BackendGoneError,
    DeadlineError,
    HearthbotError,
    MissingError,
    OutOfMemoryError,
    OverloadedError,
    StoreFullError,
    UserError,
)
from bot.words import T, Text

__all__ = ["apology", "is_expected", "new_error_id"]

SAFE_TO_SHOW = (UserError, OverloadedError, BackendError, OutOfMemoryError)
"""Errors whose own text is meant for the person who asked."""

TEXTS: tuple[tuple[type[HearthbotError], Text], ...] = (
    (DeadlineError, T("That took too long, so I gave up. Please ask again later.")),
    (
        BackendGoneError,
        T("My model stumbled and is starting again. Please ask again in a moment."),
    ),
    (
        MissingError,
        T("The model that I need is not there. The owner can see why in the log."),
    ),
    (StoreFullError, T("I cannot write anything down right now: my disk is full.")),
)


def new_error_id() -> str:
    """Return a short id that a person can pass on and the log has too."""
    return uuid.uuid4().hex[:8]


def is_expected(error: Exception) -> bool:
    """Return whether an error is part of ordinary life and needs no traceback."""
    return isinstance(error, UserError | OverloadedError | DeadlineError)


def apology(error: Exception, error_id: str) -> Text:
    """Return what to tell the person; with the id where they cannot help it."""
    if isinstance(error, UserError | OverloadedError):
        return error.text
    return T("{what} (error {id})", what=_what(error), id=error_id)


def _what(error: Exception) -> Text:
    if isinstance(error, SAFE_TO_SHOW):
        return error.text
    for kind, text in TEXTS:
        if isinstance(error, kind):
            return text
    return T("Something went wrong on my side. Please try again.")
