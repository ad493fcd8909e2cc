"""The measuring itself."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.errors import BackendError
from bot.generation.bench import bench_backend, bench_engine, bench_generate
from bot.generation.engine import Engine
from bot.generation.requests import ModelSpec

MakeSpec = Callable[..., ModelSpec]


async def test_backend_that_fails_is_not_measured(make_spec: MakeSpec) -> None:
    with pytest.raises(BackendError):
        await bench_backend(make_spec(fail_on="story"), num_users=1)


async def test_backend_counts_tokens_of_all_users(make_spec: MakeSpec) -> None:
    speed = await bench_backend(
        make_spec(delay_s=0.001), num_users=3, max_tokens=5, num_rounds=2
    )
    assert (speed.users, speed.tokens) == (3, 30)
    assert 0 < speed.first_piece_p50_s <= speed.first_piece_p95_s < speed.seconds
    assert speed.tokens_per_s == speed.tokens / speed.seconds


async def test_engine_counts_the_same(
    open_engine: Callable[..., AbstractAsyncContextManager[Engine]],
) -> None:
    async with open_engine() as engine:
        speed = await bench_engine(engine, "m", num_users=3, max_tokens=5)
    assert (speed.users, speed.tokens) == (3, 15)


def test_generate_is_measured(tiny_model: Path) -> None:
    spec = ModelSpec("t", "transformers", str(tiny_model))
    assert bench_generate(spec, max_tokens=4) > 0
