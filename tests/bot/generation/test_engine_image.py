"""Drawing, through the engine and a real worker process."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.errors import BackendError
from bot.generation.engine import Engine
from bot.generation.outbox import Outbox
from bot.generation.requests import (
    GenerationRequest,
    ImageParams,
    ImagePayload,
    Kind,
    ModelSpec,
    Owner,
    Progress,
)
from bot.generation.wire import (
    HEADER_BYTES,
    Chunk,
    Event,
    Stepped,
    decode_events,
    frame_size,
)

OpenEngine = Callable[..., AbstractAsyncContextManager[Engine]]
MakeSpec = Callable[..., ModelSpec]


def draw(prompt: str, id: str = "d", *, steps: int = 3) -> GenerationRequest:
    params = ImageParams(steps=steps, seed=1)
    return GenerationRequest(
        id, "image", ImagePayload(prompt), params, Owner("town", "ada"), deadline_s=60
    )


@pytest.fixture
def painter(make_spec: MakeSpec) -> ModelSpec:
    return make_spec(
        "image", backend="fake-image", max_parallel=1, fail_on="dragon", delay_s=0.01
    )


async def test_failure_of_one_is_not_that_of_others(
    open_engine: OpenEngine, painter: ModelSpec
) -> None:
    async with open_engine(painter) as engine:
        bad = engine.submit(draw("a dragon", "bad"))
        good = engine.submit(draw("a lamb", "good"))

        with pytest.raises(BackendError):
            await bad.drawing()
        assert [one async for one in bad.progress()] == []
        drawing = await good.drawing()
        assert (drawing.width_px, drawing.height_px) == (64, 64)
        assert good.request.kind is Kind.IMAGE
        with pytest.raises(BackendError):
            await good.sound()


async def test_stopped_between_steps_it_makes_room_for_the_next(
    open_engine: OpenEngine, painter: ModelSpec
) -> None:
    async with open_engine(painter) as engine:
        long = engine.submit(draw("a lamb", "long", steps=100_000))
        async for one in long.progress():
            assert one.num_steps == 100_000
            break
        long.cancel()

        with pytest.raises(BackendError, match="stopped"):
            await long.drawing()
        assert (await engine.submit(draw("a fox", "next")).drawing()).png


async def test_progress_can_be_followed_while_the_picture_is_awaited(
    open_engine: OpenEngine, painter: ModelSpec
) -> None:
    async with open_engine(painter) as engine:
        ticket = engine.submit(draw("a lamb", steps=8))

        async def followed() -> list[Progress]:
            return [one async for one in ticket.progress()]

        drawing, steps = await asyncio.gather(ticket.drawing(), followed())

        assert drawing.png.startswith(b"\x89PNG")
        assert [one.step for one in steps] == sorted({one.step for one in steps})
        assert steps[-1].step == 8
        assert steps[-1].preview_png.startswith(b"\x89PNG")


def test_of_many_steps_in_a_moment_few_travel_and_the_last_does() -> None:
    ours, theirs = socket.socketpair()
    outbox = Outbox(ours)
    for step in range(1, 2001):
        outbox.put(Stepped("a", Progress(step, 2000)))
    outbox.put(Stepped("b", Progress(1, 1)))
    outbox.put(Chunk("c", "hello"))
    outbox.close()
    ours.close()

    came: list[Event] = []
    with theirs, theirs.makefile("rb") as file:
        while header := file.read(HEADER_BYTES):
            came += decode_events(file.read(frame_size(header)))

    steps = [event.progress.step for event in came if event.id == "a"]  # type: ignore[union-attr]
    assert steps[-1] == 2000
    assert len(steps) < 200
    assert came[-2:] == [Stepped("b", Progress(1, 1)), Chunk("c", "hello")]
