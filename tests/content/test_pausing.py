"""Posts that are due wait while posts rest."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

from adapters.fake.adapter import FakeAdapter
from bot.clock import FakeClock
from bot.config import Config
from bot.store.runs import RunState
from content.content import Content
from content.posts import PostStatus
from tests.content.test_holding import until_it_is

DAYS = timedelta(days=3)


async def test_post_that_is_due_waits_also_over_a_restart(
    make_content: Callable[..., Content],
    make_config: Callable[..., Config],
    adapter: FakeAdapter,
    clock: FakeClock,
    passing: Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]],
) -> None:
    resting = True

    async def are_held(channels: Sequence[str]) -> bool:
        assert channels == ("fake:announcements",)
        return resting

    config = make_config(cron="0 7 1 7 *")
    place = adapter.channel("announcements")
    async with make_content(config, are_held=are_held) as content:
        post_id = await until_it_is(content, clock, PostStatus.APPROVED)
        await clock.advance(600)
    await clock.advance(DAYS.total_seconds())
    async with make_content(config, are_held=are_held) as content:
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
