"""What people made of posts: counts for each post, topic and week."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from bot.errors import PlatformError
from bot.messages import Channel
from bot.preferences import community_key
from bot.store.post_counts import PostCounts, PostCountsRepository
from bot.store.store import Store
from content.liking import smoothed

__all__ = ["PostStats", "StatsReader", "TopicStats", "WeekStats"]

MOST_POSTS = 5000


@dataclass(frozen=True, slots=True)
class PostStats:
    """What people made of one published post, in the channels that were asked about.

    Attributes:
        reactions: how often somebody put an emoji under it.
        votes: how many people voted in its poll.
        replies: how many messages answered it.
        score: how many people reacted or voted, and twice how many replied: the one
            number that posts are ranked by, and that topics lean on. People count, not
            what each of them did: one alone cannot lift a post.
    """

    post_id: str
    title: str
    kind: str
    topic: str
    schedule_id: str | None
    published_utc: datetime
    reactions: int = 0
    votes: int = 0
    replies: int = 0
    score: int = 0


@dataclass(frozen=True, slots=True)
class TopicStats:
    """What people made of all posts on one topic.

    Attributes:
        weight: how its posts do beside the usual: 1.0 is the usual level, 2.0 twice
            that; few posts stay near 1.0.
    """

    topic: str
    num_posts: int
    reactions: int = 0
    votes: int = 0
    replies: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class WeekStats:
    """What people made of the posts of one week. `monday` is its first day, in UTC."""

    monday: date
    num_posts: int = 0
    reactions: int = 0
    votes: int = 0
    replies: int = 0


WEEK = timedelta(days=7)


class StatsReader:
    """Reads the counts.

    `communities` are keys by `bot.preferences.community_key`: only posts that went to
    them, and only what came from their channels; None: all of them.

    Args:
        places: returns the channels of keys, without those that are not there.
    """

    def __init__(
        self, store: Store, places: Callable[[Sequence[str]], tuple[Channel, ...]]
    ) -> None:
        self._counts = PostCountsRepository(store)
        self._clock = store.clock
        self._places = places

    async def posts(
        self,
        since_utc: datetime,
        communities: Collection[str] | None = None,
        *,
        limit: int = 100,
    ) -> tuple[PostStats, ...]:
        """Return the latest posts that were published since then, the latest first."""
        counted: dict[str, list[PostCounts]] = defaultdict(list)
        community_of = cache(self._community)
        for counts in await self._counts.since(since_utc):
            if communities is None or community_of(counts.channel_key) in communities:
                counted[counts.post_id].append(counts)
        return tuple(_post(parts) for parts in list(counted.values())[:limit])

    async def topics(
        self,
        since_utc: datetime,
        communities: Collection[str] | None = None,
        *,
        limit: int = 100,
    ) -> tuple[TopicStats, ...]:
        """Return the topics of those posts, the best liked first."""
        posts = await self.posts(since_utc, communities, limit=MOST_POSTS)
        usual = sum(post.score for post in posts) / max(1, len(posts))
        by_topic: dict[str, list[PostStats]] = defaultdict(list)
        for post in posts:
            by_topic[post.topic].append(post)
        topics = [
            TopicStats(
                topic,
                len(group),
                sum(post.reactions for post in group),
                sum(post.votes for post in group),
                sum(post.replies for post in group),
                round(smoothed(sum(p.score for p in group), len(group), usual), 2),
            )
            for topic, group in by_topic.items()
        ]
        return tuple(sorted(topics, key=lambda one: -one.weight)[:limit])

    async def by_week(
        self, since_utc: datetime, communities: Collection[str] | None = None
    ) -> tuple[WeekStats, ...]:
        """Return every week since then, the earliest first, also empty ones."""
        weeks: dict[date, list[PostStats]] = {}
        monday, last = _monday(since_utc), _monday(self._clock.now_utc())
        while monday <= last:
            weeks[monday] = []
            monday += WEEK
        for post in await self.posts(since_utc, communities, limit=MOST_POSTS):
            weeks.setdefault(_monday(post.published_utc), []).append(post)
        return tuple(_week(monday, posts) for monday, posts in sorted(weeks.items()))

    def _community(self, channel_key: str) -> str:
        """Return the community of a channel; "" where that is not known now."""
        try:
            places = self._places([channel_key])
        except PlatformError:
            return ""
        return community_key(places[0]) if places else ""


def _post(parts: Sequence[PostCounts]) -> PostStats:
    first = parts[0]
    return PostStats(
        post_id=first.post_id,
        title=first.title,
        kind=first.kind,
        topic=first.topic,
        schedule_id=first.schedule_id,
        published_utc=first.published_utc,
        reactions=sum(part.reactions for part in parts),
        votes=sum(part.votes for part in parts),
        replies=sum(part.replies for part in parts),
        score=sum(part.score for part in parts),
    )


def _week(monday: date, posts: Iterable[PostStats]) -> WeekStats:
    found = list(posts)
    return WeekStats(
        monday,
        len(found),
        sum(post.reactions for post in found),
        sum(post.votes for post in found),
        sum(post.replies for post in found),
    )


def _monday(moment_utc: datetime) -> date:
    day = moment_utc.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())
