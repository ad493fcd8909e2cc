"""What is told of a post, and what it waits for."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from bot.clock import FakeClock
from bot.config import Config
from bot.errors import NetworkError
from bot.messages import Channel
from bot.store.posts import StoredPost
from bot.store.runs import RunState
from bot.words import T
from content.content import Content
from content.fake_desk import FakeDesk

MakeConfig = Callable[..., Config]
MakeContent = Callable[..., Content]
Passing = Callable[[Coroutine[Any, Any, Any]], Coroutine[Any, Any, Any]]


class LateAdapter(FakeAdapter):
    """Is connected only after a while."""

    def __init__(self, clock: FakeClock, *, after_s: float) -> None:
        super().__init__(RecordingInbox(), clock=clock)
        self._clock = clock
        self._from_s = clock.monotonic() + after_s

    @override
    def channel(self, channel_id: str) -> Channel:
        if self._clock.monotonic() < self._from_s:
            raise NetworkError(T("It is not connected yet."))
        return super().channel(channel_id)


async def test_post_waits_for_a_platform_that_is_still_to_come(
    make_config: MakeConfig,
    make_content: MakeContent,
    clock: FakeClock,
    passing: Passing,
) -> None:
    adapter = LateAdapter(clock, after_s=300)
    config = make_config(at_first_start=True)
    async with make_content(config, adapter=adapter) as content:
        await passing(content.settled())
        (run,) = await content.runs.recent("daily", limit=9)
    assert run.state is RunState.DONE
    assert len(adapter.platform.visible(adapter.channel("announcements"))) == 1


async def test_post_for_a_platform_that_stays_away_fails_and_says_why(
    make_config: MakeConfig,
    make_content: MakeContent,
    clock: FakeClock,
    passing: Passing,
) -> None:
    config = make_config(at_first_start=True, grace_minutes=5)
    adapter = LateAdapter(clock, after_s=3600)
    async with make_content(config, adapter=adapter) as content:
        await passing(content.settled())
        (run,) = await content.runs.recent("daily", limit=9)
    assert run.state is RunState.FAILED
    assert str(run.reason) == "It is not connected yet."


@pytest.mark.parametrize(("status", "num_told"), [("failed", 1), ("published", 0)])
async def test_end_that_was_not_told_before_a_kill_is_told_after_it(
    make_config: MakeConfig,
    make_content: MakeContent,
    clock: FakeClock,
    passing: Passing,
    desk: FakeDesk,
    status: str,
    num_told: int,
) -> None:
    config = make_config()
    now_utc = clock.now_utc()
    content = make_content(config)
    await content.calendar.sync(config.schedule)
    await content.runs.plan("daily", now_utc)
    post = StoredPost("p", "article", "Bees", status, "en", "", now_utc, now_utc)
    await content.posts.create(replace(post, schedule_id="daily"), actor="test")
    await content.runs.change(
        "daily", now_utc, RunState.PLANNED, RunState.STARTED, post_id="p"
    )
    async with make_content(config) as content:
        await passing(content.settled())
    told = [card.text for card in desk.cards]
    assert len(told) == num_told
    assert all("“Bees” of “daily” did not go out" in text for text in told)


async def test_delivery_that_nobody_could_tell_of_is_asked_about_after_a_kill(
    make_config: MakeConfig,
    make_content: MakeContent,
    clock: FakeClock,
    passing: Passing,
    desk: FakeDesk,
) -> None:
    content, now_utc = make_content(make_config()), clock.now_utc()
    post = StoredPost("p", "article", "Bees", "unknown", "en", "", now_utc, now_utc)
    await content.posts.create(post, actor="test")
    (delivery,) = await content.deliveries.plan("p", ["fake:announcements"])
    await content.deliveries.begin(delivery.id)
    await content.deliveries.unknown(delivery.id, T("No answer came."))
    async with make_content(make_config()) as content:
        await passing(content.settled())
    (card,) = desk.cards
    assert card.text.startswith("Is “Bees” in fake:announcements? I cannot tell")


async def test_platform_that_is_gone_holds_up_no_other_that_a_post_goes_to(
    make_config: MakeConfig,
    make_content: MakeContent,
    clock: FakeClock,
    passing: Passing,
    adapter: FakeAdapter,
) -> None:
    now_utc = clock.now_utc()
    config = make_config(channels=["fake:announcements", "late:general"])
    late = LateAdapter(clock, after_s=9e9)
    content = make_content(config)
    await content.calendar.sync(config.schedule)
    await content.runs.plan("daily", now_utc)
    post = StoredPost("p", "article", "Bees", "approved", "en", "", now_utc, now_utc)
    await content.posts.create(replace(post, schedule_id="daily"), actor="test")
    await content.runs.change(
        "daily", now_utc, RunState.PLANNED, RunState.STARTED, post_id="p"
    )
    async with make_content(config, others={"late": late}) as content:
        await passing(content.settled())
        ended = await content.posts.get("p")
    assert ended is not None
    assert ended.status == "published"
    assert len(adapter.platform.visible(adapter.channel("announcements"))) == 1
