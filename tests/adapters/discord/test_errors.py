"""Every error of the SDK is one of ours."""

import inspect
from collections.abc import Iterator
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands

from adapters.discord.errors import (
    ERRORS,
    as_platform_error,
    counts_as_invalid,
    platform_errors,
)
from adapters.discord.setup import explained
from bot.errors import (
    ForbiddenError,
    GoneError,
    MissingError,
    NetworkError,
    PlatformError,
    RateLimitedError,
)


class Response:
    """As much of a response as discord.py's errors look at."""

    def __init__(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.reason = "because"
        self.headers = headers or {}


def made(kind: type[BaseException]) -> BaseException:
    """Make an error without its constructor: only its class counts here."""
    error = kind.__new__(kind)
    for name, value in {
        "response": Response(400),
        "status": 400,
        "code": 1,
        "text": "words of a person",
        "retry_after": 2.0,
    }.items():
        try:
            setattr(error, name, value)
        except AttributeError:
            continue
    return error


def tree(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__.startswith("discord"):
            yield from tree(child)


@pytest.mark.parametrize("kind", sorted(set(tree(discord.DiscordException)), key=str))
def test_every_error_of_discord_py_is_mapped(kind: type[Exception]) -> None:
    error = made(kind)
    assert isinstance(error, Exception)
    mapped = as_platform_error(error)
    assert isinstance(mapped, PlatformError)
    assert "words of a person" not in str(mapped)


def test_tree_is_the_whole_one() -> None:
    names = {kind.__name__ for kind in tree(discord.DiscordException)}
    public = {
        name
        for module in (discord, app_commands)
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, discord.DiscordException)
    }
    assert public <= names
    assert len(names) > 20


def test_most_specific_error_comes_first() -> None:
    kinds = [kind for kind, _ in ERRORS]
    for index, kind in enumerate(kinds):
        assert not any(issubclass(later, kind) for later in kinds[index + 1 :]), kind


def http(
    kind: Any, status: int, code: int = 0, headers: dict[str, str] | None = None
) -> Any:
    body = {"code": code, "message": "words of a person"}
    return kind(Response(status, headers), body)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (http(discord.Forbidden, 403, 50013), ForbiddenError),
        (http(discord.Forbidden, 403, 50007), ForbiddenError),
        (http(discord.NotFound, 404, 10003), GoneError),
        (http(discord.NotFound, 404, 10062), GoneError),
        (http(discord.DiscordServerError, 503), NetworkError),
        (http(discord.HTTPException, 429), RateLimitedError),
        (http(discord.HTTPException, 400, 40005), PlatformError),
        (http(discord.HTTPException, 400, 30046), PlatformError),
        (discord.RateLimited(7.0), RateLimitedError),
        (made(discord.GatewayNotFound), NetworkError),
        (aiohttp.ServerDisconnectedError(), NetworkError),
        (TimeoutError(), NetworkError),
        (ConnectionResetError(), NetworkError),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)[:40]),
)
def test_errors_are_told_apart(error: Exception, expected: type[Exception]) -> None:
    mapped = as_platform_error(error)
    assert type(mapped) is expected
    assert "words of a person" not in str(mapped)


def test_pause_is_as_long_as_discord_says() -> None:
    limited = as_platform_error(discord.RateLimited(7.0))
    assert isinstance(limited, RateLimitedError)
    assert limited.retry_after_s == 7.0
    for header, expected in (("12.5", 12.5), ("soon", 5.0), ("inf", 5.0)):
        error = http(discord.HTTPException, 429, headers={"Retry-After": header})
        limited = as_platform_error(error)
        assert isinstance(limited, RateLimitedError)
        assert limited.retry_after_s == expected


def test_errors_of_our_own_are_left_alone() -> None:
    ours = GoneError(as_platform_error(TimeoutError()).text)  # type: ignore[union-attr]
    with pytest.raises(GoneError) as raised, platform_errors():
        raise ours
    assert raised.value is ours
    assert as_platform_error(ValueError()) is None
    with pytest.raises(ValueError, match="bug"), platform_errors():
        raise ValueError("bug")


@pytest.mark.parametrize(
    ("error", "counts"),
    [
        (http(discord.Forbidden, 403), True),
        (http(discord.HTTPException, 401), True),
        (http(discord.HTTPException, 429), False),  # was counted as it came in
        (http(discord.NotFound, 404), False),
        (http(discord.DiscordServerError, 500), False),
        (discord.RateLimited(70.0), False),
        (TimeoutError(), False),
    ],
    ids=lambda value: str(value)[:30],
)
def test_only_what_discord_counts_is_counted(error: Exception, *, counts: bool) -> None:
    with pytest.raises(PlatformError) as raised, platform_errors():
        raise error
    assert counts_as_invalid(raised.value) is counts


class Socket:
    """As much of a socket as ConnectionClosed looks at."""

    def __init__(self, close_code: int) -> None:
        self.close_code = close_code


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (discord.LoginFailure(), "/77/bot (Reset Token)"),
        (discord.PrivilegedIntentsRequired(0), "“Message Content Intent” at"),
        (discord.ConnectionClosed(Socket(4014), shard_id=0), "Message Content"),  # type: ignore[arg-type]
        (discord.ConnectionClosed(Socket(4004), shard_id=0), "Reset Token"),  # type: ignore[arg-type]
        (discord.ConnectionClosed(Socket(4011), shard_id=0), "refused the bot"),  # type: ignore[arg-type]
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_keeps_the_bot_out_is_explained(error: Exception, words: str) -> None:
    cause = explained(error, application_id=77)
    assert isinstance(cause, MissingError)
    assert words in str(cause)
    assert explained(cause, application_id=77) is cause
    assert "/None/" not in str(explained(error, application_id=None))
