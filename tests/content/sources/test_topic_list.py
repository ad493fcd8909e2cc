from datetime import UTC, datetime

import pytest

from bot.clock import FakeClock
from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store
from content.sources import SOURCES, Topic
from content.sources.topic_list import TopicList


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        ([], "a"),
        (["a"], "b"),
        (["c", "a"], "b"),
        (["a", "b", "c"], "a"),
        (["b", "a", "c"], "b"),
        (["a", "b", "c", "a"], "b"),
        (["gone", "b"], "a"),
    ],
)
async def test_topic_is_unused_or_the_least_recently_used(
    used: list[str], expected: str, store: Store, clock: FakeClock
) -> None:
    posts = PostRepository(store)
    now_utc = datetime(2026, 1, 1, tzinfo=UTC)
    for index, topic in enumerate(used):
        post = StoredPost(
            str(index), "article", topic, "failed", "en", "", now_utc, now_utc
        )
        await posts.create(post, actor="test")
    source = SOURCES["list"]
    assert source is TopicList
    topics = TopicList(["a", "b", "c", "a"], kind="article", posts=posts, clock=clock)
    assert await topics.next_topic() == Topic(expected)


async def test_topic_that_is_nearly_the_same_counts_as_used(
    store: Store, clock: FakeClock
) -> None:
    posts = PostRepository(store)
    now_utc = clock.now_utc()
    post = StoredPost(
        "1", "article", "The History of Tea!", "failed", "en", "", now_utc, now_utc
    )
    await posts.create(post, actor="test")
    topics = TopicList(
        ["the history of tea", "why cats like boxes"],
        kind="article",
        posts=posts,
        clock=clock,
    )
    assert await topics.next_topic() == Topic("why cats like boxes")
