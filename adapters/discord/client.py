"""discord.py's client, which hands on what happens."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Protocol

import aiohttp
import discord
import structlog
from discord import app_commands
from typing_extensions import override

from adapters.discord.feelings import Feelings, ReactionEvent

__all__ = ["DiscordClient", "Events", "intents"]

logger = structlog.get_logger(__name__)

MAX_MESSAGES, TOO_MANY = 2000, 429
LONGEST_RATE_LIMIT_S = 60.0
"""Longer pauses are not slept through inside discord.py but told to the governor."""


class Events(Protocol):
    """Who is told what happens on Discord."""

    async def set_up(self) -> None:
        """Logged in, not yet connected."""

    async def message(self, message: discord.Message) -> None:
        """Somebody wrote."""

    async def edited(self, event: discord.RawMessageUpdateEvent) -> None:
        """A message was changed, by a person or by a link's preview."""

    async def deleted(
        self, place_id: int, guild_id: int | None, message_ids: frozenset[int]
    ) -> None:
        """Messages are gone."""

    async def interaction(self, interaction: discord.Interaction) -> None:
        """Somebody used a command, a button, a menu or a form."""


def intents(*, message_content: bool) -> discord.Intents:
    """Return what the bot asks Discord to be told, and nothing more."""
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        guild_reactions=True,
        guild_polls=True,
        message_content=message_content,
    )


class DiscordClient(discord.AutoShardedClient):
    """The connection to Discord; reconnects and resumes by itself.

    Args:
        on_limited: called for each 429, also those that discord.py waits out itself.

    Attributes:
        events: who is told; set before it connects. So is feelings, of reactions and
            votes.
        tree: the commands, as Discord knows them.
        came_up: set once it has been connected.
        is_online: whether every shard is connected at the moment.
    """

    def __init__(
        self, *, message_content: bool, on_limited: Callable[[], None]
    ) -> None:
        # It joins no voice channels: nothing that they need is missing.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=intents(message_content=message_content),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            max_messages=MAX_MESSAGES,
            max_ratelimit_timeout=LONGEST_RATE_LIMIT_S,
            http_trace=_tracing(on_limited),
        )
        self.events: Events | None = None
        self.feelings: Feelings | None = None
        self.tree: app_commands.CommandTree[DiscordClient] | None = None
        self.came_up = asyncio.Event()
        self._shards_down: set[int] = set()

    @property
    def is_online(self) -> bool:
        """Whether it is connected, with all its shards."""
        return self.is_ready() and not self.is_closed() and not self._shards_down

    @override
    async def setup_hook(self) -> None:
        if self.events is not None:
            await self.events.set_up()

    async def on_ready(self) -> None:
        """Note that it is connected. It may be so many times: nothing is done here."""
        self.came_up.set()

    async def on_message(self, message: discord.Message) -> None:
        """Hand on."""
        if self.events is not None:
            await self.events.message(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Hand on; raw, so that messages from before the start count as well."""
        if self.events is not None:
            await self.events.edited(event)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Hand on."""
        if self.events is not None:
            ids = frozenset({event.message_id})
            await self.events.deleted(event.channel_id, event.guild_id, ids)

    async def on_raw_bulk_message_delete(
        self, event: discord.RawBulkMessageDeleteEvent
    ) -> None:
        """Hand on."""
        if self.events is not None:
            ids = frozenset(event.message_ids)
            await self.events.deleted(event.channel_id, event.guild_id, ids)

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Hand on."""
        self._reacted(event)

    async def on_raw_reaction_remove(
        self, event: discord.RawReactionActionEvent
    ) -> None:
        """Hand on."""
        self._reacted(event)

    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        """Hand on."""
        self._reacted(event)

    async def on_raw_reaction_clear_emoji(
        self, event: discord.RawReactionClearEmojiEvent
    ) -> None:
        """Hand on."""
        self._reacted(event)

    async def on_raw_poll_vote_add(self, event: discord.RawPollVoteActionEvent) -> None:
        """Hand on."""
        if self.feelings is not None:
            self.feelings.voted(event, is_added=True)

    async def on_raw_poll_vote_remove(
        self, event: discord.RawPollVoteActionEvent
    ) -> None:
        """Hand on."""
        if self.feelings is not None:
            self.feelings.voted(event, is_added=False)

    def _reacted(self, event: ReactionEvent) -> None:
        if self.feelings is not None:
            self.feelings.reacted(event)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Hand on what is no command: the tree takes those."""
        if self.events is not None:
            await self.events.interaction(interaction)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note that it is down; discord.py is at it."""
        self._shards_down.add(shard_id)
        logger.warning("discord disconnected", shard=shard_id)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Note that it is up."""
        self._shards_down.discard(shard_id)
        logger.info("discord connected", shard=shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that it is up again, and nothing was missed."""
        self._shards_down.discard(shard_id)
        logger.info("discord resumed", shard=shard_id)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that a server has let the bot in."""
        logger.info("server joined", guild=guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that a server has put the bot out."""
        logger.info("server left", guild=guild.id)

    @override
    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        logger.exception("could not handle an event", event_name=event_method)


def _tracing(on_limited: Callable[[], None]) -> aiohttp.TraceConfig:
    async def look(
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        scope = params.response.headers.get("X-RateLimit-Scope")
        if params.response.status == TOO_MANY and scope != "shared":
            on_limited()  # Discord does not count those that several bots share

    tracing = aiohttp.TraceConfig()
    tracing.on_request_end.append(look)
    return tracing
