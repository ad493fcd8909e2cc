"""A fixed list of topics."""

from collections.abc import Sequence
from datetime import timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.store.posts import PostRepository
from content.sources.source import TopicSource

__all__ = ["TopicList"]

LATELY = timedelta(days=3650)


class TopicList(TopicSource):
    """Takes the first topic that was not used yet, then the one used longest ago.

    A topic counts as used when a post was begun with it, even if that failed: one that
    always fails would otherwise come again and again.
    """

    name = "list"

    def __init__(
        self, topics: Sequence[str], *, kind: str, posts: PostRepository, clock: Clock
    ) -> None:
        self._topics = tuple(dict.fromkeys(topics))
        self._kind = kind
        self._posts = posts
        self._clock = clock

    @override
    async def next_topic(self) -> str:
        since_utc = self._clock.now_utc() - LATELY
        recent = await self._posts.recent_topics(self._kind, since_utc)
        age = {topic: index for index, topic in enumerate(recent)}  # 0: the latest
        return max(self._topics, key=lambda topic: age.get(topic, len(age)))
