"""A server, a way to call it, and a real client on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import discord
import pytest
from typing_extensions import override

from adapters.discord.endpoints import Endpoints, use_endpoints
from bot.clock import FakeClock
from tests.discord_server.caller import Caller, calling
from tests.discord_server.server import DiscordServer

WAIT_S = 20.0


class Bot(discord.AutoShardedClient):
    """Echoes what people write, and notes what happened."""

    def __init__(self, server: DiscordServer, intents: discord.Intents) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.05)
        use_endpoints(self, Endpoints(server.api_url, server.gateway_url))
        self.tree = discord.app_commands.CommandTree(self)
        self.heard: asyncio.Queue[discord.Message] = asyncio.Queue()
        self.events: list[str] = []
        self.happened = asyncio.Condition()

    @override
    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        super().dispatch(event, *args, **kwargs)
        self.events.append(event)
        self.loop.create_task(self._tell())

    @override
    async def before_identify_hook(
        self, shard_id: int | None, *, initial: bool = False
    ) -> None:
        """Come back at once, where discord.py would wait five seconds."""

    async def on_message(self, message: discord.Message) -> None:
        """Note what others wrote."""
        if message.author != self.user:
            self.heard.put_nowait(message)

    async def next_message(self) -> discord.Message:
        """Wait for what somebody writes."""
        return await asyncio.wait_for(self.heard.get(), WAIT_S)

    async def wait_event(self, event: str, times: int = 1) -> None:
        """Wait until something has happened so often."""
        async with self.happened:
            await asyncio.wait_for(
                self.happened.wait_for(lambda: self.events.count(event) >= times),
                WAIT_S,
            )

    async def _tell(self) -> None:
        async with self.happened:
            self.happened.notify_all()


@asynccontextmanager
async def logged_in(
    server: DiscordServer, intents: discord.Intents | None = None
) -> AsyncIterator[Bot]:
    """Connect a client, and close it at the end."""
    async with Bot(server, intents or discord.Intents.all()) as bot:
        running = asyncio.create_task(bot.start(server.token))
        ready = asyncio.create_task(bot.wait_event("ready"))
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            ready.cancel()
            running.result()
        try:
            yield bot
        finally:
            await bot.close()
            await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A Discord on the machine's own time."""
    async with DiscordServer() as served:
        yield served


@pytest.fixture
async def still_server() -> AsyncIterator[tuple[DiscordServer, FakeClock]]:
    """A Discord whose time stands still."""
    clock = FakeClock()
    async with DiscordServer(clock=clock) as served:
        yield served, clock


@pytest.fixture
async def caller(server: DiscordServer) -> AsyncIterator[Caller]:
    """Calls to the server without an SDK."""
    async with calling(server) as called:
        yield called


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    """A client that is ready."""
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(logged_in(server))
