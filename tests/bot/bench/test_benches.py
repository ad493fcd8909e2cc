"""The two benches as a whole, on the fake model."""

import statistics
from collections.abc import Callable
from pathlib import Path

from bot.bench.chat import bench_chat
from bot.bench.desk import bench_desk
from bot.bench.overhead import NUM_PEOPLE, bench_overhead
from bot.safety.fake import FakeClassifier
from bot.safety.verdict import Stage
from bot.setup import Setup

NO_LIMITS = {
    "person_per_minute": 10**6,
    "channel_per_minute": 10**6,
    "shadow": True,
    "repeats": {"flag_at": 10**6, "block_at": 10**6},
}
MakeSetup = Callable[..., Setup]


async def test_bench_chat_asks_the_guard_that_stands_in(make_setup: MakeSetup) -> None:
    guard = FakeClassifier({})
    await bench_chat(
        make_setup(safety=NO_LIMITS),
        num_users=1,
        num_rounds=1,
        progress=lambda done, total: None,
        guard=guard,
    )
    assert {stage for _, stage in guard.asked} == set(Stage)


async def test_bench_chat_compares_bot_and_backend_round_by_round(
    make_setup: MakeSetup,
) -> None:
    steps: list[tuple[int, int]] = []
    figures = await bench_chat(
        make_setup(safety=NO_LIMITS),
        num_users=2,
        num_rounds=3,
        progress=lambda done, total: steps.append((done, total)),
    )
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert (figures.model, figures.backend) == ("fake", "fake")
    assert (figures.num_users, figures.num_rounds) == (2, 3)
    assert len(figures.ratios) == 3
    assert figures.ratio == statistics.median(figures.ratios)
    assert 0 < figures.bot.tokens_per_s < figures.bare.tokens_per_s
    assert figures.bot.first_s_p50 <= figures.bot.first_s_p95
    assert figures.idle_mib > 0  # with all that the tests have loaded
    assert 0 <= figures.lag_p99_ms <= figures.lag_max_ms
    assert figures.generate is None


async def test_bench_chat_compares_one_person_with_generate(
    make_setup: MakeSetup, tiny_model: Path
) -> None:
    chat = {"model": str(tiny_model), "backend": "transformers", "max_tokens": 8}
    figures = await bench_chat(
        make_setup(models={"chat": chat}, safety=NO_LIMITS),
        num_users=2,
        num_rounds=1,
        progress=lambda done, total: None,
        with_generate=True,
    )
    one = figures.generate
    assert one is not None
    assert one.generate_tokens_per_s > 0
    assert one.ratio == one.bot_tokens_per_s / one.generate_tokens_per_s > 0


async def test_bench_overhead_counts_every_message_and_samples_memory(
    make_setup: MakeSetup,
) -> None:
    done: list[int] = []
    figures = await bench_overhead(
        make_setup(safety=NO_LIMITS),
        num_messages=160,
        progress=lambda number, total: done.append(number),
    )
    assert 160 <= figures.num_messages < 160 + NUM_PEOPLE
    assert done == list(range(NUM_PEOPLE, figures.num_messages + 1, NUM_PEOPLE))
    assert 0 < len(figures.memory_mib) <= 10
    assert figures.cpu_ms > 0
    assert figures.wall_ms > 0
    assert min(figures.memory_mib) > 1


async def test_bench_desk_lets_viewers_look_while_people_talk(
    make_setup: MakeSetup,
) -> None:
    figures = await bench_desk(
        make_setup(safety=NO_LIMITS),
        num_viewers=2,
        num_rounds=1,
        progress=lambda done, total: None,
    )
    assert figures.looks_per_s > 0
    assert figures.look_ms_p95 >= figures.look_ms_p50 > 0
    assert figures.ratio == figures.watched_s / figures.alone_s > 0
