"""What Telegram's refusals and the network's failures are to the core."""

from collections.abc import Callable
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    PassportDecryptionError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot import errors as core
from bot.words import T, Text

__all__ = [
    "ENTITIES_REFUSED",
    "MAPPED",
    "NOT_MODIFIED",
    "TOO_OLD",
    "NotSentError",
    "UnreachableError",
    "is_saying",
    "map_error",
]

NOT_MODIFIED = ("message is not modified",)
ENTITIES_REFUSED = ("can't parse", "entity", "entities")
TOO_OLD = ("query is too old", "query id is invalid", "query_id_invalid")

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures from before the call was on its way."""


class NotSentError(core.NetworkError):
    """The call certainly did not reach Telegram: it may be made again."""


class UnreachableError(core.ForbiddenError):
    """A person has not started the bot, or has blocked it."""


def is_saying(error: BaseException, phrases: tuple[str, ...]) -> bool:
    """Return whether Telegram's words contain one of the phrases, in small letters."""
    said = str(error).lower()
    return any(phrase in said for phrase in phrases)


def map_error(error: TelegramError, place: str = "") -> core.PlatformError:
    """Return the core's error for one of the SDK; `place` is the chat's name."""
    for kind, convert in MAPPED:
        if isinstance(error, kind):
            return convert(error, place or "Telegram")
    raise AssertionError("the table ends with the base of all errors")


def _retry_after(error: TelegramError, _: str) -> core.PlatformError:
    if not isinstance(error, RetryAfter):
        return _refused(error, "")
    pause = error.retry_after
    seconds = pause.total_seconds() if isinstance(pause, timedelta) else float(pause)
    return core.RateLimitedError(seconds)


def _timed_out(error: TelegramError, place: str) -> core.PlatformError:
    if isinstance(error.__cause__, NEVER_SENT):
        return NotSentError(T("Telegram could not be reached."))
    return core.NetworkError(T("Telegram did not answer in time."))


def _network(error: TelegramError, place: str) -> core.PlatformError:
    if isinstance(error.__cause__, NEVER_SENT):
        return NotSentError(T("Telegram could not be reached."))
    if "(413)" in str(error) or "too large" in str(error).lower():
        return core.PlatformError(T("The file is too large for Telegram."))
    return core.NetworkError(T("The connection to Telegram broke off."))


def _forbidden(error: TelegramError, place: str) -> core.PlatformError:
    for phrases, kind, text in FORBIDDEN:
        if is_saying(error, phrases):
            return kind(_at(text, place))
    return core.ForbiddenError(
        T(
            "Telegram does not let me do that in {place}: {reason}.",
            place=place,
            reason=_reason(error),
        )
    )


def _bad_request(error: TelegramError, place: str) -> core.PlatformError:
    for phrases, kind, text in BAD_REQUEST:
        if is_saying(error, phrases):
            return kind(_at(text, place))
    return _refused(error, place)


def _refused(error: TelegramError, place: str) -> core.PlatformError:
    return core.PlatformError(T("Telegram refused: {reason}.", reason=_reason(error)))


def _says(kind: type[core.PlatformError], text: Text) -> "_Convert":
    return lambda _error, _place: kind(text)


def _at(text: Text, place: str) -> Text:
    return T(text.template, place=place) if "{place}" in text.template else text


def _reason(error: TelegramError) -> str:
    return str(error).rstrip(".")


FORBIDDEN: tuple[tuple[tuple[str, ...], type[core.PlatformError], Text], ...] = (
    (
        ("blocked by the user",),
        UnreachableError,
        T("This person has blocked me on Telegram."),
    ),
    (
        ("can't initiate", "can't send messages to bots"),
        UnreachableError,
        T("This person has not started a chat with me yet."),
    ),
    (("deactivated",), core.GoneError, T("This account is no longer there.")),
    (
        ("kicked", "not a member"),
        core.GoneError,
        T("I am no longer in {place}: a moderator can add me again."),
    ),
)
"""What Telegram says → what it is. The first that fits counts."""

