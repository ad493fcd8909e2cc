"""Posts that are due wait while posts rest."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

from adapters.fake.adapter import FakeAdapter
from adapters.fake.platform import Fault
from bot.clock import FakeClock
from bot.config import Config
from bot.errors import RateLimitedError
from bot.store.runs import RunState
from content.content import Content
from content.posts import PostStatus
from tests.content.test_holding import until_it_is

DAYS, REST = timedelta(days=3), timedelta(hours=2)


async def test_post_that_is_due_waits_also_over_a_restart(
    make_content: Callable[..., Content],
    make_config: Callable[..., Config],
    adapter: FakeAdapter,
    clock: FakeClock,
    passing: Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]],
) -> None:
    resting, is_asked = True, asyncio.Event()

    async def are_held(channels: Sequence[str]) -> bool:
        assert channels == ("fake:announcements",)
        is_asked.set()
        return resting

    config = make_config(cron="0 7 1 7 *")
    place = adapter.channel("announcements")
    async with make_content(config, are_held=are_held) as content:
        post_id = await until_it_is(content, clock, PostStatus.APPROVED)
        await clock.advance(600)
    await clock.advance(DAYS.total_seconds())
    is_asked.clear()
    async with make_content(config, are_held=are_held) as content:
        async with asyncio.timeout(20):
            await is_asked.wait()
        await clock.advance(600)
        assert adapter.platform.visible(place) == []
        resting = False
        await passing(content.settled())
        assert len(adapter.platform.visible(place)) == 1
        post = await content.posts.get(post_id)
        assert post is not None
        assert post.status == PostStatus.PUBLISHED
        (run,) = await content.runs.recent("daily", limit=9)
        assert run.state is RunState.DONE


async def test_delivery_that_is_tried_again_waits_too(
    make_content: Callable[..., Content],
    make_config: Callable[..., Config],
    adapter: FakeAdapter,
    clock: FakeClock,
    passing: Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]],
) -> None:
    place = adapter.channel("announcements")
    begun_utc = clock.now_utc()

    async def are_held(channels: Sequence[str]) -> bool:
        is_tried = bool(adapter.platform.calls)
        return is_tried and clock.now_utc() < begun_utc + REST

    adapter.platform.faults.append(Fault(RateLimitedError(1)))
    config = make_config(cron="0 7 1 7 *")
    async with make_content(config, are_held=are_held) as content:
        post_id = await until_it_is(content, clock, PostStatus.PUBLISHING)
        async with asyncio.timeout(20):
            while not any(  # noqa: ASYNC110 - the store answers from its thread
                delivery.next_attempt_utc
                for delivery in await content.deliveries.of_post(post_id)
            ):
                await asyncio.sleep(0.002)
        await clock.advance(REST.total_seconds() / 4)
        assert adapter.platform.visible(place) == []
        await passing(content.settled())
        assert len(adapter.platform.visible(place)) == 1
        assert clock.now_utc() >= begun_utc + REST
