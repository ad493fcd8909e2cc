"""What was posted before that a draft must know, and what it adds to that."""

from dataclasses import dataclass, field

from bot.store.lessons import LessonItem, LessonRepository
from bot.store.materials import Material, MaterialRepository
from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store
from bot.store.stories import StoryRepository, StorySoFar
from content.drafting import Draft
from content.posts import PostStatus

__all__ = ["NOTHING", "Past", "PastPosts"]

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
    """Knows what was posted, and what a post is made from, for whoever writes it."""

    def __init__(self, store: Store) -> None:
        self._posts = PostRepository(store)
        self._stories = StoryRepository(store)
        self._lessons = LessonRepository(store)
        self._materials = MaterialRepository(store)

    async def of(self, post: StoredPost) -> PastPosts:
        """Return what a post that is to be written must know."""
        material = (await self._materials.get(post.id)).items
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
