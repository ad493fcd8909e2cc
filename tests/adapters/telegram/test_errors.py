"""What Telegram's errors become."""

import httpx
import pytest
import telegram.error
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.telegram.errors import (
    MAPPED,
    NotSentError,
    UnreachableError,
    map_error,
)
from bot import errors as core


def everything(kind: type[TelegramError]) -> set[type[TelegramError]]:
    """Return an error of the SDK with all that derive from it.

    `telegram.ext` has more, which the adapter, not using it, never meets.
    """
    below = (k for k in kind.__subclasses__() if k.__module__ == "telegram.error")
    return {kind}.union(*map(everything, below))


def made(kind: type[TelegramError]) -> TelegramError:
    special = {RetryAfter: RetryAfter(3), ChatMigrated: ChatMigrated(-100)}
    return special.get(kind) or kind("something")


def test_every_error_of_the_sdk_is_mapped_by_a_line_of_its_own() -> None:
    kinds = everything(TelegramError)
    assert kinds == {kind for kind, _ in MAPPED}
    for kind in kinds:
        mapped = map_error(made(kind), "Friends")
        assert isinstance(mapped, core.PlatformError)
        assert str(mapped)


def test_table_goes_from_the_particular_to_the_general() -> None:
    kinds = [kind for kind, _ in MAPPED]
    for index, kind in enumerate(kinds):
        assert not any(issubclass(kind, earlier) for earlier in kinds[:index])


def test_pause_is_kept() -> None:
    mapped = map_error(RetryAfter(17))
    assert isinstance(mapped, core.RateLimitedError)
    assert mapped.retry_after_s == 17


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "is_sent"),
    [
        (caused(NetworkError("x"), httpx.ConnectError("x")), False),
        (caused(TimedOut(), httpx.ConnectTimeout("x")), False),
        (caused(TimedOut(), httpx.PoolTimeout("x")), False),
        (caused(TimedOut(), httpx.ReadTimeout("x")), True),
        (caused(TimedOut(), httpx.WriteTimeout("x")), True),
        (caused(NetworkError("x"), httpx.ReadError("x")), True),
        (caused(NetworkError("x"), httpx.RemoteProtocolError("x")), True),
        (NetworkError("Bad Gateway (502)"), True),
        (NetworkError("Internal Server Error (500)"), True),
    ],
)
def test_call_that_never_left_is_told_from_one_that_may_have_arrived(
    error: TelegramError, is_sent: bool
) -> None:
    mapped = map_error(error)
    assert isinstance(mapped, core.NetworkError)
    assert isinstance(mapped, NotSentError) is not is_sent


@pytest.mark.parametrize(
    ("error", "kind", "word"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), UnreachableError, "bloc"),
        (
            Forbidden("Forbidden: bot can't initiate conversation with a user"),
            UnreachableError,
            "not started",
        ),
        (Forbidden("Forbidden: user is deactivated"), core.GoneError, "account"),
        (
            Forbidden("Forbidden: bot was kicked from the supergroup chat"),
            core.GoneError,
            "Friends",
        ),
        (Forbidden("Forbidden: bot is not a member"), core.GoneError, "Friends"),
        (Forbidden("Forbidden: something new"), core.ForbiddenError, "something new"),
        (BadRequest("Bad Request: TOPIC_CLOSED"), core.ForbiddenError, "topic"),
        (BadRequest("message thread not found"), core.GoneError, "topic"),
        (BadRequest("Bad Request: chat not found"), core.GoneError, "no such chat"),
        (BadRequest("message to edit not found"), core.GoneError, "message"),
        (BadRequest("message can't be edited"), core.GoneError, "message"),
        (
            BadRequest("not enough rights to send text messages to the chat"),
            core.ForbiddenError,
            "Friends",
        ),
        (BadRequest("CHAT_WRITE_FORBIDDEN"), core.ForbiddenError, "administrator"),
        (BadRequest("file is too big"), core.PlatformError, "too large"),
        (NetworkError("Request Entity Too Large (413)"), core.PlatformError, "large"),
        (BadRequest("Bad Request: FROBNICATED"), core.PlatformError, "robnicated"),
        (InvalidToken(), core.PlatformError, "token"),
    ],
    ids=str,
)
def test_refusal_is_named_in_plain_words(
    error: TelegramError, kind: type[core.PlatformError], word: str
) -> None:
    mapped = map_error(error, "Friends")
    assert type(mapped) is kind
    assert word in str(mapped)


def test_sdk_has_the_errors_that_are_known() -> None:
    # A new one would go unnoticed as the base of all: this says so.
    names = {kind.__name__ for kind in everything(TelegramError)}
    assert names == set(telegram.error.__all__)
