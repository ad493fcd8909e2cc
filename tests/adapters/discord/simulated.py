"""A small Discord in memory for the tests, and somebody on it.

simcord runs discord.py's own parsers and cache; what it does not do is added here: it
forgets nonces, and counts the three seconds for an answer only on its own clock.
"""

import functools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import discord
import simcord
from discord.webhook.async_ import async_context
from simcord.backend import errors
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from simcord.http import client as simcord_http
from typing_extensions import override

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.client import DiscordClient
from adapters.discord.markup import LIMITS, render
from adapters.fake.driver import AdapterDriver
from adapters.fake.inbox import RecordingInbox
from bot.adapter import Inbox, Limits
from bot.clock import Clock, SystemClock
from bot.commands.command import Command
from bot.commands.registry import Registry
from bot.config_adapters import DiscordConfig
from bot.fake_settings import FakeSettings
from bot.messages import Channel, Message
from bot.preferences import Talk
from bot.words import Text, Words

__all__ = [
    "DiscordDriver",
    "Simulated",
    "World",
    "build_adapter",
    "forbid",
    "keep_three_seconds",
    "open_world",
]

NEW_THREAD = discord.MessageType.thread_created
PACE = {"all": (), "send": (), "edit": (), "other": (), "hook": ()}
TEST_LIMITS_INTERVAL_S = 0.02
ANSWERS = ("send_message", "defer", "send_modal", "edit_message", "autocomplete")
ALLOWED_S = 3.0


class BothClocks(SystemClock):
    """Real time, and what the simulation was moved on by."""

    def __init__(self, simulated: "Simulated") -> None:
        self._simulated = simulated

    @override
    def monotonic(self) -> float:
        env = self._simulated.env
        moved_s = env.backend.clock.elapsed if env is not None else 0.0
        return time.perf_counter() + float(moved_s)


class Simulated:
    """Brings a client to simcord instead of Discord."""

    def __init__(self, env: simcord.Env | None = None) -> None:
        self.env: Any = env
        self._is_restart = env is not None
        self._is_open = False

    async def open(self, client: DiscordClient) -> None:
        if self._is_restart:
            await self.env.restart_bot(client)
        else:
            env = simcord.Env(client, shard_count=1, check_errors=False)
            await env.start()
            self.env = env
        self._is_open = True
        remember_nonces(client)
        _Hooks.current = self.env._webhook_adapter

    async def close(self, client: DiscordClient) -> None:
        if self._is_open:
            self._is_open = False
            _Hooks.current = None
            await self.env.shutdown()


class _Hooks:
    """Stands for discord.py's context variable, which fixtures do not share."""

    current: Any = None
    real = async_context

    def get(self) -> Any:
        return self.current or self.real.get()


discord.interactions.async_context = _Hooks()  # type: ignore[attr-defined,assignment]
discord.webhook.async_.async_context = _Hooks()  # type: ignore[assignment]


def remember_nonces(client: discord.Client) -> None:
    """Let a message with the nonce of an earlier one be that one, as on Discord."""
    http: Any = client.http
    request, sent = http.request, dict[tuple[str, str], Any]()

    async def remembering(route: Any, **options: Any) -> Any:
        payload = options.get("json") or {}
        for part in options.get("form") or ():
            if part["name"] == "payload_json":
                payload = discord.utils._from_json(part["value"])
        nonce = payload.get("nonce") if route.method == "POST" else None
        if nonce is None or not payload.get("enforce_nonce"):
            return await request(route, **options)
        key = (route.url, nonce)
        if key not in sent:
            sent[key] = await request(route, **options)
        return sent[key]

    http.request = remembering


