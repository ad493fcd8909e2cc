"""What people made of posts: counts for each post, topic and week."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.messages import Channel
from bot.store.store import Store

__all__ = ["PostStats", "StatsReader", "TopicStats", "WeekStats"]


@dataclass(frozen=True, slots=True)
class PostStats:
    """What people made of one published post, in the channels that were asked about.

    Attributes:
        reactions: how often somebody put an emoji under it.
        votes: how many people voted in its poll.
        replies: how many messages answered it.
        score: reactions and votes once, replies twice: the one number that posts are
            ranked by, and that topics lean on.
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
        self._store = store
        self._places = places

    async def posts(
        self,
        since_utc: datetime,
        communities: Collection[str] | None = None,
        *,
        limit: int = 100,
    ) -> tuple[PostStats, ...]:
        """Return the latest posts that were published since then, the latest first."""
        return ()

    async def topics(
        self,
        since_utc: datetime,
        communities: Collection[str] | None = None,
        *,
        limit: int = 100,
    ) -> tuple[TopicStats, ...]:
        """Return the topics of those posts, the best liked first."""
        return ()

    async def by_week(
        self, since_utc: datetime, communities: Collection[str] | None = None
    ) -> tuple[WeekStats, ...]:
        """Return every week since then, the earliest first, also those without posts."""
        return ()
