"""A bot that posts on Discord and Telegram until it is killed; not a test itself.

What makes posts and sends them is the real thing: content, store, both adapters. Made
up are the model, which writes at once, the picture, and the moderators.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database
from typing_extensions import override

from adapters.addressing import Addressing
from adapters.discord.adapter import DiscordAdapter
from adapters.discord.connection import GatewayConnection
from adapters.discord.outbox import RATES as DISCORD_RATES
from adapters.fake.inbox import RecordingInbox
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.calls import RATES as TELEGRAM_RATES
from adapters.telegram.core_parts import CoreParts
from bot.adapter import Adapter
from bot.clock import SystemClock
from bot.commands.registry import Registry
from bot.config import Config, ScheduleConfig, TelegramConfig
from bot.config_adapters import DiscordConfig
from bot.errors import UserError
from bot.generation.requests import PromptTurn, TextParams
from bot.messages import Attachment, Author, Channel, Role
from bot.preferences import Talk
from bot.publication import Publication, Published
from bot.safety.filter import FilterChain
from bot.store.accounts import AccountRepository
from bot.store.posts import StoredPost
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.turns import TurnRepository
from bot.words import Text, Words
from content.content import Content
from content.fake_desk import FakeDesk
from content.posts import PostStatus
from content.review import ReviewAction
from content.sources.choosing import Sources
from content.text_maker import TextMaker
from tests.content.kill.orders import SCHEDULE, Fuse, Order, Shape, long_text
from tests.telegram_server.senders import small_picture

__all__ = ["live"]

R = TypeVar("R")

TOPIC = "Watering tomatoes in summer"
SENTENCES = (Path(__file__).parents[1] / "tomatoes.txt").read_text("utf-8").splitlines()
PICTURE = Attachment("cover.png", "image/png", small_picture(40, 30, "PNG"))
MODERATOR = Author("discord:1", "Mo", Role.OWNER)
OFFICE = Channel("discord", "1", "1")
GUILD_READY_S = 0.02
GLANCE_S = 0.01


class Burning:
    """Counts down to the point at which the bot kills itself."""

    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse
        self._number = 0

    def reach(self, point: str) -> None:
        """Be at a point; nothing comes after it where it is the one."""
        if point == self._fuse.point:
            self._number += 1
            if self._number == self._fuse.number:
                os.kill(os.getpid(), signal.SIGKILL)


class FusedStore(Store):
    """Dies before or after a write."""

    burning = Burning(Fuse())

    @override
    async def write(self, fn: Callable[[Database], R]) -> R:
        self.burning.reach("row before")
        result = await super().write(fn)
        self.burning.reach("row after")
        return result


class FusedMaker(TextMaker):
    """Writes good sentences, three at a time, and dies over one."""

    def __init__(self, burning: Burning) -> None:
        self._burning = burning
        self._number = 0

    @override
    async def write(self, turns: tuple[PromptTurn, ...], *, params: TextParams) -> str:
        await asyncio.sleep(0.002)
        self._burning.reach("draft")
        self._number += 3
        last = len(SENTENCES)
        return " ".join(SENTENCES[(self._number + i) % last] for i in range(3))


class FusedDiscord(DiscordAdapter):
    """Dies before or after it publishes."""

    burning = Burning(Fuse())

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        self.burning.reach("call before")
        found = await super().publish(channel, publication, nonce=nonce)
        self.burning.reach("call after")
        return found


class FusedTelegram(TelegramAdapter):
    """Dies before or after it publishes."""

    burning = Burning(Fuse())

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        self.burning.reach("call before")
        found = await super().publish(channel, publication, nonce=nonce)
        self.burning.reach("call after")
        return found


class OneCover:
    """Draws the same for every post."""

    async def draw(
        self, post: StoredPost, *, number: int = 0, sticker: bytes | None = None
    ) -> Attachment | None:
        """Return it."""
        return PICTURE


class NotedDesk(FakeDesk):
    """Keeps what moderators are told in a file, which outlives the bot."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    @override
    async def tell(self, text: Text, **more: object) -> bool:
        with self._path.open("a") as file:
            file.write(f"{text}\n")
        return True


