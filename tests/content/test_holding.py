"""Posts that wait go out when moderators want it."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.fake.adapter import FakeAdapter
from bot.clock import FakeClock
from bot.config import Config
from bot.errors import UserError
from bot.messages import Author, Role
from bot.store.runs import RunState
from content.content import Content
from content.posts import PostStatus
from content.review import ReviewAction

HOUR = timedelta(hours=1)
SEVEN = datetime(2026, 7, 1, 7, tzinfo=UTC)
MO = Author("7", "Mo", Role.MODERATOR)

MakeConfig = Callable[..., Config]
MakeContent = Callable[..., Content]


async def until_it_is(content: Content, clock: FakeClock, status: PostStatus) -> str:
    """Let time pass until there is a post of a status; return its id."""
    async with asyncio.timeout(30):
        while True:
            if found := await content.posts.list(status=status):
                return found[-1].id
            await clock.advance(10)
            await asyncio.sleep(0.002)


def num_seen(adapter: FakeAdapter) -> int:
    return len(adapter.platform.visible(adapter.channel("announcements")))


async def test_post_under_review_goes_out_when_moderators_want_it(
    make_content: MakeContent,
    make_config: MakeConfig,
    adapter: FakeAdapter,
    clock: FakeClock,
    passing: Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]],
) -> None:
    """Also over a restart, long after the grace of its own time."""
    config = make_config(approvals=1, cron="0 7 * * *")
    async with make_content(config) as content:
        post_id = await until_it_is(content, clock, PostStatus.PENDING_REVIEW)
        with pytest.raises(UserError, match="That time is over"):
            await content.holding.put(post_id, SEVEN - HOUR)
        await content.holding.put(post_id, SEVEN + 9 * HOUR)
        place = adapter.channel("announcements")
        await content.review.decide(post_id, ReviewAction.APPROVE, MO, place=place)
        await until_it_is(content, clock, PostStatus.APPROVED)
    await clock.advance((8 * HOUR).total_seconds())
    assert num_seen(adapter) == 0
    async with make_content(config) as content:
        await content.holding.put(post_id, SEVEN + 10 * HOUR)
        await passing(content.settled())
        assert clock.now_utc() >= SEVEN + 10 * HOUR
        assert num_seen(adapter) == 1
        (run,) = await content.runs.recent("daily", limit=9)
        assert run.state is RunState.DONE
        with pytest.raises(UserError, match="does not wait any more"):
            await content.holding.put(post_id, SEVEN + 20 * HOUR)


async def test_post_that_waits_for_the_morning_can_come_at_night(
    make_content: MakeContent,
    make_config: MakeConfig,
    adapter: FakeAdapter,
    clock: FakeClock,
    passing: Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]],
) -> None:
    config = make_config(approvals=1, cron="0 7 * * *", quiet_hours="07:30-12:00")
    async with make_content(config) as content:
        post_id = await until_it_is(content, clock, PostStatus.PENDING_REVIEW)
        await clock.advance(HOUR.total_seconds())
        place = adapter.channel("announcements")
        await content.review.decide(post_id, ReviewAction.APPROVE, MO, place=place)
        await until_it_is(content, clock, PostStatus.APPROVED)
        await content.holding.put(post_id, clock.now_utc() + HOUR)
        await passing(content.settled())
        assert num_seen(adapter) == 1
        assert clock.now_utc() < SEVEN + 4 * HOUR
