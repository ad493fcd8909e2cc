"""Covers as the settings want them."""

from datetime import UTC, datetime

from bot.config_cover import CoverConfig
from bot.store.posts import StoredPost
from content.post_cover import PostCovers

THEN_UTC = datetime(2026, 7, 1, tzinfo=UTC)


def post(post_id: str) -> StoredPost:
    return StoredPost(
        post_id,
        "article",
        "Rain",
        "approved",
        "en",
        "",
        THEN_UTC,
        THEN_UTC,
        "A walk after the rain",
        "Body.",
    )


async def test_no_cover_is_drawn_where_none_is_wanted() -> None:
    covers = PostCovers(CoverConfig(enabled=False), name="Hearth")
    assert await covers.draw(post("p1")) is None


async def test_post_has_the_same_cover_each_time_and_another_post_another() -> None:
    covers = PostCovers(CoverConfig(), name="Hearth")
    again = PostCovers(CoverConfig(), name="Hearth")
    first = await covers.draw(post("p1"))
    assert first is not None
    assert first.media_type == "image/webp"
    assert await again.draw(post("p1")) == first
    assert await covers.draw(post("p2")) != first
