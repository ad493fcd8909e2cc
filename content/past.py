"""What was posted before that a draft must know, and what it adds to that."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.store.lessons import LessonItem, LessonRepository
from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store
from bot.store.stories import StoryRepository, StorySoFar
from content.drafting import Draft
from content.material import Material
from content.posts import PostStatus

__all__ = ["NOTHING", "MaterialOf", "Past", "PastPosts"]

MaterialOf = Callable[[StoredPost], Awaitable[tuple[Material, ...]]]
"""Returns what a post is made from, where its source brought something."""

NUM_EARLIER = 60
NEVER_SEEN = (
    PostStatus.PLANNED,
    PostStatus.DRAFTING,
    PostStatus.REJECTED,
    PostStatus.EXPIRED,
    PostStatus.SKIPPED,
    PostStatus.FAILED,
)
"""Posts that people never saw: what they told may be told again."""


@dataclass(frozen=True, slots=True)
class PastPosts:
    """What a draft goes on from, and is made from."""

    material: tuple[Material, ...] = ()
    earlier: tuple[str, ...] = field(default=(), repr=False)
    stories: tuple[StorySoFar, ...] = ()
    lessons: tuple[LessonItem, ...] = ()


NOTHING = PastPosts()


class Past:
    """Knows what was posted, for whoever writes the next post.

    `material_of` asks the source of a post's topic; without it there is no material,
    but for translations, which are made from what was posted.
    """

    def __init__(self, store: Store, *, material_of: MaterialOf | None = None) -> None:
        self._posts = PostRepository(store)
        self._stories = StoryRepository(store)
        self._lessons = LessonRepository(store)
        self._material_of = material_of

    async def of(self, post: StoredPost) -> PastPosts:
        """Return what a post that is to be written must know."""
        material = await self._material_of(post) if self._material_of else ()
        if post.kind == "translation" and not material:
            material = await self._to_translate(post)
        earlier = await self._posts.recent(
            post.kind,
            schedule_id=post.schedule_id,
            except_statuses=NEVER_SEEN,
            limit=NUM_EARLIER,
        )
        schedule = post.schedule_id or ""
        return PastPosts(
            material,
            tuple(_whole(one) for one in earlier if one.id != post.id),
            await self._stories.of(
                schedule, except_post=post.id, except_statuses=NEVER_SEEN
            ),
            await self._lessons.of(
                schedule, except_post=post.id, except_statuses=NEVER_SEEN
            ),
        )

    async def keep(self, post: StoredPost, draft: Draft) -> None:
        """Keep what a draft adds. It counts as soon as, and while, its post does."""
        schedule = post.schedule_id or ""
        if draft.story is not None:
            await self._stories.put(post.id, schedule, draft.story)
        if draft.lesson:
            await self._lessons.put(post.id, schedule, draft.lesson)

    async def _to_translate(self, post: StoredPost) -> tuple[Material, ...]:
        """Return the post whose id the topic is."""
        earlier = await self._posts.get(post.topic.strip())
        if earlier is None or earlier.status != PostStatus.PUBLISHED:
            return ()
        return (Material(earlier.title, text=earlier.body),)


def _whole(post: StoredPost) -> str:
    poll = post.extras.poll
    return "\n\n".join([post.title, post.body, *([poll.question] if poll else [])])
