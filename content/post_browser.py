"""All posts, as one moderator may see them: each community sees its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.messages import Channel
from bot.preferences import community_key
from bot.store.deliveries import Delivery, DeliveryRepository
from bot.store.post_search import FoundPost, PostSearch, Wanted
from bot.store.posts import PostRepository, PostTransition, StoredPost
from bot.words import T
from content.calendar import Calendar
from content.review_queue import PlaceFor, first_place

__all__ = ["FoundPosts", "PostBrowser", "PostHistory"]

PAGE_LENGTH = 30
MOST_LOOKED_AT = 600
"""So many posts are looked at for one page: other communities' are passed over."""


@dataclass(frozen=True, slots=True)
class FoundPosts:
    """A page of posts, the latest first. `next_before` is 0 where there are no more."""

    posts: tuple[StoredPost, ...]
    next_before: int


@dataclass(frozen=True, slots=True)
class PostHistory:
    """A post, what happened to it and where it went.

    `place` is from where who looks at it may see to it.
    """

    post: StoredPost
    place: Channel
    steps: tuple[PostTransition, ...]
    deliveries: tuple[Delivery, ...]


class PostBrowser:
    """Lists and opens posts.

    `places` returns the channels of keys, without those that are not there.
    """

    def __init__(
        self,
        *,
        search: PostSearch,
        posts: PostRepository,
        deliveries: DeliveryRepository,
        calendar: Calendar,
        places: Callable[[Sequence[str]], tuple[Channel, ...]],
    ) -> None:
        self._search = search
        self._posts = posts
        self._deliveries = deliveries
        self._calendar = calendar
        self._places = places

    async def find(self, wanted: Wanted, place_for: PlaceFor) -> FoundPosts:
        """Return a page of what somebody may see."""
        shown: list[StoredPost] = []
        known: dict[tuple[str, ...], Channel | None] = {}
        num_looked_at = 0
        while num_looked_at < MOST_LOOKED_AT:
            page = await self._search.find(wanted, limit=PAGE_LENGTH)
            for found in page:
                communities = self._whose(found)
                if communities not in known:
                    known[communities] = await first_place(communities, place_for)
                if known[communities] is None:
                    continue
                if len(shown) == PAGE_LENGTH:
                    return FoundPosts(tuple(shown), wanted.before)
                shown.append(found.post)
                wanted = replace(wanted, before=found.number)
            if len(page) < PAGE_LENGTH:
                return FoundPosts(tuple(shown), 0)
            num_looked_at += len(page)
            wanted = replace(wanted, before=page[-1].number)
        return FoundPosts(tuple(shown), wanted.before)

    async def open(self, post_id: str, place_for: PlaceFor) -> PostHistory:
        """Return all about one post.

        Raises:
            UserError: there is none, or it is not theirs: the words are the same.
        """
        found = await self._search.get(post_id)
        communities = self._whose(found) if found else ()
        place = await first_place(communities, place_for) if found else None
        if found is None or place is None:
            raise UserError(T("There is no post {id}.", id=post_id))
        return PostHistory(
            found.post,
            place,
            await self._posts.transitions(post_id),
            await self._deliveries.of_post(post_id),
        )

    def communities(
        self,
        schedule_id: str | None,
        channels: Sequence[str],
        asked: Sequence[str] = (),
    ) -> tuple[str, ...]:
        """Return whose a post is: () where only those named by the owner see to it.

        `channels` are those of its deliveries; without any, its schedule's count.
        `asked` are the communities whose moderators were asked about it.
        """
        schedule = self._calendar.get(schedule_id or "")
        keys = channels or (schedule.channels if schedule else ())
        there = {community_key(place) for place in self._places(keys)}
        own = {schedule.community} if schedule and schedule.community else set()
        return tuple(sorted(there | own | set(asked)))

    def _whose(self, found: FoundPost) -> tuple[str, ...]:
        return self.communities(
            found.post.schedule_id, found.channels, found.communities
        )
