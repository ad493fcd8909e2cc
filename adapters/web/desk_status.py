"""What runs now: the engine, the machine, platforms, pauses and rooms."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

import psutil
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.desk_status_texts import STATUS_TEXTS
from adapters.web.requests import whole_number
from bot.clock import Clock
from bot.pause import load_pauses
from bot.pauses import EVERYWHERE, PAUSE
from bot.preferences import community_key
from bot.pulse import Beat
from bot.store.known_places import KnownPlaces
from content.content import Content

__all__ = ["STATUS_TEXTS", "StatusPage", "status_routes"]

V = TypeVar("V")
FRESH_S = 2.0
"""What many look at is looked up once in so many seconds, for all of them."""


def status_routes(content: Content, door: DeskDoor) -> list[Route]:
    """Return what the page about the present asks."""
    page = StatusPage(content, door)
    return [door.route("/desk/api/status", page.read, is_poll=True)]


class Lately(Generic[V]):
    """Something that is looked up anew once it is older than some seconds."""

    def __init__(
        self, find: Callable[[], Awaitable[V]], *, clock: Clock, fresh_s: float
    ) -> None:
        self._find = find
        self._clock = clock
        self._fresh_s = fresh_s
        self._found: tuple[float, V] | None = None
        self._finding = asyncio.Lock()

    async def get(self) -> V:
        """Return it; who asks at the same time waits for the same look."""
        async with self._finding:
            now_s = self._clock.monotonic()
            if self._found is None or now_s - self._found[0] >= self._fresh_s:
                self._found = (now_s, await self._find())
            return self._found[1]


@dataclass(frozen=True, slots=True)
class RestingPlace:
    """Where something rests, and whose it is; "" is everybody's."""

    community: str
    shown: dict[str, Any]


class StatusPage:
    """Answers what the page asks every two seconds, of however many look at it."""

    def __init__(self, content: Content, door: DeskDoor) -> None:
        self._content = content
        self._parts = door.parts
        self._board = door.board
        self._known = KnownPlaces(content.store)
        clock = content.clock
        self._engine = Lately(self._look, clock=clock, fresh_s=FRESH_S)
        self._pauses = Lately(self._resting, clock=clock, fresh_s=FRESH_S)

    async def read(self, request: Request, visit: DeskVisit) -> Response:
        """Return how things are, and the measurements after the one that is named."""
        since = whole_number(request.query_params.get("since", 0))
        if since > self._parts.pulse.num_beats:
            since = 0  # the page is older than the bot, which was started anew
        beats = self._parts.pulse.since(since)
        pauses = [
            one.shown
            for one in await self._pauses.get()
            if not one.community or visit.steers(one.community)
        ]
        return JSONResponse(
            {
                **await self._engine.get(),
                "beats": [_beat(one) for one in beats],
                "pauses": pauses,
                "rooms": self._rooms(visit),
            }
        )

    def _rooms(self, visit: DeskVisit) -> list[dict[str, Any]]:
        if not visit.steers("community:web:web"):
            return []
        here = self._board.audience.numbers()
        access = self._board.access
        return [
            {"name": room, "people": here.get(room, 0), "open": access.is_open(room)}
            for room in access.rooms
        ]

    async def _look(self) -> dict[str, Any]:
        status, machine = self._parts.engine(), self._parts.machine
        _, health = self._parts.ready()
        memory = psutil.virtual_memory()
        return {
            "engine": {
                "worker": status.worker.value,
                "restarts": status.restarts,
                "running": status.running,
                "lanes": {
                    lane.name.lower(): number for lane, number in status.lanes.items()
                },
                "draining": status.is_draining,
                "models": [asdict(model) for model in status.models],
            },
            "memory": {
                "total": memory.total,
                "used": memory.total - memory.available,
                "worker": status.worker_rss_bytes,
                "bot": psutil.Process().memory_info().rss,
                "models": sum(model.memory_bytes for model in status.models),
            },
            "gpus": [asdict(gpu) for gpu in machine.gpus],
            "platforms": [
                {"name": name, "online": self._is_online(name, health)}
                for name in sorted(self._content.adapters)
            ],
        }

    def _is_online(self, platform: str, health: Any) -> bool:
        checks = health.get("checks", {})
        return bool(checks.get(platform, True))

    async def _resting(self) -> tuple[RestingPlace, ...]:
        now_utc = self._content.clock.now_utc()
        found = []
        for key, value in sorted((await self._known.settings(PAUSE)).items()):
            community, name = self._owner(key)
            for what, pause in load_pauses(value).items():
                if community is None or not pause.lasts(now_utc):
                    continue
                until = pause.until_utc.isoformat() if pause.until_utc else ""
                found.append(
                    RestingPlace(
                        community,
                        {
                            "place": name,
                            "what": what.value,
                            "until": until,
                            "reason": pause.reason,
                            "panic": pause.is_panic,
                        },
                    )
                )
        return tuple(found)

    def _owner(self, key: str) -> tuple[str | None, str]:
        """Return whose a place is, None: not known; and what it is called."""
        if key == EVERYWHERE:
            return "", EVERYWHERE
        if key.startswith("community:"):
            return key, key
        for place in self._content.places([key.partition("/")[0]]):
            return community_key(place), place.name or key
        return None, key


def _beat(beat: Beat) -> dict[str, Any]:
    return {**asdict(beat), "at_utc": beat.at_utc.isoformat()}
