"""Who may see and steer which posts: each community its own."""

from collections.abc import Sequence

from bot.errors import PlatformError, UserError
from bot.messages import Author, Channel, Role
from bot.store.deliveries import Delivery, DeliveryRepository
from bot.store.posts import PostRepository, StoredPost
from bot.words import T
from content.calendar import Calendar
from content.places import Places
from content.review import Desk

__all__ = ["PostRights"]


class PostRights:
    """Finds the posts of a community."""

    def __init__(
        self,
        *,
        posts: PostRepository,
        deliveries: DeliveryRepository,
        calendar: Calendar,
        places: Places,
        desk: Desk,
    ) -> None:
        self._posts = posts
        self._deliveries = deliveries
        self._calendar = calendar
        self._places = places
        self._desk = desk

    async def channels_of(self, post: StoredPost) -> tuple[str, ...]:
        """Return the keys of the channels that a post went to, or is to go to."""
        sent = [one.channel_key for one in await self._deliveries.of_post(post.id)]
        schedule = self._calendar.get(post.schedule_id or "")
        return tuple(sent) or (schedule.channels if schedule else ())

    async def visible(
        self, posts: Sequence[StoredPost], by: Author, place: Channel
    ) -> tuple[StoredPost, ...]:
        """Return those posts that may be shown to a moderator in a channel."""
        return tuple([post for post in posts if await self._may_see(post, by, place)])

    async def seen(self, post_id: str, by: Author, place: Channel) -> StoredPost:
        """Return a post that may be shown to a moderator in a channel.

        Raises:
            UserError: there is none.
        """
        post = await self._posts.get(post_id)
        if post is None or not await self._may_see(post, by, place):
            raise _unknown(post_id)  # what others have is not told
        return post

    async def changeable(self, post_id: str, by: Author, place: Channel) -> StoredPost:
        """Return a post that a moderator may steer from a channel.

        Raises:
            UserError: there is none, or it is not theirs to steer.
        """
        post = await self.seen(post_id, by, place)
        channels = await self.channels_of(post)
        if by.role < Role.OWNER:
            overseen = [await self._oversees(key, place) for key in channels]
            if not all(overseen):
                raise UserError(
                    T(
                        "“{id}” also went to other communities: only the owner of this "
                        "bot may change it.",
                        id=post_id,
                    )
                )
        return post

    async def delivery(
        self, post_id: str, channel_key: str, by: Author, place: Channel
    ) -> Delivery:
        """Return the delivery of a post that a moderator may decide about.

        Raises:
            UserError: there is none.
        """
        for delivery in await self._deliveries.of_post(post_id):
            if delivery.channel_key == channel_key and (
                by.role is Role.OWNER or await self._oversees(channel_key, place)
            ):
                return delivery
        raise _unknown(post_id)

    async def _may_see(self, post: StoredPost, by: Author, place: Channel) -> bool:
        if by.role is Role.OWNER:
            return True
        for key in await self.channels_of(post):
            if await self._oversees(key, place):
                return True
        return False

    async def _oversees(self, channel_key: str, place: Channel) -> bool:
        try:
            communities = self._places.communities((channel_key,))
        except PlatformError:
            return False  # who reads it cannot be told while its platform is down
        return bool(communities) and await self._desk.oversees(communities[0], place)


def _unknown(post_id: str) -> UserError:
    return UserError(T("There is no post “{id}”. /posts shows them.", id=post_id))
