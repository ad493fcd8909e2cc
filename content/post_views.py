"""What the moderators' desk shows of posts: the queue, all posts, their looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.adapter import Adapter
from bot.messages import Attachment
from bot.preview import PreviewPart
from bot.publication import Publication
from bot.store.post_pictures import PostPictureRepository
from bot.store.post_search import PostSearch
from bot.store.posts import StoredPost
from bot.store.reviews import ReviewRepository
from content.content import Content
from content.post_browser import PostBrowser
from content.publications import Manner
from content.review_queue import ReviewQueue

__all__ = ["PostViews", "Preview", "build_views"]


@dataclass(frozen=True, slots=True)
class Preview:
    """The messages that a post becomes on a platform."""

    platform: str
    parts: tuple[PreviewPart, ...]


@dataclass(frozen=True, slots=True)
class PostViews:
    """The views, over the parts that make the posts.

    `adapters` are by platform, as those that the posts go out through.
    """

    content: Content
    queue: ReviewQueue
    browser: PostBrowser
    pictures: PostPictureRepository
    adapters: Mapping[str, Adapter]

    async def publication(self, post: StoredPost) -> Publication:
        """Return a post as it would go out now, with its picture."""
        return await self.content.publications.of(post, Manner())

    async def picture(self, post: StoredPost) -> Attachment | None:
        """Return the picture that a post has got by now; none is made."""
        kept = await self.pictures.get(post.id)
        if kept is None:
            return None
        return Attachment(
            "picture", kept.media_type, kept.content, description=kept.alt
        )

    def channels(self, post: StoredPost) -> tuple[str, ...]:
        """Return the keys of the channels that a post's schedule names."""
        schedule = self.content.calendar.get(post.schedule_id or "")
        return schedule.channels if schedule else ()

    def previews(
        self, publication: Publication, channels: Sequence[str]
    ) -> tuple[Preview, ...]:
        """Return what a post becomes on each platform of its channels."""
        platforms = dict.fromkeys(key.partition(":")[0] for key in channels)
        return tuple(
            Preview(platform, self.adapters[platform].preview(publication))
            for platform in platforms
            if platform in self.adapters
        )


def build_views(content: Content) -> PostViews:
    """Build the views of the posts that a content makes."""
    store, posts = content.store, content.posts
    reviews = ReviewRepository(store)
    pictures = PostPictureRepository(store)
    queue = ReviewQueue(
        posts=posts,
        reviews=reviews,
        pictures=pictures,
        judgements=content.judgements,
    )
    browser = PostBrowser(
        search=PostSearch(store, posts),
        posts=posts,
        deliveries=content.deliveries,
        calendar=content.calendar,
        places=content.places,
    )
    return PostViews(content, queue, browser, pictures, content.adapters)
