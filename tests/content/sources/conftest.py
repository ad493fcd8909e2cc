"""A web site on this machine that misbehaves on demand."""

import asyncio
import ipaddress
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from bot.clock import FakeClock
from bot.store.feeds import FeedRepository
from bot.store.store import Store
from content.sources.addresses import IpAddress, is_public
from content.sources.feed_reader import FeedReader
from content.sources.fetching import Fetcher
from content.sources.parser import DirectParser
from content.sources.pinning import Resolver

LOOPBACK = ipaddress.ip_address("127.0.0.1")
Page = Callable[[asyncio.StreamWriter], Awaitable[None]]


def _answer(body: bytes | str, status: str, headers: dict[str, str]) -> Page:
    content = body.encode() if isinstance(body, str) else body
    lines = {"Content-Length": str(len(content)), "Content-Type": "application/xml"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + content)

    return write


async def _hung(writer: asyncio.StreamWriter) -> None:
    """Take the request and never answer."""
    await asyncio.Event().wait()


async def _cut_off(writer: asyncio.StreamWriter) -> None:
    """Promise more than comes."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 99\r\n")
    writer.write(b"\r\n<rss>")


async def _no_http(writer: asyncio.StreamWriter) -> None:
    """Speak another language."""
    writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")


def _dripping(content: bytes, begun: asyncio.Event) -> Page:
    """Make a page that sends a little, and then one byte whenever others have run."""

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
        writer.write(content)
        await writer.drain()
        begun.set()
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0)

    return write


_NOWHERE = _answer("", "404 Not Found", {})
_FAULTS: dict[str, Page] = {"hung": _hung, "cut off": _cut_off, "no HTTP": _no_http}


@dataclass
class Site:
    """Pages by path, and what was asked: the path and headers of each request.

    In the names of headers, an underscore stands for a dash; "" leaves one out.
    """

    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def put(
        self, path: str, body: bytes | str = "", status: str = "200 OK", **headers: str
    ) -> None:
        self.pages[path] = _answer(body, status, headers)

    def move(self, path: str, location: str, status: str = "302 Found") -> None:
        self.put(path, status=status, Location=location)

    def rss(self, path: str, *titles: str, **headers: str) -> None:
        """Put a feed with these entries, the first of them first."""
        items = "".join(
            f"<item><title>{title}</title><link>/{number}</link>"
            f"<guid>{title}</guid><description>About {title}.</description></item>"
            for number, title in enumerate(titles)
        )
        channel = f"<channel><title>News</title>{items}</channel>"
        self.put(path, f"<rss version='2.0'>{channel}</rss>", **headers)

    def fail(self, path: str, how: str) -> None:
        self.pages[path] = _FAULTS[how]

    def drip(self, path: str, begun: asyncio.Event) -> None:
        self.pages[path] = _dripping(b"<rss>", begun)

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            path = first.split(" ")[1]
            pairs = (line.split(": ", 1) for line in lines)
            self.asked.append((path, {name.lower(): value for name, value in pairs}))
            self.arrived.set()
            await self.pages.get(path, _NOWHERE)(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


class FakeResolver(Resolver):
    """Knows what it is told; a name with several lines gives the next each time."""

    def __init__(self, **known: list[list[str]]) -> None:
        self.known = known
        self.asked: list[str] = []

    @override
    async def resolve(self, host: str) -> tuple[IpAddress, ...]:
        self.asked.append(host)
        answers = self.known.get(host.split(".")[0], [[]])
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return tuple(ipaddress.ip_address(address) for address in found)


def is_public_or_loopback(address: IpAddress) -> bool:
    return address == LOOPBACK or is_public(address)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(site.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    server.close()
    for task in list(tasks):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await server.wait_closed()


@pytest.fixture
def resolver() -> FakeResolver:
    return FakeResolver()


@pytest.fixture
def fetcher(site: Site, clock: FakeClock, resolver: FakeResolver) -> Fetcher:
    return Fetcher(
        clock=clock,
        resolver=resolver,
        is_allowed_address=is_public_or_loopback,
        ports={site.port, 80, 443},
    )


@pytest.fixture
def feeds(store: Store) -> FeedRepository:
    return FeedRepository(store)


@pytest.fixture
def reader(fetcher: Fetcher, feeds: FeedRepository, clock: FakeClock) -> FeedReader:
    return FeedReader(
        fetcher=fetcher,
        parser=DirectParser(),
        feeds=feeds,
        clock=clock,
        dice=random.Random(1),  # noqa: S311
    )
