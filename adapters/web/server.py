"""An HTTP server inside the running event loop; signals stay with the bot."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override

from bot.errors import ConfigError
from bot.words import T

__all__ = ["WebServer", "address_of", "cannot_listen", "listen"]

GOODBYE_S = 2  # how long open pages and requests may take to close
START_POLL_S = 0.01


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes any free one.

    Raises:
        ConfigError: the port is taken, or the host is not one of this machine.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise cannot_listen(error, host, port) from error


def address_of(host: str, listener: socket.socket) -> str:
    """Return where a browser on this machine finds what listens."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    if ":" in shown and not shown.startswith("["):
        shown = f"[{shown}]"
    return f"http://{shown}:{listener.getsockname()[1]}"


def cannot_listen(error: OSError, host: str, port: int) -> ConfigError:
    """Return what to tell the owner about a port that cannot be opened."""
    if error.errno == errno.EADDRINUSE:
        return ConfigError(
            T(
                "Port {port} on {host} is already taken: perhaps Hearthbot runs "
                "already. Stop that program, or set adapters.web.port in config.toml "
                "to another port (0 takes any free one).",
                host=host,
                port=port,
            )
        )
    if error.errno == errno.EACCES:
        return ConfigError(
            T(
                "Port {port} may not be opened by this user. Set adapters.web.port in "
                "config.toml to one from 1024 on, such as 8420.",
                port=port,
            )
        )
    return ConfigError(
        T(
            "The page cannot listen on {host}, port {port} ({reason}). Set "
            "adapters.web.host in config.toml to an address of this machine, such as "
            "127.0.0.1.",
            host=host,
            port=port,
            reason=error.strerror or str(error),
        )
    )


class _Server(uvicorn.Server):
    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves an app on a listening socket for as long as it is open."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        self._listener = listener
        self._server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GOODBYE_S,
                # Compressing each event for each viewer costs more than it saves.
                ws_per_message_deflate=False,
                lifespan="on",
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "WebServer":
        self._task = asyncio.create_task(self._serve(), name="web server")
        try:
            while not self._server.started:
                await asyncio.sleep(START_POLL_S)
                if self._task.done():
                    await self._task
                    raise RuntimeError("the web server ended while it started")
        except BaseException:
            # Else it would go on behind whoever was told that it did not start.
            await self._stop()
            raise
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._stop()
        if self._task is not None and not self._task.cancelled():
            self._task.result()

    async def _stop(self) -> None:
        self._server.should_exit = True
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        self._listener.close()

    async def _serve(self) -> None:
        try:
            await self._server.serve(sockets=[self._listener])
        except SystemExit as error:
            # What is only one part of the bot must not end the process from a task.
            raise RuntimeError("the web server could not start") from error
