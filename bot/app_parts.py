"""The parts of the running bot, as the composition root has put them together."""

from dataclasses import dataclass, field

from bot.adapter import Adapter
from bot.answering import Answering
from bot.app_cases import Casework
from bot.app_members import Members
from bot.app_memory import MemoryParts
from bot.app_people import People
from bot.app_safety import SafetyPath
from bot.app_senses import Senses
from bot.avatars import Avatars
from bot.clock import Clock
from bot.commands.dispatcher import Dispatcher
from bot.commands.registry import Registry
from bot.drawing import Drawer
from bot.generation.engine import Engine
from bot.health import Health, LoopLag
from bot.metrics import Metrics
from bot.models.machine import Machine
from bot.moderators import Moderators
from bot.preferences import Preferences
from bot.responder import Responder
from bot.resting import Resting
from bot.scrape import Scrape
from bot.setup import Setup
from bot.store.accounts import AccountRepository
from bot.store.store import Store
from bot.tasks import Tasks
from content.content import Content

__all__ = ["App", "Core"]


@dataclass(frozen=True, slots=True)
class Core:
    """What answers people, before there are commands."""

    store: Store
    adapters: dict[str, Adapter]
    answering: Answering
    avatars: Avatars
    casework: Casework
    content: Content
    drawer: Drawer | None
    members: Members
    memory: MemoryParts
    people: People
    preferences: Preferences
    resting: Resting
    safety: SafetyPath
    senses: Senses
    tasks: Tasks


@dataclass(frozen=True, slots=True)
class App:
    """The parts of the running bot. `adapters` fills up as platforms are connected."""

    setup: Setup
    clock: Clock
    lag: LoopLag
    store: Store
    engine: Engine
    registry: Registry
    dispatcher: Dispatcher
    responder: Responder
    tasks: Tasks
    content: Content
    people: People
    casework: Casework
    avatars: Avatars
    drawer: Drawer | None
    preferences: Preferences
    moderators: Moderators
    health: Health
    scrape: Scrape
    safety: SafetyPath
    metrics: Metrics
    machine: Machine
    adapters: dict[str, Adapter] = field(default_factory=dict)

    async def make_password(self) -> str | None:
        """See to it that there is a moderators' password; return it if it is new."""
        from adapters.web.sign_in import ensure_password

        return await ensure_password(
            AccountRepository(self.store),
            password_env=self.setup.config.adapters.web.password_env,
            environ=self.setup.environ,
        )

    async def drain(self) -> None:
        """Accept nothing new, and let what runs come to an end and be shown."""
        await self.engine.drain(self.setup.config.engine.drain_s)
        await self.responder.idle()
