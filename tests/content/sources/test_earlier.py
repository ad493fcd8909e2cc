from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.messages import Channel
from bot.publication import Link, Poll, Published
from bot.store.deliveries import DeliveryRepository
from bot.store.posts import PostExtras, PostRepository, StoredPost
from bot.store.store import Store
from content.sources.earlier import EarlierPosts
from content.sources.errors import NoTopicError

NOW = datetime(2026, 7, 1, tzinfo=UTC)
HERE = Channel("fake", "general", "home")
PLACES = {
    "fake:general": HERE,
    "fake:news": Channel("fake", "news", "home"),
    "fake:adults": Channel("fake", "adults", "home", is_age_restricted=True),
    "fake:elsewhere": Channel("fake", "elsewhere", "other"),
}
POST = StoredPost(
    "p1", "article", "T", "published", "en", "", NOW, NOW, "Title", "Body"
)


def find(keys: Sequence[str]) -> tuple[Channel, ...]:
    return tuple(PLACES[key] for key in keys if key in PLACES)


@pytest.fixture
def earlier(store: Store) -> Callable[..., EarlierPosts]:
    def make(place: Channel = HERE) -> EarlierPosts:
        return EarlierPosts(
            [place],
            schedule_id="s",
            language="zh-CN",
            find=find,
            posts=PostRepository(store),
            deliveries=DeliveryRepository(store),
        )

    return make


async def posted(
    store: Store, post: StoredPost, channel: str = "fake:news", *, is_sent: bool = True
) -> None:
    await PostRepository(store).create(post, actor="test")
    deliveries = DeliveryRepository(store)
    (delivery,) = await deliveries.plan(post.id, [channel])
    await deliveries.begin(delivery.id)
    if is_sent:
        await deliveries.sent(delivery.id, Published(("1",)))


@pytest.mark.parametrize(
    ("post", "channel", "is_sent"),
    [
        (replace(POST, language="zh"), "fake:news", True),
        (replace(POST, status="rejected"), "fake:news", True),
        (replace(POST, status="unknown"), "fake:news", False),
        (replace(POST, kind="translation"), "fake:news", True),
        (
            replace(POST, extras=PostExtras(poll=Poll("?", ("a", "b")))),
            "fake:news",
            True,
        ),
        (
            replace(POST, extras=PostExtras("", None, (Link("a", "b"),))),
            "fake:news",
            True,
        ),
        (POST, "fake:elsewhere", True),
        (POST, "fake:gone", True),
        (POST, "fake:adults", True),
    ],
)
async def test_post_that_is_not_theirs_to_read_is_not_translated(
    earlier: Callable[..., EarlierPosts],
    store: Store,
    post: StoredPost,
    channel: str,
    is_sent: bool,
) -> None:
    await posted(store, post, channel, is_sent=is_sent)
    with pytest.raises(NoTopicError, match="left to translate"):
        await earlier().next_topic()


async def test_latest_post_comes_first_and_each_once(
    earlier: Callable[..., EarlierPosts], store: Store
) -> None:
    for number in range(3):
        await posted(store, replace(POST, id=f"p{number}"))
    found = []
    for number in range(3):
        topic = (await earlier().next_topic()).text
        found.append(topic)
        made = replace(
            POST, id=f"t{number}", kind="translation", topic=topic, schedule_id="s"
        )
        await PostRepository(store).create(made, actor="test")
    assert found == ["p2", "p1", "p0"]
    with pytest.raises(NoTopicError):
        await earlier().next_topic()


async def test_post_for_adults_is_translated_for_adults(
    earlier: Callable[..., EarlierPosts], store: Store
) -> None:
    await posted(store, POST, "fake:adults")
    assert (await earlier(PLACES["fake:adults"]).next_topic()).text == "p1"
