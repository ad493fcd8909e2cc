import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from bot.clock import FakeClock
from bot.store.feeds import FeedRepository, FeedState, StoredEntry
from content.sources.errors import NotReadableError, StatusError
from content.sources.feed import FeedEntry
from content.sources.feed_reader import FeedReader
from content.sources.fetching import Fetched, Fetcher
from content.sources.parser import DirectParser

if TYPE_CHECKING:
    from tests.content.sources.conftest import Site

HALF_HOUR = timedelta(minutes=30)


async def state(feeds: FeedRepository, url: str) -> FeedState:
    found = await feeds.state(url)
    assert found is not None
    return found


async def unused(feeds: FeedRepository, url: str, clock: FakeClock) -> list[str]:
    since_utc = clock.now_utc() - timedelta(days=14)
    entries = await feeds.unused([url], since_utc=since_utc, limit=99)
    return sorted(entry.title for entry in entries)


def is_about(moment_utc: datetime, now_utc: datetime, wait: timedelta) -> bool:
    return wait <= moment_utc - now_utc <= wait * 1.2


async def test_feed_is_read_and_left_alone_until_it_is_due(
    reader: FeedReader, feeds: FeedRepository, site: "Site", clock: FakeClock
) -> None:
    url = f"{site.url}/feed"
    site.rss("/feed", "One", "Two", ETag='"1"', Last_Modified="then")
    await reader.refresh([url, url])
    first = await state(feeds, url)
    assert (first.etag, first.last_modified) == ('"1"', "then")
    assert (first.last_checked_utc, first.failures) == (clock.now_utc(), 0)
    assert is_about(first.next_check_utc, clock.now_utc(), HALF_HOUR)
    await clock.advance(29 * 60)
    await reader.refresh([url])
    assert site.paths == ["/feed"]
    site.rss("/feed", "Two", "Three")
    await clock.advance(8 * 60)
    await reader.refresh([url])
    assert site.asked[1][1]["if-none-match"] == '"1"'
    assert await unused(feeds, url, clock) == ["One", "Three", "Two"]


async def test_unchanged_feed_keeps_its_entries(
    reader: FeedReader, feeds: FeedRepository, site: "Site", clock: FakeClock
) -> None:
    url = f"{site.url}/feed"
    site.rss("/feed", "One", ETag='"1"')
    await reader.refresh([url])
    site.put("/feed", status="304 Not Modified", Content_Length="")
    for _ in range(3):
        await clock.advance(3600)
        await reader.refresh([url])
    assert len(site.asked) == 4
    assert (await state(feeds, url)).etag == '"1"'
    assert await unused(feeds, url, clock) == ["One"]


async def test_failing_feed_is_looked_at_less_and_less_and_recovers(
    reader: FeedReader, feeds: FeedRepository, site: "Site", clock: FakeClock
) -> None:
    url = f"{site.url}/feed"
    for failures in range(1, 12):
        await reader.refresh([url])
        found = await state(feeds, url)
        assert found.failures == failures
        wait = min(HALF_HOUR * 2**failures, timedelta(days=1))
        assert is_about(found.next_check_utc, clock.now_utc(), wait)
        await clock.advance((found.next_check_utc - clock.now_utc()).total_seconds())
    (problem,) = await reader.problems([url, "https://never.example/"])
    assert str(problem).startswith("127.0.0.1: it is not there (404)")
    site.rss("/feed", "One")
    await reader.refresh([url])
    found = await state(feeds, url)
    assert (found.failures, found.error) == (0, None)
    assert await reader.problems([url]) == ()


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        ("429 No", {"Retry_After": "18000"}, timedelta(hours=5)),
        (
            "503 No",
            {"Retry_After": "Wed, 01 Jul 2026 10:00:00 GMT"},
            timedelta(hours=4),
        ),
        ("429 No", {"Retry_After": "5"}, HALF_HOUR * 2),
        ("429 No", {"Retry_After": "999999999"}, timedelta(days=7)),
        ("410 No", {}, timedelta(days=1)),
    ],
)
async def test_feed_is_left_alone_as_long_as_its_server_asks(
    status: str,
    headers: dict[str, str],
    wait: timedelta,
    reader: FeedReader,
    feeds: FeedRepository,
    site: "Site",
    clock: FakeClock,
) -> None:
    site.put("/feed", status=status, **headers)
    await reader.refresh([f"{site.url}/feed"])
    found = await state(feeds, f"{site.url}/feed")
    assert is_about(found.next_check_utc, clock.now_utc(), wait)


