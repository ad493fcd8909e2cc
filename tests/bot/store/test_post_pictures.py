from dataclasses import replace

import pytest

from bot.clock import FakeClock
from bot.store.post_extras import PostExtras
from bot.store.post_pictures import PostPictureRepository, StoredPicture
from bot.store.posts import PostRepository, StoredPost
from bot.store.retention import Retention
from bot.store.store import Store

DAY_S = 86_400


@pytest.fixture
async def picture(store: Store, clock: FakeClock) -> StoredPicture:
    now_utc = clock.now_utc()
    post = StoredPost("p", "picture", "t", "pending_review", "en", "", now_utc, now_utc)
    await PostRepository(store).create(post, actor="test")
    return StoredPicture(
        "p", 0, b"\x89PNG\0", "image/png", "alt \ud800", now_utc, "title", "a fox"
    )


async def test_post_without_a_picture_has_none(store: Store) -> None:
    assert await PostPictureRepository(store).get("p") is None


async def test_picture_of_no_post_is_not_kept(
    store: Store, picture: StoredPicture
) -> None:
    pictures = PostPictureRepository(store)
    assert not await pictures.put(replace(picture, post_id="q"))
    assert await pictures.get("q") is None


async def test_later_picture_takes_the_place_while_the_post_waits(
    store: Store, picture: StoredPicture
) -> None:
    pictures = PostPictureRepository(store)
    assert await pictures.put(picture)
    assert await pictures.get("p") == replace(picture, alt="alt \ufffd")
    second = replace(picture, number=1, alt="b", model="m", seed=2**31, is_cover=True)
    assert await pictures.put(second, status="pending_review")
    assert await pictures.get("p") == second
    assert not await pictures.put(replace(picture, number=2), status="approved")
    assert await pictures.get("p") == second


async def test_scene_of_a_post_is_kept(store: Store, picture: StoredPicture) -> None:
    posts = PostRepository(store)
    extras = PostExtras(scene="a fox in the snow")
    await posts.transition(
        "p", "pending_review", "approved", actor="test", extras=extras
    )
    post = await posts.get("p")
    assert post is not None
    assert post.extras == extras


@pytest.mark.parametrize(
    ("status", "days_kept"),
    [("rejected", 7), ("failed", 7), ("published", 90), ("pending_review", 400)],
)
async def test_pictures_are_forgotten_when_nobody_needs_them(
    store: Store,
    picture: StoredPicture,
    clock: FakeClock,
    status: str,
    days_kept: int,
) -> None:
    pictures = PostPictureRepository(store)
    await pictures.put(picture)
    await PostRepository(store).transition("p", "pending_review", status, actor="test")
    retention = Retention(store, keep_texts_days=7, keep_records_days=90, clock=clock)

    await clock.advance((days_kept - 1) * DAY_S)
    assert await retention.forget() == 0
    assert await pictures.get("p") is not None

    await clock.advance(2 * DAY_S)
    is_gone = status != "pending_review"
    assert await retention.forget() == is_gone
    assert (await pictures.get("p") is None) == is_gone