async def live(order: Order) -> None:
    """Run until everything is settled."""
    clock, burning = SystemClock(), Burning(order.fuse)
    shape = order.shape
    async with FusedStore.open(order.path, backups=1, clock=clock) as store:
        assert isinstance(store, FusedStore)
        store.burning = burning
        discord, telegram = _discord(order, store), _telegram(order, store)
        discord.burning = telegram.burning = burning
        adapters: dict[str, Adapter] = {"discord": discord, "telegram": telegram}

        content = Content(
            config=_config(order),
            store=store,
            maker=FusedMaker(burning),
            chain=FilterChain([]),
            adapters=adapters,
            words=Words({}),
            desk=NotedDesk(Path(order.folder) / "told"),
            clock=clock,
            sources=Sources(store, config_path=Path(order.folder) / "config.toml"),
            covers=OneCover() if shape.has_picture else None,
        )
        async with discord, telegram, content:
            moderator = asyncio.create_task(_moderate(content, shape))
            await content.settled()
            moderator.cancel()
            await asyncio.wait([moderator])


async def _moderate(content: Content, shape: Shape) -> None:
    """Decide about what is under review, as somebody with buttons does."""
    while True:
        for post in await content.posts.list():
            if post.status == PostStatus.PENDING_REVIEW:
                try:
                    await _decide(content, shape, post)
                except UserError:
                    continue  # it was decided meanwhile
        await asyncio.sleep(GLANCE_S)


async def _decide(content: Content, shape: Shape, post: StoredPost) -> None:
    was_sent_back = [
        row
        for row in await content.posts.transitions(post.id)
        if row.actor == MODERATOR.name and row.to_status == PostStatus.DRAFTING
    ]
    if shape.is_sent_back and not was_sent_back:
        action = ReviewAction.AGAIN
    elif shape.is_edited and "Paragraph 1 " not in post.body:
        await content.corrections.edit(post.id, long_text(), MODERATOR, OFFICE)
        return
    else:
        action = ReviewAction.APPROVE
    await content.review.decide(post.id, action, MODERATOR, place=OFFICE)


def _config(order: Order) -> Config:
    schedule = ScheduleConfig(
        id=SCHEDULE,
        kind=order.shape.kind,
        channels=order.channels,
        topics=(TOPIC,),
        at_utc=datetime(2099, 1, 1, tzinfo=UTC),
        at_first_start=True,
        approvals=1 if order.shape.is_reviewed else 0,
        discuss=order.shape.has_discussion,
    )
    return Config(schedule=(schedule,))


async def _no_talk(channel: Channel) -> Talk | None:
    return None


def _ignore(text: Text) -> None:
    """Tell nobody."""


def _discord(order: Order, store: Store) -> FusedDiscord:
    api_url, gateway_url, token = order.discord
    config = {"enabled": True, "api_url": api_url, "gateway_url": gateway_url}
    words = Words({})
    adapter = FusedDiscord(
        DiscordConfig.model_validate(config),
        connection=GatewayConnection(token, store.clock),
        owners=(),
        inbox=RecordingInbox(),
        registry=Registry((), words),
        words=words,
        language="en",
        talk_of=_no_talk,
        settings=SettingsRepository(store),
        tell=_ignore,
        clock=store.clock,
        rates=dict.fromkeys(DISCORD_RATES, ()),
    )
    adapter.client._connection.guild_ready_timeout = GUILD_READY_S
    return adapter


def _telegram(order: Order, store: Store) -> FusedTelegram:
    url, token = order.telegram
    words = Words({})

    async def language_of(channel: Channel, author: Author | None) -> str:
        return "en"

    core = CoreParts(
        inbox=RecordingInbox(),
        registry=Registry((), words),
        words=words,
        language="en",
        language_of=language_of,
        addressing=Addressing(
            names=("Hearth",), prefix="", talk_channels=(), talk_of=_no_talk
        ),
        owners=(),
        settings=SettingsRepository(store),
        turns=TurnRepository(store),
        accounts=AccountRepository(store),
        tell=_ignore,
        note=_ignore,
        clock=store.clock,
    )
    return FusedTelegram(
        TelegramConfig.model_validate({"base_url": url}),
        core,
        token=token,
        rates=dict.fromkeys(TELEGRAM_RATES, ()),
    )
