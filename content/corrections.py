"""What moderators ask of posts, whatever has become of them."""

from collections.abc import Callable

from bot.errors import UserError
from bot.messages import Author, Channel
from bot.store.deliveries import Delivery
from bot.store.posts import PostRepository
from bot.store.runs import ScheduleRun
from bot.words import T, Text, Tn
from content.aftermath import Aftermath
from content.making import Making
from content.post_rights import PostRights
from content.posts import PostStatus
from content.review import Review
from content.runner import Runner

__all__ = ["Corrections"]


class Corrections:
    """Lets moderators change, take back and repeat the posts that are theirs.

    Attributes:
        begin: lets a run go on; where the bot does not run, at its next start.
    """

    def __init__(
        self,
        *,
        posts: PostRepository,
        rights: PostRights,
        aftermath: Aftermath,
        making: Making,
        review: Review,
        runner: Runner,
        begin: Callable[[ScheduleRun], None],
    ) -> None:
        self._posts = posts
        self._rights = rights
        self._aftermath = aftermath
        self._making = making
        self._review = review
        self._runner = runner
        self.begin = begin

    async def edit(self, post_id: str, text: str, by: Author, place: Channel) -> Text:
        """Give a post a moderator's text; return what to tell them.

        Raises:
            UserError: it is neither under review nor out, not theirs, or the text is
                refused.
        """
        found = await self._posts.get(post_id)
        if found is None or found.status == PostStatus.PENDING_REVIEW:
            post = await self._review.pending(post_id, by, place)
        else:
            post = await self._rights.changeable(post_id, by, place)
            self._aftermath.check_editable(post)
        channels = await self._rights.channels_of(post)
        title, body = await self._making.edit(channels, post, text)
        if post.status == PostStatus.PENDING_REVIEW:
            await self._review.edit(post_id, by, place=place, title=title, body=body)
            return T("The post has your text now.")
        num_channels = await self._aftermath.edit(post, by, title=title, body=body)
        if not num_channels:
            return T("The post has your text now.")
        return Tn(
            "The post has your text now. It is being changed where it is.",
            "The post has your text now. It is being changed in {n} channels.",
            num_channels,
        )

    async def take_back(self, post_id: str, by: Author, place: Channel) -> Text:
        """Keep a post from going out, or take it away; return what to tell.

        Raises:
            UserError: there is nothing to take back, or it is not theirs.
        """
        post = await self._rights.changeable(post_id, by, place)
        if await self._aftermath.withdraw(post, by):
            self._review.wake(post_id)
            return T("The post is withdrawn. It does not go out.")
        await self._aftermath.retract(post, by)
        return T(
            "The post is being taken away everywhere. /posts show {id}", id=post_id
        )

    async def retry(
        self, post_id: str, by: Author, place: Channel
    ) -> tuple[Delivery, ...]:
        """Do again what failed with a post; return the deliveries nobody can tell of.

        Raises:
            UserError: nothing failed, or it is not theirs.
        """
        post = await self._rights.changeable(post_id, by, place)
        unknown = await self._aftermath.unknown(post)
        if await self._aftermath.retry(post, by) or unknown:
            return unknown
        if post.status == PostStatus.FAILED:
            run = await self._runner.revive(post, by)
            if run is not None:
                self.begin(run)
                return ()
        raise UserError(T("Nothing of this post has failed: {id}.", id=post_id))

    async def settle(
        self, post_id: str, channel_key: str, by: Author, place: Channel, *, found: bool
    ) -> None:
        """Take down whether a post is in a channel of which nobody could tell.

        Raises:
            UserError: that was decided already, or it is not theirs.
        """
        delivery = await self._rights.delivery(post_id, channel_key, by, place)
        if found:
            await self._aftermath.found(delivery, by)
        else:
            await self._aftermath.missed(delivery, by)
