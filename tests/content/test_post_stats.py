from datetime import date, timedelta

import pytest

from adapters.fake.adapter import FakeAdapter
from bot.clock import FakeClock
from bot.messages import Channel
from bot.store.store import Store
from content.post_stats import StatsReader
from tests.content.feedback import like, send

DAY_S = 86400.0
OURS, THEIRS = "community:fake:fakeville", "community:fake:elsewhere"


@pytest.fixture
def reader(store: Store, adapter: FakeAdapter) -> StatsReader:
    adapter.add_channel(Channel("fake", "other", "elsewhere", "other"))

    def places(keys: object) -> tuple[Channel, ...]:
        assert isinstance(keys, list)
        found = [key.partition(":")[2] for key in keys if not key.endswith("gone")]
        return tuple(adapter.channel(name) for name in found)

    return StatsReader(store, places)


async def test_nothing_posted_is_nothing(reader: StatsReader, clock: FakeClock) -> None:
    since_utc = clock.now_utc() - timedelta(days=30)
    assert await reader.posts(since_utc) == ()
    assert await reader.topics(since_utc) == ()
    assert {week.num_posts for week in await reader.by_week(since_utc)} == {0}


async def test_community_sees_only_its_own_posts_and_what_is_its_own_of_them(
    reader: StatsReader, store: Store, clock: FakeClock
) -> None:
    since_utc = clock.now_utc() - timedelta(days=1)
    both = await send(store, "Tea", channels=("fake:general", "fake:other"))
    await send(store, "Cats", channels=("fake:other", "fake:gone"))
    await like(store, both, 2)
    await like(store, both, 5, channel="other")
    (ours,) = await reader.posts(since_utc, {OURS})
    assert (ours.topic, ours.reactions, ours.score) == ("Tea", 2, 2)
    theirs = await reader.posts(since_utc, {THEIRS})
    assert [(one.topic, one.reactions) for one in theirs] == [("Cats", 0), ("Tea", 5)]
    everything = await reader.posts(since_utc)
    assert [one.reactions for one in everything] == [0, 7]
    assert await reader.posts(since_utc, set()) == ()


async def test_old_posts_are_left_out_and_the_latest_come_first(
    reader: StatsReader, store: Store, clock: FakeClock
) -> None:
    await send(store, "Old")
    await clock.advance(40 * DAY_S)
    for topic in ("A", "B", "C"):
        await send(store, topic)
        await clock.advance(60)
    since_utc = clock.now_utc() - timedelta(days=30)
    found = await reader.posts(since_utc, limit=2)
    assert [one.topic for one in found] == ["C", "B"]
    assert found[0].title == "About C"


async def test_topics_are_weighed_against_the_usual(
    reader: StatsReader, store: Store, clock: FakeClock
) -> None:
    for topic, num in (("Tea", 10), ("Cats", 2), ("Tea", 10), ("Rain", 2)):
        await like(store, await send(store, topic), num)
    tea, *rest = await reader.topics(clock.now_utc() - timedelta(days=1))
    assert (tea.topic, tea.num_posts, tea.reactions) == ("Tea", 2, 20)
    assert tea.weight > 1 > max(one.weight for one in rest)


async def test_weeks_without_posts_are_there_as_well(
    reader: StatsReader, store: Store, clock: FakeClock
) -> None:
    await like(store, await send(store, "Tea"), 3)  # 1 July 2026, a Wednesday
    await clock.advance(15 * DAY_S)
    await send(store, "Cats")
    weeks = await reader.by_week(clock.now_utc() - timedelta(days=20))
    assert [(week.monday, week.num_posts, week.reactions) for week in weeks] == [
        (date(2026, 6, 22), 0, 0),
        (date(2026, 6, 29), 1, 3),
        (date(2026, 7, 6), 0, 0),
        (date(2026, 7, 13), 1, 0),
    ]
