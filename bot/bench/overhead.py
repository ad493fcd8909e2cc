"""What the bot itself costs for each message, and whether its memory stays flat."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from bot.app import open_app
from bot.bench.talk import Talkers, quick_platform
from bot.generation.requests import ModelSpec
from bot.safety.fake import NoClassifier
from bot.setup import Setup

__all__ = ["OverheadFigures", "bench_overhead"]

NUM_PEOPLE = 64
NUM_SAMPLES = 10
MIB = 1024 * 1024
MODEL = ModelSpec(
    "fake", "fake", "", options=(("reply", "This is a made-up answer. It is short."),)
)


@dataclass(frozen=True, slots=True)
class OverheadFigures:
    """What was measured.

    Attributes:
        cpu_ms: processor time of the bot's own process per message, worker left out.
        wall_ms: time per message, with 64 people at once.
        memory_mib: of the bot's process, after each tenth of the messages.
    """

    num_messages: int
    cpu_ms: float
    wall_ms: float
    memory_mib: tuple[float, ...]
    lag_p99_ms: float
    lag_max_ms: float


async def bench_overhead(
    setup: Setup, *, num_messages: int, progress: Callable[[int, int], None]
) -> OverheadFigures:
    """Drive the whole bot with a model and a guard that cost nothing."""
    process = psutil.Process()
    per_sample = max(NUM_PEOPLE, num_messages // NUM_SAMPLES)
    memory: list[float] = []
    async with open_app(
        setup,
        ["fake"],
        models={MODEL.name: MODEL},
        adapters={"fake": quick_platform},
        guard=NoClassifier(),
    ) as app:
        await app.engine.load(MODEL.name)
        talkers = Talkers(app, NUM_PEOPLE, is_fresh=False)
        await talkers.ask_once()
        app.lag.clear()
        before, begun_s = process.cpu_times(), time.perf_counter()
        num_done = 0
        while num_done < num_messages:
            await talkers.ask_once()
            num_done += NUM_PEOPLE
            progress(num_done, num_messages)
            if num_done >= per_sample * (len(memory) + 1):
                memory.append(process.memory_info().rss / MIB)
        after, ended_s = process.cpu_times(), time.perf_counter()
        lag = app.lag.read()
    cpu_s = after.user + after.system - before.user - before.system
    return OverheadFigures(
        num_messages=num_done,
        cpu_ms=1000 * cpu_s / num_done,
        wall_ms=1000 * (ended_s - begun_s) / num_done,
        memory_mib=tuple(round(value, 1) for value in memory),
        lag_p99_ms=lag.p99_ms,
        lag_max_ms=lag.max_ms,
    )
