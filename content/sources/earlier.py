"""Earlier posts, for those who read another language."""

from collections.abc import Callable, Collection, Sequence

from typing_extensions import override

from bot.messages import Channel
from bot.preferences import community_key
from bot.store.deliveries import DeliveryRepository, DeliveryState
from bot.store.posts import PostRepository, StoredPost
from bot.words import T
from content.languages import base_of
from content.posts import PostStatus
from content.sources.errors import NoTopicError
from content.sources.source import Topic, TopicSource

__all__ = ["EarlierPosts", "FindPlaces"]

NUM_LOOKED_AT = 200

FindPlaces = Callable[[Sequence[str]], tuple[Channel, ...]]
"""Returns the channels by their keys, without those that are not there."""


class EarlierPosts(TopicSource):
    """Takes the latest post of the community in another language, each once.

    The topic is the post's id. Posts with a question or with sources of their own are
    left out: a translation would have neither. What went to a channel for adults goes
    to another such channel only.

    Args:
        places: where the translation goes.
        language: into which it is translated.
    """

    name = "earlier"

    def __init__(
        self,
        places: Collection[Channel],
        *,
        schedule_id: str,
        language: str,
        find: FindPlaces,
        posts: PostRepository,
        deliveries: DeliveryRepository,
    ) -> None:
        self._communities = frozenset(map(community_key, places))
        self._is_for_all = not all(place.is_age_restricted for place in places)
        self._schedule_id = schedule_id
        self._language = base_of(language)
        self._find = find
        self._posts = posts
        self._deliveries = deliveries

    @override
    async def next_topic(self) -> Topic:
        posts = await self._posts.list(status=PostStatus.PUBLISHED, limit=NUM_LOOKED_AT)
        tried = await self._posts.recent(
            "translation", schedule_id=self._schedule_id, limit=2 * NUM_LOOKED_AT
        )
        taken = {post.topic for post in tried}
        for post in reversed(posts):
            if post.id not in taken and self._fits(post) and await self._is_ours(post):
                return Topic(post.id)
        raise NoTopicError(T("there is no post in another language left to translate"))

    def _fits(self, post: StoredPost) -> bool:
        return (
            base_of(post.language) != self._language
            and post.kind != "translation"
            and post.extras.poll is None
            and not post.extras.sources
        )

    async def _is_ours(self, post: StoredPost) -> bool:
        """Return whether those whom it goes to may have read it."""
        sent = [
            delivery.channel_key
            for delivery in await self._deliveries.of_post(post.id)
            if delivery.state is DeliveryState.SENT
        ]
        return any(
            community_key(place) in self._communities
            and not (place.is_age_restricted and self._is_for_all)
            for place in self._find(sent)
        )