BAD_REQUEST: tuple[tuple[tuple[str, ...], type[core.PlatformError], Text], ...] = (
    (
        ("topic_closed", "topic closed"),
        core.ForbiddenError,
        T(
            "The topic in {place} is closed: open it again, or make me an "
            "administrator who may manage topics."
        ),
    ),
    (
        ("thread not found", "topic_deleted", "topic not found", "topic_id_invalid"),
        core.GoneError,
        T("The topic in {place} is no longer there."),
    ),
    (
        ("chat not found", "chat_id_invalid", "peer_id_invalid", "user not found"),
        core.GoneError,
        T("There is no such chat on Telegram, or I am not in it."),
    ),
    (
        ("upgraded to a supergroup", "group chat was deactivated"),
        core.GoneError,
        T("{place} has become another chat."),
    ),
    (
        (
            "message to edit not found",
            "message to delete not found",
            "message to be replied not found",
            "message not found",
            "message_id_invalid",
            "message can't be edited",
        ),
        core.GoneError,
        T("The message is no longer there."),
    ),
    (
        ("message can't be deleted",),
        core.ForbiddenError,
        T(
            "Telegram does not let me delete it in {place}: it is older than 48 hours. "
            "Make me an administrator who may delete messages, or delete it by hand."
        ),
    ),
    (
        ("restrict/unrestrict", "ban users"),
        core.ForbiddenError,
        T(
            "I may not restrict people in {place}: make me an administrator who may "
            "ban users."
        ),
    ),
    (
        ("user is an administrator", "remove chat owner", "user_admin_invalid"),
        core.ForbiddenError,
        T(
            "They run {place} themselves: only the owner of the chat can do that, by "
            "hand."
        ),
    ),
    (
        ("can't restrict self",),
        core.ForbiddenError,
        T("That would be me."),
    ),
    (
        ("available only for supergroups",),
        core.ForbiddenError,
        T(
            "{place} is a small group, and Telegram has no time-outs there. It becomes "
            "a supergroup when its history is shown to new members."
        ),
    ),
    (
        ("participant_id_invalid", "user_id_invalid", "invalid user_id"),
        core.GoneError,
        T("They are not in {place} any more."),
    ),
    (
        (
            "not enough rights",
            "have no rights",
            "need administrator rights",
            "chat_write_forbidden",
            "chat_admin_required",
            "chat_restricted",
            "chat_send_",
            "rights to send",
        ),
        core.ForbiddenError,
        T(
            "I may not write in {place}: let me send messages there, or make me an "
            "administrator."
        ),
    ),
    (
        ("too big", "too large", "file is too"),
        core.PlatformError,
        T("The file is too large for Telegram."),
    ),
    (
        ("photo_invalid_dimensions", "image_process_failed"),
        core.PlatformError,
        T("Telegram cannot show this picture as a photo."),
    ),
)
"""What Telegram says → what it is. The first that fits counts."""

_Convert = Callable[[TelegramError, str], core.PlatformError]

MAPPED: tuple[tuple[type[TelegramError], _Convert], ...] = (
    (RetryAfter, _retry_after),
    (TimedOut, _timed_out),
    (BadRequest, _bad_request),
    (NetworkError, _network),
    (Forbidden, _forbidden),
    (
        ChatMigrated,
        _says(core.GoneError, T("The group has become a supergroup.")),
    ),
    (
        Conflict,
        _says(
            core.PlatformError,
            T("Another program uses this bot's token at the same time."),
        ),
    ),
    (
        InvalidToken,
        _says(
            core.PlatformError,
            T("Telegram does not accept the bot's token, or does not know this call."),
        ),
    ),
    (EndPointNotFound, _refused),
    (PassportDecryptionError, _refused),
    (TelegramError, _refused),
)
"""The SDK's errors, the most particular first."""
