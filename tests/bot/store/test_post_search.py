"""Posts are found by what is known of them, the latest first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import FakeClock
from bot.store.deliveries import DeliveryRepository
from bot.store.post_search import PostSearch, Wanted
from bot.store.posts import PostRepository, StoredPost
from bot.store.reviews import ReviewRepository
from bot.store.store import Store

MADE = datetime(2026, 1, 1, tzinfo=UTC)
POST = StoredPost(
    id="p1",
    kind="article",
    topic="The moon",
    status="published",
    language="en",
    persona="hearth",
    created_utc=MADE,
    updated_utc=MADE,
    title="A 100% silver night",
    body="It shines.",
    schedule_id="daily",
)
OTHER = replace(POST, id="p2", kind="quiz", topic="Tomatoes", title="", body="")
LATEST = replace(POST, id="p3", status="rejected", title="Mond", schedule_id=None)


@pytest.fixture
async def search(store: Store) -> PostSearch:
    posts = PostRepository(store)
    for post in (POST, OTHER, LATEST):
        await posts.create(post, actor="bot")
    return PostSearch(store, posts)


async def found(search: PostSearch, wanted: Wanted, limit: int = 9) -> list[str]:
    return [one.post.id for one in await search.find(wanted, limit=limit)]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(), ["p3", "p2", "p1"]),
        (Wanted(status="published"), ["p2", "p1"]),
        (Wanted(kind="quiz"), ["p2"]),
        (Wanted(schedule_id="daily"), ["p2", "p1"]),
        (Wanted(text="TOMATO"), ["p2"]),
        (Wanted(text="100% silver"), ["p1"]),
        (Wanted(text="%"), ["p1"]),  # no wildcard
        (Wanted(text="nobody wrote this"), []),
        (Wanted(status="published", kind="quiz", text="moon"), []),
    ],
)
async def test_only_what_is_wanted_is_found(
    search: PostSearch, wanted: Wanted, ids: list[str]
) -> None:
    assert await found(search, wanted) == ids


async def test_page_goes_on_where_the_one_before_it_ended(search: PostSearch) -> None:
    first = await search.find(Wanted(), limit=2)
    assert [one.post.id for one in first] == ["p3", "p2"]
    assert await found(search, Wanted(before=first[-1].number), 2) == ["p1"]


async def test_post_comes_with_whose_it_is(
    search: PostSearch, store: Store, clock: FakeClock
) -> None:
    assert await search.get("p0") is None
    await DeliveryRepository(store).plan("p1", ["web:general", "fake:news"])
    await ReviewRepository(store).open(
        "p1",
        communities=["community:web:web"],
        approvals=1,
        expires_utc=clock.now_utc() + timedelta(hours=1),
    )
    one = await search.get("p1")
    assert one is not None
    assert one.post == POST
    assert sorted(one.channels) == ["fake:news", "web:general"]
    assert one.communities == ("community:web:web",)
    bare = await search.get("p2")
    assert bare is not None
    assert (bare.channels, bare.communities) == ((), ())
