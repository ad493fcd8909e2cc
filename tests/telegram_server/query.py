"""One call as the methods see it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server.accounts import BotAccount
from tests.telegram_server.params import Params
from tests.telegram_server.settings import Settings
from tests.telegram_server.world import World

__all__ = ["Method", "Query"]


@dataclass(frozen=True, slots=True)
class Query:
    """What a method needs: who calls, with what, and the world it changes."""

    world: World
    bot: BotAccount
    params: Params
    settings: Settings
    base_url: str = field(default="", repr=False)

    @property
    def now(self) -> int:
        """The time in whole seconds, as the API gives it."""
        return int(self.world.clock.now_utc().timestamp())


Method = Callable[[Query], Awaitable[Any]]
