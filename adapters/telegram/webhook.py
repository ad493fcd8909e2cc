"""Updates that Telegram sends by itself, to an address of ours."""

import asyncio
import hmac
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import structlog
import telegram
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import TelegramError
from typing_extensions import override

from adapters.telegram.connection import parse_update
from adapters.telegram.updates import Updates
from bot.clock import Clock
from bot.config import TelegramConfig
from bot.errors import ConfigError
from bot.words import T

__all__ = ["Webhook", "listen"]

PROOF_HEADER = "x-telegram-bot-api-secret-token"
MOST_BYTES = 2 * 1024 * 1024
HAND_IN_S = 25.0
START_POLL_S = 0.01
GOODBYE_S = 2
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0

logger = structlog.get_logger(__name__)


def listen(config: TelegramConfig) -> socket.socket:
    """Return a socket that listens where the webhook is to be.

    Raises:
        ConfigError: the port is taken, or the host is not one of this machine.
    """
    host, port = config.webhook_host, config.webhook_port
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise ConfigError(
            T(
                "Telegram's webhook cannot listen on {host}, port {port} ({reason}). "
                "Set webhook_host and webhook_port in [adapters.telegram] to a free "
                "one.",
                host=host,
                port=port,
                reason=error.strerror or str(error),
            )
        ) from error


class _Server(uvicorn.Server):
    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Webhook:
    """Listens for updates, and tells Telegram where.

    Telegram sends an update again that was not handed in when it waited for long.
    """

    def __init__(
        self,
        bot: telegram.Bot,
        updates: Updates,
        *,
        config: TelegramConfig,
        secret: str,
        listener: socket.socket,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._updates = updates
        self._config = config
        self._secret = secret
        self._listener = listener
        self._clock = clock
        path = urlsplit(config.webhook_url).path or "/"
        self._app = Starlette(routes=[Route(path, self._receive, methods=["POST"])])

    async def run(self) -> None:
        """Listen until cancelled."""
        server = _Server(
            uvicorn.Config(
                self._app,
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GOODBYE_S,
                lifespan="off",
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[self._listener]))
        try:
            await self._register()
            await asyncio.shield(serving)
        finally:
            server.should_exit = True
            await asyncio.wait({serving})
            self._listener.close()

    async def _register(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                await self._bot.set_webhook(
                    self._config.webhook_url,
                    secret_token=self._secret,
                    allowed_updates=self._updates.kinds,
                )
            except TelegramError as error:
                logger.warning("webhook not registered", reason=str(error))
                await self._clock.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            else:
                return

    async def _receive(self, request: Request) -> Response:
        given = request.headers.get(PROOF_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return Response(status_code=403)
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return Response(status_code=413)
        try:
            sent = json.loads(await request.body())
        except ValueError:
            sent = None
        if not isinstance(sent, dict):
            return Response(status_code=400)
        update = parse_update(sent, self._bot)
        if update is None:
            return Response()  # it would be the same the next time
        self._updates.take(update)
        if not await self._updates.is_handed_in(update.update_id, within_s=HAND_IN_S):
            return Response(status_code=503)
        return Response()
