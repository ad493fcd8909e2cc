"""Everything that can be watched, put together when somebody asks for it."""

import asyncio
import platform
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version

import psutil
import structlog

from bot.adapter import Adapter
from bot.clock import Clock
from bot.errors import StoreError
from bot.exposition import Family, Sample, counter, exposition, gauge
from bot.generation.status import EngineStatus
from bot.generation.supervisor import WorkerState
from bot.health import Lag
from bot.metrics import Metrics
from bot.store.deliveries import DeliveryState
from bot.store.runs import RunState
from bot.store.tallies import Tally, TallyRepository

__all__ = ["Scrape", "build_family"]

logger = structlog.get_logger(__name__)

TALLY_S = 15.0
"""The store is counted at most once in so many seconds."""


class Scrape:
    """Reads what was counted, and looks at the rest.

    Args:
        adapters: the platforms; they may be connected later.
        failing: the names of filters that do not work.
        statuses: the states that posts may have.
    """

    def __init__(
        self,
        metrics: Metrics,
        tallies: TallyRepository,
        *,
        engine: Callable[[], EngineStatus],
        lag: Callable[[], Lag],
        adapters: Mapping[str, Adapter],
        failing: Callable[[], Mapping[str, str]],
        statuses: tuple[str, ...],
        clock: Clock,
    ) -> None:
        self._metrics = metrics
        self._tallies = tallies
        self._engine = engine
        self._lag = lag
        self._adapters = adapters
        self._failing = failing
        self._statuses = statuses
        self._clock = clock
        self._tally: Tally | None = None
        self._tallied_s = float("-inf")
        self._counting = asyncio.Lock()

    async def text(self) -> str:
        """Return the page as Prometheus reads it."""
        tally = await self._counted()
        families = [
            *self._metrics.families(),
            *_engine_families(self._engine()),
            *self._own_families(),
            *self._platform_families(),
            gauge(
                "hearthbot_store_up", "1: the store can be read.", [Sample(bool(tally))]
            ),
        ]
        if tally is not None:
            families += _store_families(tally, self._statuses)
        return exposition(families)

    async def _counted(self) -> Tally | None:
        """Return how much there is, as of lately; None: the store cannot be read."""
        async with self._counting:
            if self._clock.monotonic() - self._tallied_s >= TALLY_S:
                try:
                    self._tally = await self._tallies.tally()
                except StoreError as error:
                    logger.warning("store not counted", reason=str(error))
                    self._tally = None
                self._tallied_s = self._clock.monotonic()
            return self._tally

    def _own_families(self) -> Iterator[Family]:
        own, lag = psutil.Process(), self._lag()
        yield build_family()
        yield gauge(
            "hearthbot_loop_lag_seconds",
            "How late the event loop was in the last five minutes; 1 is the worst.",
            (
                Sample(late_ms / 1000, (("quantile", quantile),))
                for quantile, late_ms in (
                    ("0.5", lag.p50_ms),
                    ("0.99", lag.p99_ms),
                    ("1", lag.max_ms),
                )
            ),
        )
        yield gauge(
            "hearthbot_filters_failing",
            "Filters that do not work.",
            [Sample(len(self._failing()))],
        )
        yield gauge(
            "process_resident_memory_bytes",
            "Memory of the bot, without its worker.",
            [Sample(own.memory_info().rss)],
        )
        yield gauge(
            "process_start_time_seconds",
            "When the bot started, in seconds since 1970.",
            [Sample(own.create_time())],
        )

    def _platform_families(self) -> Iterator[Family]:
        calls = {
            name: adapter.calls
            for name, adapter in self._adapters.items()
            if adapter.calls is not None
        }
        yield counter(
            "hearthbot_platform_calls_total",
            "Calls that were made to a platform.",
            (Sample(one.made, (("platform", name),)) for name, one in calls.items()),
        )
        yield counter(
            "hearthbot_platform_limited_total",
            "Calls that a platform asked to make later (429).",
            (Sample(one.limited, (("platform", name),)) for name, one in calls.items()),
        )


def build_family() -> Family:
    """Return what runs here."""
    try:
        own = version("hearthbot")
    except PackageNotFoundError:
        own = "unknown"
    labels = (("python", platform.python_version()), ("version", own))
    return gauge("hearthbot_build_info", "What runs; always 1.", [Sample(1, labels)])


def _engine_families(status: EngineStatus) -> Iterator[Family]:
    yield gauge(
        "hearthbot_queue_length", "Requests that wait.", [Sample(status.waiting)]
    )
    yield gauge(
        "hearthbot_requests_running", "Requests that run.", [Sample(status.running)]
    )
    yield gauge(
        "hearthbot_tokens_per_second",
        "Tokens made a second in the last minute, idle times left out.",
        [Sample(status.tokens_per_s)],
    )
    yield gauge(
        "hearthbot_worker_up",
        "1: the worker takes requests.",
        [Sample(status.worker is WorkerState.READY)],
    )
    yield counter(
        "hearthbot_worker_restarts_total",
        "How often the worker was started again.",
        [Sample(status.restarts)],
    )
    yield gauge(
        "hearthbot_worker_memory_bytes",
        "Memory of the worker when it was last asked.",
        [Sample(status.worker_rss_bytes)],
    )
    yield gauge(
        "hearthbot_model_memory_bytes",
        "What each loaded model takes on its device.",
        (Sample(one.memory_bytes, (("model", one.name),)) for one in status.models),
    )


def _store_families(tally: Tally, statuses: tuple[str, ...]) -> Iterator[Family]:
    for name, summary, label, states, counts in (
        (
            "hearthbot_deliveries",
            "Posts on their way to a channel, and those that arrived.",
            "state",
            tuple(DeliveryState),
            tally.deliveries,
        ),
        ("hearthbot_posts", "Posts, by status.", "status", statuses, tally.posts),
        (
            "hearthbot_schedule_runs",
            "Runs of schedules.",
            "state",
            tuple(RunState),
            tally.runs,
        ),
    ):
        yield gauge(
            name,
            summary,
            (Sample(counts.get(one, 0), ((label, one),)) for one in states),
        )
    yield gauge(
        "hearthbot_store_bytes",
        "The database with its write-ahead log.",
        [Sample(tally.store_bytes)],
    )
    yield gauge(
        "hearthbot_store_free_bytes",
        "Room on the disk of the database.",
        [Sample(tally.free_bytes)],
    )
