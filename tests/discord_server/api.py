"""What every route of the HTTP API works with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.clock import Clock
from tests.discord_server.bodies import Body
from tests.discord_server.compose import Composer
from tests.discord_server.feed import Feed
from tests.discord_server.gateway import Gateway
from tests.discord_server.interactions import Interactions
from tests.discord_server.permissions import Permission
from tests.discord_server.places import Channel
from tests.discord_server.rates import Rates
from tests.discord_server.refusals import Json, refuse
from tests.discord_server.world import World

__all__ = ["Api", "Ask", "Handler", "Limit"]


class Limit(Exception):
    """A call must wait for a reason that only its route knows."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


@dataclass
class Api:
    """The collaborators of the routes."""

    world: World
    gateway: Gateway
    feed: Feed
    composer: Composer
    interactions: Interactions
    rates: Rates
    clock: Clock


@dataclass
class Ask:
    """One call: the parts of its path, its query, its body."""

    api: Api
    parts: Mapping[str, str]
    query: Mapping[str, str]
    body: Body
    reason: str | None = field(default=None)

    def channel(self, *needed: Permission) -> Channel:
        """Return the channel of the path, where the bot may do what is needed.

        Raises:
            Refusal: there is none, the bot does not see it, or lacks a right.
        """
        world = self.api.world
        channel = world.channel(self.parts["channel_id"])
        granted = world.permissions(world.bot, channel)
        if not granted & Permission.VIEW_CHANNEL:
            raise refuse(50001)
        for permission in needed:
            if not granted & permission:
                raise refuse(50013)
        return channel

    def number(self, name: str, default: int, most: int) -> int:
        """Return a number of the query, within its bounds."""
        return max(1, min(int(self.query.get(name, default)), most))


Handler: TypeAlias = Callable[[Ask], Awaitable[Json | list[Json] | None]]
