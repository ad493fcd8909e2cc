"""Being connected to Discord: logging in, trying again, saying what is wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import aiohttp
import discord
import structlog

from adapters.discord.client import DiscordClient
from adapters.discord.setup import explained
from bot.clock import Clock
from bot.errors import HearthbotError

__all__ = ["Connection", "GatewayConnection"]

logger = structlog.get_logger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 300.0
READY_S = 20.0
"""So long the start waits for Discord; then it goes on without, and keeps trying."""

DOWN = (
    OSError,
    TimeoutError,
    aiohttp.ClientError,
    discord.GatewayNotFound,
    discord.DiscordServerError,
    discord.RateLimited,
)
"""What passes by itself."""


class Connection(Protocol):
    """Something that brings a client to Discord."""

    async def open(self, client: DiscordClient) -> None:
        """Connect.

        Raises:
            HearthbotError: it will never succeed; the text says what to do.
        """

    async def close(self, client: DiscordClient) -> None:
        """Disconnect; more than once without harm."""


class GatewayConnection:
    """The real one. A network that is down at the start does not stop the bot."""

    def __init__(self, token: str, clock: Clock, *, ready_s: float = READY_S) -> None:
        self._token = token
        self._clock = clock
        self._ready_s = ready_s
        self._task: asyncio.Task[None] | None = None

    async def open(self, client: DiscordClient) -> None:
        """Connect, or keep trying behind everything else."""
        self._task = asyncio.create_task(self._run(client), name="discord")
        self._task.add_done_callback(_heard)
        ready = asyncio.create_task(client.came_up.wait())
        patience = asyncio.create_task(self._clock.sleep(self._ready_s))
        try:
            await asyncio.wait(
                {self._task, ready, patience}, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            ready.cancel()
            patience.cancel()
        if self._task.done():
            task, self._task = self._task, None
            await self.close(client)
            task.result()  # raises what is wrong for good
        if not client.is_ready():
            logger.warning("discord not reached yet; still trying")

    async def close(self, client: DiscordClient) -> None:
        """Leave Discord."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            self._task = None
        await client.close()

    async def _run(self, client: DiscordClient) -> None:
        try:
            await self._until(lambda: self._login(client))
            await self._until(client.connect)
        except (discord.DiscordException, HearthbotError) as error:
            cause = explained(error, application_id=client.application_id)
            logger.error("discord refused the bot", reason=str(cause))
            raise cause from error

    async def _until(self, step: Callable[[], Awaitable[None]]) -> None:
        """Take a step again and again, until the network lets it succeed."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                await step()
                return
            except DOWN as error:
                logger.warning(
                    "discord not reached", reason=type(error).__name__, again_s=pause_s
                )
            await self._clock.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _login(self, client: DiscordClient) -> None:
        try:
            await client.login(self._token)
        except DOWN:
            # Each login opens a session of its own.
            await client.http.close()
            client.http.connector = discord.utils.MISSING
            raise


def _heard(task: asyncio.Task[None]) -> None:
    """Take note of how it ended, so that asyncio does not complain: it is logged."""
    if not task.cancelled():
        task.exception()
