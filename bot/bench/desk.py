"""Whether moderators who look at the desk slow down those who chat."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import psutil

from adapters.fake.adapter import FakeAdapter
from adapters.web.adapter import SESSION_SECRET
from adapters.web.sessions import COOKIE, Sessions
from bot.app import ADAPTERS, App, open_app
from bot.bench.talk import Speed, Talkers, percentile, quick_platform
from bot.errors import GenerationError
from bot.generation.requests import ModelSpec
from bot.messages import Channel, Role
from bot.safety.fake import NoClassifier
from bot.setup import Setup
from bot.store.accounts import AccountRepository
from bot.store.desk_visits import DeskGrant, DeskVisitRepository, link_key
from bot.store.visitors import VisitorRepository
from bot.words import T

__all__ = ["DeskFigures", "bench_desk"]

NUM_PEOPLE = 16
TURNS = 4
POLL_S = 2.0
PLACE = Channel("fake", "bench", "bench")
REPLY = "A hearth is the place of the fire in a house. People sat there in the evening."
MODEL = ModelSpec("fake", "fake", "", options=(("reply", REPLY), ("delay_s", 0.05)))
"""As fast as a good model: one that costs nothing would only fill every gap."""


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """What was measured, medians over the rounds.

    Attributes:
        alone_s: how long 16 people waited for 4 answers each, while nobody looked on.
        watched_s: the same, while everybody looked at the desk.
        ratio: the second by the first, round by round.
        looks_per_s: how many looks at the desk were answered each second.
        look_cpu_ms: processor time of a look, of the bot and the viewer together, while
            nobody chats.
    """

    num_viewers: int
    num_rounds: int
    alone_s: float
    watched_s: float
    ratio: float
    looks_per_s: float
    look_cpu_ms: float
    look_ms_p50: float
    look_ms_p95: float
    lag_p99_ms: float


async def bench_desk(
    setup: Setup,
    *,
    num_viewers: int,
    num_rounds: int,
    progress: Callable[[int, int], None],
) -> DeskFigures:
    """Let people chat, turn by turn with and without so many viewers of the desk.

    The page is served by the real server on a free port, in the process of the bot; the
    model is made up, and answers with twenty tokens a second to each.

    Raises:
        GenerationError: an answer failed, or a look at the desk was refused.
    """
    web = setup.config.adapters.web.model_copy(update={"port": 0, "host": "127.0.0.1"})
    adapters = setup.config.adapters.model_copy(update={"web": web})
    config = setup.config.model_copy(update={"adapters": adapters})
    alone, watched = list[float](), list[float]()
    looks, lags, watched_s = list[float](), list[float](), 0.0
    async with open_app(
        replace(setup, config=config),
        ["fake", "web"],
        models={MODEL.name: MODEL},
        adapters={"fake": quick_platform, "web": ADAPTERS["web"]},
        guard=NoClassifier(),
    ) as app:
        await app.engine.load(MODEL.name)
        cookies = await _cookies(app, num_viewers)
        talkers = Talkers(app, NUM_PEOPLE, is_fresh=False)
        await talkers.ask_once()
        for number in range(num_rounds):
            alone.append(await _talk(talkers))
            app.lag.clear()
            begun_s = time.perf_counter()
            async with _looking(app.adapters["web"].url, cookies, looks):
                watched.append(await _talk(talkers))
            watched_s += time.perf_counter() - begun_s
            lags.append(app.lag.read().p99_ms)
            progress(number + 1, num_rounds)
        look_cpu_ms = await _cpu_ms(app.adapters["web"].url, cookies)
    return DeskFigures(
        num_viewers=num_viewers,
        num_rounds=num_rounds,
        alone_s=statistics.median(alone),
        watched_s=statistics.median(watched),
        ratio=statistics.median(
            one / other for one, other in zip(watched, alone, strict=True)
        ),
        looks_per_s=len(looks) / watched_s,
        look_cpu_ms=look_cpu_ms,
        look_ms_p50=percentile(looks, 0.5),
        look_ms_p95=percentile(looks, 0.95),
        lag_p99_ms=max(lags),
    )


async def _talk(talkers: Talkers) -> float:
    speeds: list[Speed] = [await talkers.ask_once() for _ in range(TURNS)]
    return sum(speed.duration_s for speed in speeds)


async def _cpu_ms(url: str, cookies: Sequence[str]) -> float:
    """Return what a look costs, in milliseconds of a processor."""
    process, looks = psutil.Process(), list[float]()
    before = process.cpu_times()
    async with _looking(url, cookies, looks):
        await asyncio.sleep(2 * POLL_S)
    after = process.cpu_times()
    cpu_s = after.user + after.system - before.user - before.system
    return 1000 * cpu_s / max(1, len(looks))


async def _cookies(app: App, number: int) -> list[str]:
    """Return the cookies of so many moderators who came by a link."""
    sessions = Sessions(
        key=await AccountRepository(app.store).secret(SESSION_SECRET),
        visitors=VisitorRepository(app.store),
        owners=(),
        clock=app.clock,
    )
    grants, cookies = DeskVisitRepository(app.store), list[str]()
    platform = app.adapters[PLACE.platform]
    if not isinstance(platform, FakeAdapter):
        raise TypeError("the platform is not the fake one")
    for one in range(number):
        platform.roles[f"viewer-{one}"] = Role.MODERATOR
        grant = DeskGrant(f"viewer-{one}", f"Viewer {one}", Role.MODERATOR, PLACE)
        session = sessions.begin()
        await grants.hand_out(link_key(session.id), grant)
        await grants.begin(link_key(session.id), session.key)
        cookies.append(sessions.cookie(session))
    return cookies


@asynccontextmanager
async def _looking(
    url: str, cookies: Sequence[str], looks: list[float]
) -> AsyncIterator[None]:
    """Let all of them look, each every two seconds; `looks` gets milliseconds."""
    tasks = [
        asyncio.create_task(_look(url, cookie, looks, POLL_S * number / len(cookies)))
        for number, cookie in enumerate(cookies)
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for outcome in ended:
        if isinstance(outcome, Exception):
            raise outcome


async def _look(url: str, cookie: str, looks: list[float], wait_s: float) -> None:
    """Ask for the status again and again, over one connection of our own.

    A client of a library would cost more than the server that is measured.
    """
    host = urlsplit(url).netloc
    name, _, port = host.partition(":")
    await asyncio.sleep(wait_s)
    reader, writer = await asyncio.open_connection(name, int(port))
    since = 0
    try:
        while True:
            begun_s = time.perf_counter()
            writer.write(
                f"GET /desk/api/status?since={since} HTTP/1.1\r\nHost: {host}\r\n"
                f"Cookie: {COOKIE}={cookie}\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise GenerationError(T("A look at the desk was refused."))
            _, _, rest = head.lower().partition(b"content-length:")
            body = await reader.readexactly(int(rest.partition(b"\r\n")[0]))
            looks.append((time.perf_counter() - begun_s) * 1000)
            _, _, beat = body.rpartition(b'"number":')
            since = int(beat.partition(b",")[0]) if beat and beat != body else since
            await asyncio.sleep(POLL_S)
    finally:
        writer.close()
