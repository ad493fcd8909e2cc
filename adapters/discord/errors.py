"""discord.py's errors as those of a platform."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.errors import (
    ForbiddenError,
    GoneError,
    NetworkError,
    PlatformError,
    RateLimitedError,
)
from bot.words import T

__all__ = [
    "ERRORS",
    "TooFast",
    "as_platform_error",
    "counts_as_invalid",
    "platform_errors",
]

TOO_MANY_TRIES_S = 5.0
"""So long to wait after a 429 that does not say how long."""

UNAUTHORIZED, FORBIDDEN, TOO_MANY = 401, 403, 429
CANNOT_MESSAGE_USER = 50007
TOO_LARGE = 40005


def _limited(error: discord.RateLimited) -> PlatformError:
    return RateLimitedError(error.retry_after)


def _forbidden(error: discord.Forbidden) -> PlatformError:
    if error.code == CANNOT_MESSAGE_USER:
        return ForbiddenError(T("This person takes no direct messages from me."))
    return ForbiddenError(
        T("Discord does not allow me to do that here ({code}).", code=error.code)
    )


def _gone(error: Exception) -> PlatformError:
    return GoneError(T("That is no longer there on Discord."))


def _refused(error: discord.HTTPException) -> PlatformError:
    if error.status == TOO_MANY:
        return RateLimitedError(_retry_after_s(error))
    if error.code == TOO_LARGE:
        return PlatformError(T("The file is larger than Discord takes."))
    return PlatformError(
        T(
            "Discord refused that ({status}, code {code}).",
            status=error.status,
            code=error.code,
        )
    )


def _retry_after_s(error: discord.HTTPException) -> float:
    try:
        retry_after_s = float(error.response.headers["Retry-After"])
    except (KeyError, ValueError):
        return TOO_MANY_TRIES_S
    return retry_after_s if math.isfinite(retry_after_s) else TOO_MANY_TRIES_S


def _unsure(error: Exception) -> PlatformError:
    return NetworkError(T("Discord gave no answer."))


def _no_entry(error: Exception) -> PlatformError:
    return ForbiddenError(T("Discord does not let the bot in."))


def _misused(error: Exception) -> PlatformError:
    return PlatformError(T("Discord could not be asked to do that."))


ERRORS: tuple[tuple[type[Exception], Callable[[Any], PlatformError]], ...] = (
    (discord.RateLimited, _limited),
    (discord.Forbidden, _forbidden),
    (discord.NotFound, _gone),
    (discord.DiscordServerError, _unsure),
    (discord.HTTPException, _refused),
    (discord.LoginFailure, _no_entry),
    (discord.PrivilegedIntentsRequired, _no_entry),
    (discord.ConnectionClosed, _unsure),
    (discord.GatewayNotFound, _unsure),
    (app_commands.AppCommandError, _misused),
    (discord.ClientException, _misused),
    (discord.DiscordException, _misused),
    (aiohttp.ClientError, _unsure),
    (TimeoutError, _unsure),
    (OSError, _unsure),
)
"""What the SDK raises and what becomes of it; the first that fits counts."""


def as_platform_error(error: Exception) -> PlatformError | None:
    """Return what an error of the SDK is to the core; None: it is not the SDK's."""
    for kind, build in ERRORS:
        if isinstance(error, kind):
            return build(error)
    return None


@contextmanager
def platform_errors() -> Iterator[None]:
    """Raise the SDK's errors as those of a platform."""
    try:
        yield
    except PlatformError:
        raise
    except Exception as error:
        mapped = as_platform_error(error)
        if mapped is None:
            raise
        raise mapped from error


def counts_as_invalid(error: BaseException) -> bool:
    """Return whether Discord counts this towards shutting the bot out.

    It counts answers with 401, 403 and 429. A right that was found missing before the
    call was made has cost nothing; each 429 is counted where it comes in.
    """
    if isinstance(error, TooFast):
        return True
    cause = error.__cause__
    return isinstance(cause, discord.HTTPException) and cause.status in {
        UNAUTHORIZED,
        FORBIDDEN,
    }


class TooFast(Exception):
    """Discord has answered a call with 429, whoever waits it out."""
