"""A fixed list of topics."""

from collections.abc import Sequence
from datetime import timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.store.posts import PostRepository
from content.sources.leaning import Leaning
from content.sources.likeness import Likeness, WordLikeness
from content.sources.source import Topic, TopicSource

__all__ = ["TopicList"]

LATELY = timedelta(days=3650)


class TopicList(TopicSource):
    """Takes the first topic that was not used yet, then one used long ago.

    Without `leaning` that is the one used longest ago; with it, one of the half that
    was used longest ago, those that people liked more often. A topic counts as used
    when a post was begun with it or nearly the same, even if that failed: one that
    always fails would otherwise come again and again.
    """

    name = "list"

    def __init__(
        self,
        topics: Sequence[str],
        *,
        kind: str,
        posts: PostRepository,
        clock: Clock,
        likeness: Likeness | None = None,
        leaning: Leaning | None = None,
    ) -> None:
        self._topics = tuple(dict.fromkeys(topics))
        self._kind = kind
        self._posts = posts
        self._clock = clock
        self._likeness = likeness or WordLikeness()
        self._leaning = leaning

    @override
    async def next_topic(self) -> Topic:
        since_utc = self._clock.now_utc() - LATELY
        recent = await self._posts.recent_topics(self._kind, since_utc)
        ages = [await self._age(topic, recent) for topic in self._topics]
        oldest_first = sorted(
            range(len(ages)), key=lambda number: ages[number], reverse=True
        )
        topics = [self._topics[number] for number in oldest_first]
        is_unused = ages[oldest_first[0]] == len(recent)
        if self._leaning is None or is_unused:
            return Topic(topics[0])
        return Topic(await self._leaning.choose(topics[: (len(topics) + 1) // 2]))

    async def _age(self, topic: str, recent: Sequence[str]) -> int:
        """Return how many topics came after it was used; the most if it never was."""
        likenesses = await self._likeness.measure(topic, recent)
        used = (
            index
            for index, likeness in enumerate(likenesses)
            if likeness >= self._likeness.alike
        )
        return next(used, len(recent))  # 0: the latest
