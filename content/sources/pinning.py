"""Connecting to exactly the address that was checked.

A name can mean another address a moment later. So it is resolved once, all that it
means is checked, and the connection goes to one of these addresses; the name is still
what the other side is asked for, and what its certificate must be for.
"""

import asyncio
import ipaddress
import socket
from abc import ABC, abstractmethod
from functools import lru_cache
from ssl import SSLContext

import httpx
from typing_extensions import override

from bot.words import T
from content.sources.addresses import IpAddress, IsAllowed, literal_address
from content.sources.errors import AddressRefusedError, UnreachableError

__all__ = ["PinnedTransport", "Resolver", "SystemResolver"]


class Resolver(ABC):
    """Knows the addresses of names."""

    @abstractmethod
    async def resolve(self, host: str) -> tuple[IpAddress, ...]:
        """Return every address of a name, the best first; () if there is none."""


class SystemResolver(Resolver):
    """Asks the operating system."""

    @override
    async def resolve(self, host: str) -> tuple[IpAddress, ...]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return ()
        addresses = (ipaddress.ip_address(one[4][0]) for one in found)
        return tuple(dict.fromkeys(addresses))


class PinnedTransport(httpx.AsyncBaseTransport):
    """Sends each request to a checked address of its host, or refuses it.

    Args:
        inner: what calls addresses. It must not keep connections for later: one that
            was made for a name must not serve another name of the same address.
    """

    def __init__(
        self,
        resolver: Resolver,
        *,
        is_allowed: IsAllowed,
        inner: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._resolver = resolver
        self._is_allowed = is_allowed
        self._inner = inner or httpx.AsyncHTTPTransport(
            verify=_authorities(),
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Call the first address that takes the connection.

        Raises:
            AddressRefusedError: the host is, or has, an address that is not allowed.
            UnreachableError: the name is not known.
            httpx.TransportError: none of the addresses could be called.
        """
        host = request.url.raw_host.decode("ascii")
        *others, last = await self._addresses(host)
        for address in others:
            try:
                return await self._call(request, host, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._call(request, host, last)

    async def _addresses(self, host: str) -> tuple[IpAddress, ...]:
        try:
            literal = literal_address(host)
        except ValueError as error:
            raise AddressRefusedError(T("“{host}” is no address", host=host)) from error
        if literal is not None:
            addresses: tuple[IpAddress, ...] = (literal,)
        else:
            addresses = await self._resolver.resolve(host)
        if not addresses:
            raise UnreachableError(T("nobody knows the name “{host}”", host=host))
        if not all(self._is_allowed(address) for address in addresses):
            raise AddressRefusedError(
                T("“{host}” is inside the own network, which is closed", host=host)
            )
        return addresses

    async def _call(
        self, request: httpx.Request, host: str, address: IpAddress
    ) -> httpx.Response:
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=request.headers,  # with the name as Host
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return await self._inner.handle_async_request(pinned)


@lru_cache(maxsize=1)
def _authorities() -> SSLContext:
    """Return those that certificates are checked with, read the first time (20 ms)."""
    return httpx.create_ssl_context(trust_env=False)
