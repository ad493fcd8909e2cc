"""What people may still do where they asked for a way into the desk."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field

import structlog

from bot.adapter import Adapter
from bot.clock import Clock
from bot.errors import GoneError, NetworkError, PlatformError
from bot.messages import Channel, Role
from bot.store.desk_visits import DeskGrant
from bot.words import T

__all__ = ["BELIEVED_S", "EVERY_S", "Standing"]

logger = structlog.get_logger(__name__)

EVERY_S = 60.0
"""So long what a platform said is not asked again."""
BELIEVED_S = 600.0
"""So long it counts where the platform cannot be asked."""
AGAIN_S = 15.0
"""So long after a platform could not be asked it is asked again."""
KEEP = 1_000

MayRun = Callable[[Role, Channel], Awaitable[bool]]
"""Says whether a role is enough for the desk in a channel."""


@dataclass(slots=True)
class _Known:
    """What a platform said last, and how long that is good for; None: nothing yet."""

    until_s: float
    role: Role | None = None
    ask_at_s: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Standing:
    """Asks the platforms anew who is a moderator, at most once a minute for each.

    `owners` are named as `platform:id`; `may_run` says what the settings and the
    community ask for.
    """

    def __init__(
        self,
        adapters: Mapping[str, Adapter],
        *,
        owners: Collection[str],
        may_run: MayRun,
        clock: Clock,
    ) -> None:
        self._adapters = adapters
        self._owners = frozenset(owners)
        self._may_run = may_run
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()

    async def role(self, grant: DeskGrant) -> Role | None:
        """Return what is left of a role that somebody had; None: it cannot be asked.

        It is never more than they had. Where a platform is not reached, what it said
        last counts for ten minutes.
        """
        role = await self._role_there(grant)
        if role is None:
            return None
        role = min(role, grant.role)
        return role if await self._may_run(role, grant.place) else Role.MEMBER

    async def _role_there(self, grant: DeskGrant) -> Role | None:
        place, person = grant.place, f"{grant.place.platform}:{grant.person_id}"
        if person in self._owners:
            return Role.OWNER
        known = self._known_of((place.key, person))
        async with known.lock:
            now_s = self._clock.monotonic()
            if now_s >= known.ask_at_s:
                try:
                    known.role = await self._ask(grant)
                    known.ask_at_s = self._clock.monotonic() + EVERY_S
                    known.until_s = self._clock.monotonic() + BELIEVED_S
                except PlatformError as error:
                    known.ask_at_s = self._clock.monotonic() + AGAIN_S
                    logger.warning(
                        "role not asked", platform=place.platform, reason=str(error)
                    )
            if self._clock.monotonic() >= known.until_s:
                return None
            return grant.role if known.role is None else known.role

    def _known_of(self, key: tuple[str, str]) -> _Known:
        known = self._known.get(key)
        if known is None:
            known = _Known(self._clock.monotonic() + BELIEVED_S)
            self._known[key] = known
        self._known.move_to_end(key)
        while len(self._known) > KEEP:
            self._known.popitem(last=False)
        return known

    async def _ask(self, grant: DeskGrant) -> Role:
        adapter = self._adapters.get(grant.place.platform)
        if adapter is None:
            raise NetworkError(T("The platform is not connected."))
        try:
            return await adapter.role_of(grant.place, grant.person_id)
        except GoneError:
            return Role.MEMBER