async def test_broken_feeds_do_not_delay_the_others(
    reader: FeedReader, feeds: FeedRepository, site: "Site", clock: FakeClock
) -> None:
    broken = ["/hung", "/cut", "/ssh", "/loop", "/bomb", "/laughs", "/gone"]
    site.fail("/hung", "hung")
    site.fail("/cut", "cut off")
    site.fail("/ssh", "no HTTP")
    site.move("/loop", "/loop")
    site.put("/laughs", "<!DOCTYPE r [<!ENTITY a 'b'>]><rss/>")
    site.put("/bomb", b"x" * 6_000_000)
    site.rss("/good", "One")
    urls = [site.url + path for path in (*broken, "/good")]
    refreshing = asyncio.create_task(reader.refresh(urls))
    async with asyncio.timeout(20):
        while await unused(feeds, f"{site.url}/good", clock) != ["One"]:
            assert not refreshing.done()
        while len(await reader.problems(urls)) < len(broken) - 1:
            assert not refreshing.done()
        await clock.advance(31)
        await refreshing
    assert len(await reader.problems(urls)) == len(broken)
    assert (await state(feeds, f"{site.url}/good")).error is None


class BrokenParser(DirectParser):
    """Has a mistake in its code."""

    @override
    async def feed(self, fetched: Fetched, *, now_utc: datetime) -> list[FeedEntry]:
        raise RuntimeError("a mistake")


async def test_mistake_costs_one_feed_and_is_kept_with_it(
    fetcher: Fetcher, feeds: FeedRepository, site: "Site", clock: FakeClock
) -> None:
    reader = FeedReader(
        fetcher=fetcher, parser=BrokenParser(), feeds=feeds, clock=clock
    )
    site.rss("/feed", "One", ETag='"1"')
    await reader.refresh([f"{site.url}/feed"])
    found = await state(feeds, f"{site.url}/feed")
    assert (found.failures, found.etag) == (1, "")
    assert str(found.error) == "something went wrong, see the log"


async def test_two_looks_at_once_are_one(reader: FeedReader, site: "Site") -> None:
    site.rss("/feed", "One")
    url = f"{site.url}/feed"
    await asyncio.gather(*(reader.refresh([url]) for _ in range(5)))
    assert site.paths == ["/feed"]


async def test_text_of_a_page_is_had_within_the_same_limits(
    reader: FeedReader, site: "Site"
) -> None:
    site.put("/a", "A word.", Content_Type="text/plain")
    assert await reader.article_text(f"{site.url}/a") == "A word."
    with pytest.raises(StatusError):
        await reader.article_text(f"{site.url}/b")
    site.put("/c", b"x", Content_Type="image/png")
    with pytest.raises(NotReadableError):
        await reader.article_text(f"{site.url}/c")


async def test_entry_without_a_date_is_from_when_it_was_first_seen(
    reader: FeedReader, feeds: FeedRepository, site: "Site", clock: FakeClock
) -> None:
    url = f"{site.url}/feed"
    site.rss("/feed", "One")
    await reader.refresh([url])
    await clock.advance(86400 * 15)
    await reader.refresh([url])
    assert await unused(feeds, url, clock) == []
    long_ago = clock.now_utc() - timedelta(days=99)
    (entry,) = await feeds.unused([url], since_utc=long_ago, limit=9)
    assert isinstance(entry, StoredEntry)
    assert entry.first_seen_utc == clock.now_utc() - timedelta(days=15)
