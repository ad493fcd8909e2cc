from datetime import timedelta

import pytest

from bot.clock import FakeClock
from bot.store.lessons import BOX_DAYS, LessonRepository, LessonStep
from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store

DAY_S = 24 * 3600.0
NEW = LessonStep("patience", "staying calm", is_new=True)
AGAIN = LessonStep("patience", "staying calm", is_new=False)


@pytest.fixture
def lessons(store: Store) -> LessonRepository:
    return LessonRepository(store)


async def posted(store: Store, post_id: str, status: str = "published") -> None:
    now_utc = store.clock.now_utc()
    post = StoredPost(post_id, "lesson", "w", status, "en", "", now_utc, now_utc)
    await PostRepository(store).create(post, actor="test")


async def test_word_comes_again_after_a_day_then_after_longer_and_longer(
    lessons: LessonRepository, store: Store, clock: FakeClock
) -> None:
    await posted(store, "p0")
    await lessons.put("p0", "daily", [NEW])
    for number, days in enumerate(BOX_DAYS, 1):
        (item,) = await lessons.of("daily")
        assert (item.box, item.is_due) == (number, False)
        assert item.due_utc == clock.now_utc() + timedelta(days=days)
        await clock.advance(days * DAY_S - 60)  # a daily post may be a minute early
        (item,) = await lessons.of("daily")
        assert item.is_due
        await posted(store, f"p{number}")
        await lessons.put(f"p{number}", "daily", [AGAIN])
    (item,) = await lessons.of("daily")
    assert item.box == len(BOX_DAYS)


async def test_word_that_most_did_not_know_comes_soon(
    lessons: LessonRepository, store: Store, clock: FakeClock
) -> None:
    for number in range(3):
        await posted(store, f"p{number}")
        await lessons.put(f"p{number}", "daily", [AGAIN if number else NEW])
    assert (await lessons.of("daily"))[0].box == 3
    assert await lessons.answered("p2", "patience", was_known=False)
    (item,) = await lessons.of("daily")
    assert (item.box, item.due_utc) == (1, clock.now_utc() + timedelta(days=1))
    assert not await lessons.answered("p2", "kindness", was_known=True)


async def test_word_that_is_due_first_comes_first(
    lessons: LessonRepository, store: Store, clock: FakeClock
) -> None:
    await posted(store, "p0")
    await lessons.put("p0", "daily", [NEW])
    await clock.advance(3600)
    await posted(store, "p1")
    await lessons.put("p1", "daily", [LessonStep("borrow", "to take", is_new=True)])
    assert [item.word for item in await lessons.of("daily")] == ["patience", "borrow"]
    assert await lessons.of("weekly") == ()


async def test_draft_written_anew_and_posts_rejected_do_not_count(
    lessons: LessonRepository, store: Store
) -> None:
    await posted(store, "p0", status="rejected")
    await lessons.put("p0", "daily", [NEW])
    await lessons.put("p0", "daily", [LessonStep("borrow", "to take", is_new=True)])
    assert [item.word for item in await lessons.of("daily")] == ["borrow"]
    assert await lessons.of("daily", except_statuses=["rejected"]) == ()
    assert await lessons.of("daily", except_post="p0") == ()
