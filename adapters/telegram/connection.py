"""Connecting to Telegram: the token, the address, who the bot is."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any

import structlog
import telegram
from httpx import create_ssl_context
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest
from typing_extensions import override

from adapters.telegram.errors import map_error
from adapters.telegram.identity import Identity
from bot.config import TelegramConfig
from bot.config_file import secret
from bot.errors import ConfigError, MissingError
from bot.words import T

__all__ = [
    "Connection",
    "QuietBot",
    "Request",
    "connect",
    "identify",
    "parse_update",
    "read_token",
]

TOKEN = re.compile(r"\d{3,}:[\w-]{30,}")
TELEGRAM_URL = "https://api.telegram.org"
CONNECT_S = 10.0
READ_S = 30.0
"""A message may take long to be taken; a receipt that is lost is hard to find."""

POOL_S = 10.0
CONNECTIONS = 64

logger = structlog.get_logger(__name__)


def read_token(config: TelegramConfig, environ: Mapping[str, str]) -> str:
    """Return the bot's token from the environment.

    Raises:
        MissingError: it is not there.
        ConfigError: it cannot be one.
    """
    token = secret(environ, config.token_env)
    if token is None:
        raise MissingError(
            T(
                "Telegram needs the bot's token in {name}. @BotFather on Telegram "
                "gives you one (docs/telegram.md says how); or set enabled = false "
                "in [adapters.telegram].",
                name=config.token_env or "token_env",
            )
        )
    if not TOKEN.fullmatch(token):
        raise ConfigError(
            T(
                "What is in {name} is no token of a Telegram bot: one looks like "
                "123456789:AAE… Copy it again from @BotFather.",
                name=config.token_env,
            )
        )
    return token


class Request(HTTPXRequest):
    """The SDK's own, which does not log the pages of servers in between."""

    @staticmethod
    @override
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            parsed = json.loads(payload)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise TelegramError("what came back is not from Telegram") from None
        return parsed


class QuietBot(telegram.Bot):
    """The SDK's own, which does not show its token where it is printed."""

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    async def read_updates(
        self,
        *,
        offset: int | None,
        kinds: Sequence[str],
        wait_s: int,
        read_timeout_s: float,
    ) -> list[dict[str, Any]]:
        """Return updates as they come: one that cannot be read spoils no other.

        Raises:
            TelegramError: Telegram did not give any.
        """
        wanted = {"offset": offset, "timeout": wait_s, "allowed_updates": list(kinds)}
        found = await self._post("getUpdates", wanted, read_timeout=read_timeout_s)
        return [update for update in found if isinstance(update.get("update_id"), int)]


def parse_update(raw: Mapping[str, Any], bot: telegram.Bot) -> telegram.Update | None:
    """Return an update as the SDK's own; None where it does not understand it."""
    try:
        return telegram.Update.de_json(dict(raw), bot)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # The server is older or newer than the SDK. What people wrote is not logged.
        kinds = sorted(raw.keys() - {"update_id"})
        logger.error("update not understood", kinds=kinds, reason=str(error))
        return None


@dataclass(frozen=True, slots=True)
class Connection:
    """The SDK's bot, with the connections that it uses."""

    bot: QuietBot
    requests: tuple[Request, ...]

    async def aclose(self) -> None:
        """Close the connections."""
        for request in self.requests:
            await request.shutdown()


def connect(config: TelegramConfig, token: str) -> Connection:
    """Return the SDK's bot, with timeouts and addresses of our own."""

    base_url = config.base_url.rstrip("/").removesuffix("/bot") or TELEGRAM_URL
    # Reading the authorities takes 20 ms; a server of one's own by HTTP needs none.
    is_plain = base_url.startswith("http://")
    tls = SSLContext(PROTOCOL_TLS_CLIENT) if is_plain else create_ssl_context()

    def request(connections: int) -> Request:
        return Request(
            connection_pool_size=connections,
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            write_timeout=READ_S,
            pool_timeout=POOL_S,
            httpx_kwargs={"verify": tls},
        )

    calls, polls = request(CONNECTIONS), request(2)
    bot = QuietBot(
        token,
        base_url=f"{base_url}/bot",
        base_file_url=f"{base_url}/file/bot",
        request=calls,
        get_updates_request=polls,
    )
    return Connection(bot, (calls, polls))


async def identify(bot: telegram.Bot, me: Identity, *, token_env: str) -> bool:
    """Ask Telegram who the bot is; return False where it cannot be reached now.

    Raises:
        ConfigError: Telegram does not know the token.
    """
    try:
        me.take(await bot.get_me())
    except InvalidToken:
        # Without its cause: the SDK's words may hold the token.
        raise ConfigError(
            T(
                "Telegram does not know the token in {name}. Copy it again from "
                "@BotFather (/mybots, API Token): a new one makes the old one void.",
                name=token_env,
            )
        ) from None
    except TelegramError as error:
        logger.warning("Telegram not reached", reason=str(map_error(error)))
        return False
    return True