@functools.cache
def keep_three_seconds() -> None:
    """Refuse a first answer to an interaction after three seconds of real time."""
    born: dict[int, float] = {}
    made = discord.Interaction.__init__

    def remember(self: Any, *, data: Any, state: Any) -> None:
        born[int(data["id"])] = time.perf_counter()
        made(self, data=data, state=state)

    def in_time(answer: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(answer)
        async def checked(self: Any, *args: Any, **options: Any) -> Any:
            age_s = time.perf_counter() - born.get(self._parent.id, 0.0)
            if age_s > ALLOWED_S:
                simcord_http._raise_for(errors.unknown_interaction())
            return await answer(self, *args, **options)

        return checked

    discord.Interaction.__init__ = remember  # type: ignore[method-assign]
    for name in ANSWERS:
        answer = getattr(discord.InteractionResponse, name)
        setattr(discord.InteractionResponse, name, in_time(answer))


class World:
    """A server with a channel, two members and the bot.

    Attributes:
        told: what the moderators were told.
    """

    def __init__(self, adapter: DiscordAdapter, inbox: Any, simulated: Any) -> None:
        self.adapter = adapter
        self.inbox = inbox
        self.env: Any = simulated.env
        self.settings = FakeSettings()
        self.told: list[Text] = []
        guild = self.env.create_guild(name="Fireside")
        guild_state = self.env.backend.get_guild(guild.id)
        self.guild = guild
        self.guild_state = guild_state
        self.general = guild.create_text_channel("general")
        self.news = guild.create_news_channel("news")
        self.ada = guild.add_member(self.env.create_user("ada"))
        self.moderators: Any = None
        self.bert = guild.add_member(self.env.create_user("bert"))
        role = guild.create_role("Moderators", permissions=discord.Permissions(8))
        self.mod = guild.add_member(self.env.create_user("mod"), roles=[role])

    @property
    def me(self) -> str:
        """How the bot is mentioned."""
        user = self.adapter.client.user
        assert user is not None
        return user.mention

    def name_bot(self, name: str) -> None:
        """Give the bot another name than simcord does."""
        bot = self.env.backend.bot_user
        bot.name = name

    def place(self, channel: Any) -> Channel:
        """Return a channel as the core knows it."""
        return self.adapter.channel(str(channel.id))

    def shown(self, channel: Any) -> list[discord.Message]:
        """Return what the bot's messages in a channel are now."""
        me = self.adapter.client.user
        assert me is not None
        return [
            one
            for one in channel.history()
            if one.author.id == me.id and one.type is not NEW_THREAD
        ]

    def texts(self, channel: Any) -> list[str]:
        """Return what they say."""
        return [one.content for one in self.shown(channel)]


def build_adapter(
    connection: Any,
    inbox: Inbox,
    *,
    settings: Any = None,
    told: list[Text] | None = None,
    commands: tuple[Command, ...] = (),
    config: dict[str, object] | None = None,
    clock: Clock | None = None,
    words: Words | None = None,
    owners: tuple[str, ...] = (),
    talks: dict[str, Talk] | None = None,
    **more: Any,
) -> DiscordAdapter:
    """Return the adapter as the bot builds it, but for what costs time."""
    words = words or Words({})
    chosen = {} if talks is None else talks

    async def talk_of(channel: Channel) -> Talk | None:
        return chosen.get(channel.key)

    limits = Limits(
        LIMITS.text_units,
        count_units=LIMITS.count_units,
        edit_interval_s=TEST_LIMITS_INTERVAL_S,
    )
    return DiscordAdapter(
        DiscordConfig.model_validate({"enabled": True, **(config or {})}),
        connection=connection,
        owners=owners,
        inbox=inbox,
        registry=Registry(commands, words),
        words=words,
        language="en",
        talk_of=talk_of,
        settings=settings or FakeSettings(),
        tell=(told if told is not None else []).append,
        clock=clock or BothClocks(connection),
        **{"limits": limits, "rates": PACE, **more},
    )


@asynccontextmanager
async def open_world(**options: Any) -> AsyncIterator[World]:
    """Build a server with the bot on it."""
    keep_three_seconds()
    inbox = options.pop("inbox", None) or RecordingInbox()
    settings = options.pop("settings", None) or FakeSettings()
    told: list[Text] = []
    bot_name = options.pop("bot_name", "")
    simulated = Simulated()
    adapter = build_adapter(simulated, inbox, settings=settings, told=told, **options)
    if hasattr(inbox, "adapter"):
        inbox.adapter = adapter
    async with adapter:
        world = World(adapter, inbox, simulated)
        world.settings, world.told = settings, told
        if bot_name:
            world.name_bot(bot_name)
        await world.env.settle()
        yield world


def forbid(world: World, channel: Any, *names: str) -> None:
    """Take rights from everybody in a channel, the bot too."""
    deny = discord.Permissions(**dict.fromkeys(names, True)).value
    everyone = world.guild.default_role.id
    overwrite = Overwrite(everyone, OverwriteType.ROLE, deny=deny)
    world.env.backend.set_overwrite(channel.id, overwrite)


class DiscordDriver(AdapterDriver):
    """Writes and presses as Ada, on the server in memory."""

    can_change = True
    can_feel = True

    @override
    async def __aenter__(self) -> "DiscordDriver":
        self._world = open_world(is_file=lambda text: False)
        self.world = await self._world.__aenter__()
        self.adapter, self.inbox = self.world.adapter, self.world.inbox
        self._channels = {
            str(one.id): one for one in (self.world.general, self.world.news)
        }
        self.channel_ids = tuple(self._channels)
        # Who has used a command once is known by their language.
        await self.world.ada.slash(self.world.general, "help")
        self.inbox.messages.clear()
        return self

    @override
    async def __aexit__(self, *exc_info: object) -> None:
        await self._world.__aexit__(None, None, None)

    @override
    async def write(self, text: str, *, channel_id: str) -> None:
        backend = self.world.env.backend
        # People cannot write more than 2,000 characters; other senders might.
        message = backend.prepare_message(int(channel_id), self.world.ada.id, text[:1])
        message.content = text
        backend.commit_message(message)
        await self.world.env.settle()

    @override
    async def press(self, label: str, *, channel_id: str) -> None:
        newest = next(
            one
            for one in reversed(self.world.shown(self._channels[channel_id]))
            if label in _labels(one)
        )
        await self.world.ada.click(newest, label=label)

    @override
    async def shown(self, *, channel_id: str) -> str:
        place = self._channels[channel_id]
        embeds = [e for one in self.world.shown(place) for e in one.embeds]
        below = [embed.description or "" for embed in embeds]
        return "\n".join((*self.world.texts(place), *below))

    @override
    async def num_pictures(self, *, channel_id: str) -> int:
        shown = self.world.shown(self._channels[channel_id])
        return sum(len(one.attachments) for one in shown)

    @override
    def rendered(self, text: str) -> str:
        return render(text)

    @override
    async def react(self, message_id: str, emoji: str, *, channel_id: str) -> None:
        env = self.world.env
        env.backend.add_reaction(
            int(channel_id), int(message_id), emoji, self.world.ada.id
        )
        await env.settle()

    @override
    async def vote(self, message_id: str, answer: int, *, channel_id: str) -> None:
        env = self.world.env
        env.backend.add_poll_vote(
            int(channel_id), int(message_id), answer + 1, self.world.ada.id
        )
        await env.settle()

    @override
    async def edit(self, message: Message, text: str) -> None:
        place, message_id = int(message.channel.id), int(message.id)
        backend = self.world.env.backend
        backend.edit_message(place, message_id, {"content": text})
        await self.world.env.settle()

    @override
    async def delete(self, message: Message) -> None:
        backend = self.world.env.backend
        backend.delete_message(int(message.channel.id), int(message.id))
        await self.world.env.settle()


def _labels(message: discord.Message) -> list[str | None]:
    return [
        item.label
        for row in message.components
        for item in getattr(row, "children", ())
        if isinstance(item, discord.Button)
    ]
