import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.clock import SystemClock
from bot.errors import BackendError, MissingError
from bot.generation.engine import Engine
from bot.generation.requests import (
    ModelSpec,
    Owner,
    PromptTurn,
    TextParams,
    TurnRole,
)
from content.text_maker import EngineTextMaker

TURNS = (PromptTurn(TurnRole.USER, "hello there"),)
PARAMS = TextParams(max_tokens=20, temperature=0, seed=1)
MODELS = {
    "echo": ModelSpec("echo", "fake", "", options=(("echo", True),)),
    "slow": ModelSpec("slow", "fake", "", options=(("delay_s", 0.02),)),
    "broken": ModelSpec("broken", "fake", "", options=(("fail_on", "hello"),)),
}


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    async with Engine(
        MODELS, max_parallel=1, max_waiting=9, memory_bytes=None, clock=SystemClock()
    ) as opened:
        yield opened


async def test_engine_errors_reach_the_caller(engine: Engine) -> None:
    async with asyncio.timeout(30):
        with pytest.raises(BackendError):
            await EngineTextMaker(engine, model="broken", deadline_s=20).write(
                TURNS, params=PARAMS
            )
        with pytest.raises(MissingError):
            await EngineTextMaker(engine, model="nothing", deadline_s=20).write(
                TURNS, params=PARAMS
            )


async def test_text_comes_whole(engine: Engine) -> None:
    maker = EngineTextMaker(engine, model="echo", deadline_s=20)
    async with asyncio.timeout(30):
        assert "hello there" in await maker.write(TURNS, params=PARAMS)


async def test_text_nobody_waits_for_any_more_frees_its_slot(engine: Engine) -> None:
    slow = EngineTextMaker(engine, model="slow", deadline_s=60)
    endless = TextParams(max_tokens=100_000, seed=1)
    async with asyncio.timeout(30):
        await engine.load("slow")
        writing = asyncio.create_task(slow.write(TURNS, params=endless))
        while not engine.status().running:
            await engine.moved()
        writing.cancel()
        await asyncio.wait([writing])
        maker = EngineTextMaker(engine, model="echo", deadline_s=20)
        assert await maker.write(TURNS, params=PARAMS)


async def test_who_waits_comes_before_posts(engine: Engine) -> None:
    posts = EngineTextMaker(engine, model="slow", deadline_s=60)
    persons = posts.on_behalf_of(Owner(community="fake:1", person="fake:7"))
    assert posts.on_behalf_of(None) is posts
    endless, short = TextParams(max_tokens=100_000, seed=1), PARAMS
    ended: list[str] = []

    async def write(name: str, maker: EngineTextMaker) -> None:
        await maker.write(TURNS, params=short)
        ended.append(name)

    async with asyncio.timeout(30):
        await engine.load("slow")
        running = asyncio.create_task(posts.write(TURNS, params=endless))
        while not engine.status().running:
            await engine.moved()
        waiting = [asyncio.create_task(write("post", posts)) for _ in range(2)]
        await asyncio.sleep(0)
        waiting.append(asyncio.create_task(write("person", persons)))
        await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(*waiting)
    assert ended == ["person", "post", "post"]
