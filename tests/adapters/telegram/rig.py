"""The bot on the small Telegram, with an inbox that notes or a core that answers."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from typing_extensions import override

from adapters.addressing import Addressing
from adapters.fake.inbox import RecordingInbox
from adapters.pace import Rate
from adapters.telegram.adapter import TELEGRAM_LIMITS, TelegramAdapter
from adapters.telegram.calls import RATES
from adapters.telegram.core_parts import CoreParts
from bot.adapter import Inbox, Limits
from bot.clock import Clock, SystemClock
from bot.commands.command import Command
from bot.commands.registry import Registry
from bot.config import TelegramConfig
from bot.messages import Author, Channel
from bot.preferences import Talk
from bot.store.accounts import AccountRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.turns import TurnRepository
from bot.words import Text, Words
from tests.stores import new_store
from tests.telegram_server.server import TelegramServer
from tests.telegram_server.settings import Settings

__all__ = ["UNHURRIED", "Rig", "ScaledClock", "open_rig"]


class ScaledClock(Clock):
    """The machine's time, so many times as fast."""

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._system = SystemClock()
        self._start_s = self._system.monotonic()
        self._start_utc = self._system.now_utc()

    @override
    def now_utc(self) -> datetime:
        return self._start_utc + timedelta(seconds=self.monotonic())

    @override
    def monotonic(self) -> float:
        return (self._system.monotonic() - self._start_s) * self._factor

    @override
    async def sleep(self, delay_s: float) -> None:
        await self._system.sleep(delay_s / self._factor)


UNHURRIED: Mapping[str, Sequence[Rate]] = dict.fromkeys(RATES, ())
"""No limits, where they are not what a test is about."""

FAST = 0.02


@dataclass(slots=True)
class Rig:
    """The adapter with what it stands between.

    Attributes:
        told: what moderators were told.
        noted: what whoever started the bot was told.
        talk: what moderators chose, by channel key.
    """

    server: TelegramServer
    store: Store
    clock: Clock
    inbox: RecordingInbox = field(default_factory=RecordingInbox)
    told: list[Text] = field(default_factory=list)
    noted: list[Text] = field(default_factory=list)
    talk: dict[str, Talk] = field(default_factory=dict)

    @property
    def settings(self) -> SettingsRepository:
        """What is set at run time."""
        return SettingsRepository(self.store)

    @property
    def turns(self) -> TurnRepository:
        """What was said."""
        return TurnRepository(self.store)

    def adapter(
        self,
        *,
        inbox: Inbox | None = None,
        token: str = "",
        limits: Limits | None = None,
        rates: Mapping[str, Sequence[Rate]] = UNHURRIED,
        commands: Sequence[Command] = (),
        names: Sequence[str] = ("Hearth",),
        owners: Sequence[str] = (),
        stop_after_s: float = 0.05,
        words: Words | None = None,
        **config: object,
    ) -> TelegramAdapter:
        """Return an adapter for the server's bot."""
        words = words or Words({})

        async def talk_of(channel: Channel) -> Talk | None:
            return self.talk.get(channel.key)

        async def language_of(channel: Channel, author: Author | None) -> str:
            return "en"

        core = CoreParts(
            inbox=inbox or self.inbox,
            registry=Registry(commands, words),
            words=words,
            language="en",
            language_of=language_of,
            addressing=Addressing(
                names=names, prefix="", talk_channels=(), talk_of=talk_of
            ),
            owners=owners,
            settings=self.settings,
            turns=self.turns,
            accounts=AccountRepository(self.store),
            tell=self.told.append,
            note=self.noted.append,
            clock=self.clock,
        )
        return TelegramAdapter(
            TelegramConfig.model_validate({"base_url": self.server.url, **config}),
            core,
            token=token or self.server.token,
            limits=limits
            or Limits(4096, TELEGRAM_LIMITS.count_units, edit_interval_s=FAST),
            rates=rates,
            stop_after_s=stop_after_s,
        )


@asynccontextmanager
async def open_rig(
    clock: Clock | None = None, settings: Settings | None = None
) -> AsyncIterator[Rig]:
    """Start a server and a store."""
    clock = clock or SystemClock()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite3"
        async with (
            TelegramServer(clock=clock, settings=settings) as server,
            new_store(path, clock=clock) as store,
        ):
            yield Rig(server, store, clock)
