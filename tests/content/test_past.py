from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.publication import Poll
from bot.store.lessons import LessonStep
from bot.store.materials import Material, MaterialRepository, StoredMaterial
from bot.store.posts import PostExtras, PostRepository, StoredPost
from bot.store.store import Store
from bot.store.stories import StorySoFar
from content.drafting import Draft
from content.past import NOTHING, Past
from content.quality import Score

NOW = datetime(2026, 7, 1, tzinfo=UTC)
POST = StoredPost(
    "p1", "quiz", "T", "published", "en", "", NOW, NOW, "Title", "Body.", "daily"
)
STORY = StorySoFar("The Key", "key", ("Mina",), ("a\nb",), "b", 1)


@pytest.fixture
def posts(store: Store) -> PostRepository:
    return PostRepository(store)


async def test_first_post_has_no_past(store: Store) -> None:
    assert await Past(store).of(POST) == NOTHING


async def test_what_people_saw_is_known_with_its_question(
    store: Store, posts: PostRepository
) -> None:
    extras = PostExtras(poll=Poll("Which?", ("a", "b")))
    await posts.create(replace(POST, extras=extras), actor="test")
    await posts.create(replace(POST, id="p2", status="rejected"), actor="test")
    past = await Past(store).of(replace(POST, id="p3"))
    assert past.earlier == ("Title\n\nBody.\n\nWhich?",)
    assert (await Past(store).of(POST)).earlier == ()  # written anew


async def test_story_and_lesson_are_kept_with_the_post(
    store: Store, posts: PostRepository
) -> None:
    await posts.create(POST, actor="test")
    step = LessonStep("patience", "staying calm", is_new=True)
    draft = Draft(
        "story", "T", "en", "Title", "", "Body.", Score(()), story=STORY, lesson=(step,)
    )
    past = Past(store)
    await past.keep(POST, draft)
    found = await past.of(replace(POST, id="p2"))
    assert found.stories == (STORY,)
    assert [item.word for item in found.lessons] == ["patience"]
    assert (await past.of(replace(POST, id="p2", schedule_id="other"))).stories == ()


async def test_material_comes_from_where_the_topic_came_from(store: Store) -> None:
    material = (Material("News", text="It rained."),)
    kept = StoredMaterial(items=material)
    await PostRepository(store).create(POST, actor="test")
    await MaterialRepository(store).put(POST.id, kept)
    assert (await Past(store).of(POST)).material == material


async def test_translation_is_made_from_the_post_that_is_its_topic(
    store: Store, posts: PostRepository
) -> None:
    await posts.create(POST, actor="test")
    wanted = replace(POST, id="p2", kind="translation", topic="p1")
    assert (await Past(store).of(wanted)).material == (Material("Title", text="Body."),)
    for topic in ("nothing", "p3"):
        other = replace(wanted, topic=topic)
        assert (await Past(store).of(other)).material == ()
