"""Posts that went out, and what people made of them, for tests."""

from bot.messages import Channel
from bot.publication import Poll, Published
from bot.reactions import Reaction
from bot.store.deliveries import DeliveryRepository
from bot.store.feedback import FeedbackRepository
from bot.store.posts import PostExtras, PostRepository, StoredPost
from bot.store.store import Store

__all__ = ["like", "send"]


async def send(
    store: Store,
    topic: str,
    *,
    post_id: str = "",
    channels: tuple[str, ...] = ("fake:general",),
    kind: str = "article",
    schedule_id: str = "s",
    poll: Poll | None = None,
) -> str:
    """Publish a post on a topic now; its messages are named as it is."""
    now_utc = store.clock.now_utc()
    posts, deliveries = PostRepository(store), DeliveryRepository(store)
    post_id = post_id or f"p{len(await posts.list())}"
    post = StoredPost(
        post_id,
        kind,
        topic,
        "approved",
        "en",
        "",
        now_utc,
        now_utc,
        title=f"About {topic}",
        schedule_id=schedule_id,
        extras=PostExtras(poll=poll),
    )
    await posts.create(post, actor="test")
    await posts.transition(post_id, "approved", "publishing", actor="test")
    for delivery in await deliveries.plan(post_id, channels):
        await deliveries.begin(delivery.id)
        await deliveries.sent(delivery.id, Published((post_id,)))
    await posts.transition(post_id, "publishing", "published", actor="test")
    return post_id


async def like(
    store: Store, post_id: str, num_people: int, *, channel: str = "general"
) -> None:
    """Let so many people put a thumb under a post."""
    place = Channel("fake", channel, "fakeville")
    likes = [Reaction(place, post_id, f"person {n}", "👍") for n in range(num_people)]
    await FeedbackRepository(store).keep(likes)
