from datetime import UTC, datetime

import pytest

from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store
from bot.store.stories import StoryRepository, StorySoFar

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STORY = StorySoFar(
    "The Key", "key", ("Mina", "Tobi", "a town"), ("a\nb", "c\nd"), "b", 1
)


@pytest.fixture
def stories(store: Store) -> StoryRepository:
    return StoryRepository(store)


async def posted(store: Store, post_id: str, status: str = "published") -> None:
    post = StoredPost(post_id, "story", "keys", status, "en", "", NOW, NOW)
    await PostRepository(store).create(post, actor="test")


async def test_schedule_without_stories_has_none(stories: StoryRepository) -> None:
    assert await stories.of("daily") == ()


async def test_parts_come_back_in_order_and_by_schedule(
    stories: StoryRepository, store: Store
) -> None:
    parts = [
        STORY,
        StorySoFar("Ö", "", (), ("x\ny",), "", 2, has_ended=True),
    ]
    for number, part in enumerate(parts):
        await posted(store, f"p{number}")
        await stories.put(f"p{number}", "daily", part)
    await posted(store, "other")
    await stories.put("other", "weekly", STORY)
    assert await stories.of("daily") == tuple(parts)


async def test_part_written_anew_takes_the_place_of_the_first(
    stories: StoryRepository, store: Store
) -> None:
    await posted(store, "p1")
    await stories.put("p1", "daily", STORY)
    other = StorySoFar("Light", "light", (), ("x\ny",), "y", 1)
    await stories.put("p1", "daily", other)
    assert await stories.of("daily") == (other,)
    assert await stories.of("daily", except_post="p1") == ()


async def test_part_of_a_post_that_was_rejected_never_happened(
    stories: StoryRepository, store: Store
) -> None:
    await posted(store, "p1", status="rejected")
    await stories.put("p1", "daily", STORY)
    assert await stories.of("daily", except_statuses=["rejected"]) == ()
    assert await stories.of("daily") == (STORY,)
