import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import FakeClock
from bot.store.feeds import KEPT_FOR, FeedRepository, FeedState, StoredEntry
from bot.store.store import Store
from bot.words import T

A, B = "https://a.example/feed", "https://b.example/feed"
LONG_AGO = timedelta(days=3650)


@pytest.fixture
def feeds(store: Store) -> FeedRepository:
    return FeedRepository(store)


@pytest.fixture
def now_utc(clock: FakeClock) -> datetime:
    return clock.now_utc()


def entry(name: str, now_utc: datetime, *, feed: str = A) -> StoredEntry:
    return StoredEntry(
        feed_url=feed,
        id=name,
        title=f"Title {name}",
        url=f"https://a.example/{name}",
        summary="",
        author="Ann",
        feed_title="News",
        published_utc=now_utc - timedelta(hours=len(name)),
        first_seen_utc=now_utc,
    )


async def unused(feeds: FeedRepository, now_utc: datetime, *urls: str) -> list[str]:
    found = await feeds.unused(urls or [A], since_utc=now_utc - LONG_AGO, limit=99)
    return [one.id for one in found]


async def test_unknown_feed_has_no_state_and_no_entries(
    feeds: FeedRepository, now_utc: datetime
) -> None:
    assert await feeds.state(A) is None
    assert await unused(feeds, now_utc) == []
    assert not await feeds.claim(entry("x", now_utc))


async def test_state_comes_back_as_it_was(
    feeds: FeedRepository, now_utc: datetime
) -> None:
    state = FeedState(A, now_utc, '"1"', "then", now_utc, 3, T("it is not there"))
    await feeds.put_state(replace(state, failures=2))
    await feeds.put_state(state)
    await feeds.put_state(FeedState(B, now_utc))
    assert await feeds.state(A) == state
    assert await feeds.state(B) == FeedState(B, now_utc)


async def test_entries_are_new_once_and_change_in_place(
    feeds: FeedRepository, now_utc: datetime, clock: FakeClock
) -> None:
    state = FeedState(A, now_utc)
    first = [entry("x", now_utc), entry("yy", now_utc)]
    assert await feeds.put_entries(state, first) == 2
    assert await feeds.claim(first[0])
    await clock.advance(60)
    later = clock.now_utc()
    changed = [replace(one, title="Changed", first_seen_utc=later) for one in first]
    assert await feeds.put_entries(state, [*changed, entry("zzz", later)]) == 1
    found = await feeds.unused([A], since_utc=now_utc - LONG_AGO, limit=99)
    assert found == (replace(changed[1], first_seen_utc=now_utc), entry("zzz", later))


async def test_entry_is_claimed_by_one(
    feeds: FeedRepository, now_utc: datetime
) -> None:
    one = entry("x", now_utc)
    await feeds.put_entries(FeedState(A, now_utc), [one])
    claims = await asyncio.gather(*(feeds.claim(one) for _ in range(8)))
    assert sorted(claims) == [False] * 7 + [True]
    assert await unused(feeds, now_utc) == []


async def test_what_was_used_elsewhere_under_the_same_address_is_used(
    feeds: FeedRepository, now_utc: datetime
) -> None:
    here, there = entry("x", now_utc), replace(entry("x", now_utc), feed_url=B)
    bare = [replace(entry(name, now_utc), url="") for name in ("b1", "b2")]
    await feeds.put_entries(FeedState(A, now_utc), [here, *bare])
    await feeds.put_entries(FeedState(B, now_utc), [there])
    assert await unused(feeds, now_utc, A, B) == ["x", "x", "b1", "b2"]
    await feeds.claim(there)
    await feeds.claim(bare[0])
    assert await unused(feeds, now_utc, A, B) == ["b2"]


async def test_only_as_many_and_as_new_as_asked_for(
    feeds: FeedRepository, now_utc: datetime
) -> None:
    entries = [entry("x" * hours, now_utc) for hours in range(1, 6)]
    undated = replace(entry("undated", now_utc), published_utc=None)
    await feeds.put_entries(FeedState(A, now_utc), [*entries, undated])
    since_utc = now_utc - timedelta(hours=3)
    found = await feeds.unused([A], since_utc=since_utc, limit=99)
    assert [one.id for one in found] == ["undated", "x", "xx", "xxx"]
    assert len(await feeds.unused([A], since_utc=since_utc, limit=2)) == 2
    assert await feeds.unused([], since_utc=since_utc, limit=9) == ()


async def test_what_has_left_its_feed_is_forgotten_long_after(
    feeds: FeedRepository, now_utc: datetime, clock: FakeClock
) -> None:
    state = FeedState(A, now_utc)
    gone, stays = entry("gone", now_utc), entry("stays", now_utc)
    await feeds.put_entries(state, [gone, stays])
    await feeds.put_entries(FeedState(B, now_utc), [entry("other", now_utc, feed=B)])
    await clock.advance((KEPT_FOR - timedelta(days=1)).total_seconds())
    await feeds.put_entries(state, [stays])
    assert await unused(feeds, now_utc) == ["gone", "stays"]
    await clock.advance(2 * 86400)
    await feeds.put_entries(state, [stays])
    assert await unused(feeds, now_utc, A, B) == ["other", "stays"]
