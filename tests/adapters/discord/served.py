"""The adapter over real HTTP and a real gateway, on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.connection import GatewayConnection
from bot.clock import SystemClock
from bot.fake_settings import FakeSettings
from bot.messages import Channel, Message, Press, Reply
from bot.reactions import Comment, Reaction, Vote
from tests.adapters.discord.simulated import build_adapter
from tests.discord_server.server import DiscordServer

__all__ = ["EchoInbox", "served"]

ACTUAL_PACE_S = 0.02


class EchoInbox:
    """Answers whatever is for the bot, growing, with the same words.

    Attributes:
        failed: questions whose answer could not be delivered, with the reason.
    """

    def __init__(self) -> None:
        self.adapter: DiscordAdapter | None = None
        self.messages: list[Message] = []
        self.presses: list[Press] = []
        self.failed: list[tuple[str, str]] = []
        self.tasks: set[asyncio.Task[None]] = set()

    def message(self, message: Message) -> None:
        self.messages.append(message)
        if message.is_to_bot:
            task = asyncio.create_task(self._answer(message))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def edited(self, message: Message) -> None:
        """Nothing."""

    def deleted(self, channel: Channel, message_id: str) -> None:
        """Nothing."""

    def pressed(self, press: Press) -> None:
        self.presses.append(press)

    def reacted(self, reaction: Reaction) -> None:
        """Nothing."""

    def voted(self, vote: Vote) -> None:
        """Nothing."""

    def commented(self, comment: Comment) -> None:
        """Nothing."""

    async def idle(self, *, timeout_s: float = 60.0) -> None:
        """Wait until all is answered."""
        async with asyncio.timeout(timeout_s):
            while self.tasks:
                await asyncio.wait(set(self.tasks))

    def words_for(self, question: str) -> str:
        """Return what is answered."""
        return f"echo {question}"

    async def _answer(self, message: Message) -> None:
        assert self.adapter is not None
        stream = self.adapter.open_reply(message)
        text = self.words_for(message.text)
        words = text.split(" ")
        for number, word in enumerate(words):
            await stream.feed(word if number == 0 else f" {word}")
            await asyncio.sleep(0)
        try:
            await stream.finish(Reply(text, reply_to_id=message.id))
        except Exception as error:
            reason = f"{error!r} from {error.__cause__!r}"
            self.failed.append((message.text, reason))


@asynccontextmanager
async def served(
    server: DiscordServer, inbox: Any = None, **options: Any
) -> AsyncIterator[DiscordAdapter]:
    """Connect the adapter to a server."""
    config = {
        "api_url": server.api_url,
        "gateway_url": server.gateway_url,
        **options.pop("config", {}),
    }
    token = options.pop("token", server.token)
    inbox = inbox or EchoInbox()
    clock = options.setdefault("clock", SystemClock())
    ready_s = options.pop("ready_s", 20.0)
    adapter = build_adapter(
        GatewayConnection(token, clock, ready_s=ready_s),
        inbox,
        config=config,
        settings=options.pop("settings", None) or FakeSettings(),
        **options,
    )
    adapter.client._connection.guild_ready_timeout = 0.05
    inbox.adapter = adapter
    async with adapter:
        yield adapter
