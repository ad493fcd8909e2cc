"""Where Discord's API and gateway are: Discord's own, a proxy, a compatible server.

discord.py keeps both addresses in class attributes (`Route.BASE`,
`DiscordWebSocket.DEFAULT_GATEWAY`) that every client of the program shares. Setting
them would be short, and would turn every client around. Instead the one HTTP session
of one client is wrapped: API calls, answers to interactions, webhooks and the gateway
all go through it. Files on Discord's CDN stay where their address says they are.
"""

from dataclasses import dataclass
from typing import Any

import discord
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route
from yarl import URL

__all__ = ["Endpoints", "use_endpoints"]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Base addresses; "" means Discord's own.

    Attributes:
        api_url: stands for `https://discord.com/api/v10`, the version with it.
        gateway_url: stands for every gateway at Discord, also the one that Discord
            names for resuming. A compatible server needs both addresses; those that
            it names itself are taken as they are.
    """

    api_url: str = ""
    gateway_url: str = ""

    def redirected(self, url: str) -> str:
        """Return the address that takes the place of one at Discord."""
        if self.api_url and url.startswith(Route.BASE + "/"):
            return self.api_url.rstrip("/") + url.removeprefix(Route.BASE)
        if self.gateway_url and _is_gateway(url):
            return str(URL(self.gateway_url).with_query(URL(url).query))
        return url


class _Session:
    """A client's HTTP session that asks elsewhere."""

    def __init__(self, session: Any, endpoints: Endpoints) -> None:
        self._session = session
        self._endpoints = endpoints

    def request(self, method: str, url: str, **options: Any) -> Any:
        """Do what the session does, elsewhere."""
        return self._session.request(method, self._endpoints.redirected(url), **options)

    async def ws_connect(self, url: str, **options: Any) -> Any:
        """Do what the session does, elsewhere."""
        return await self._session.ws_connect(
            self._endpoints.redirected(url), **options
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


class _HTTP(HTTPClient):
    """discord.py's HTTP client with the session wrapped.

    discord.py reads the session by its private name in other modules too (answers to
    interactions, webhooks), so a property of that name reaches every call.
    """

    def __init__(self, endpoints: Endpoints, like: HTTPClient) -> None:
        self._endpoints = endpoints
        super().__init__(
            like.loop,
            like.connector,
            proxy=like.proxy,
            proxy_auth=like.proxy_auth,
            unsync_clock=not like.use_clock,
            http_trace=like.http_trace,
            max_ratelimit_timeout=like.max_ratelimit_timeout,
        )

    @property
    def _HTTPClient__session(self) -> Any:
        return self._wrapped

    @_HTTPClient__session.setter
    def _HTTPClient__session(self, session: Any) -> None:
        self._wrapped = _Session(session, self._endpoints) if session else session


def use_endpoints(client: discord.Client, endpoints: Endpoints) -> None:
    """Make a client ask elsewhere; does nothing where both addresses are "".

    Call it right after the client was made: a command tree keeps what it finds.
    """
    if endpoints == Endpoints():
        return
    http = _HTTP(endpoints, client.http)
    client.http = http
    client._connection.http = http


def _is_gateway(url: str) -> bool:
    host = URL(url).host or ""
    return host == DiscordWebSocket.DEFAULT_GATEWAY.host or host.endswith(".discord.gg")
