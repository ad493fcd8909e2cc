import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import FakeClock
from bot.errors import StoreError
from bot.publication import Link, Poll
from bot.store.posts import PostExtras, PostRepository, PostTransition, StoredPost
from bot.store.store import Store
from bot.words import T

MADE = datetime(2026, 1, 1, tzinfo=UTC)
POST = StoredPost(
    id="p1",
    kind="article",
    topic="The moon",
    status="planned",
    language="en",
    persona="hearth",
    created_utc=MADE,
    updated_utc=MADE,
    schedule_id="daily",
)


@pytest.fixture
def posts(store: Store) -> PostRepository:
    return PostRepository(store)


async def test_unknown_post_is_none_and_does_not_change(posts: PostRepository) -> None:
    assert await posts.get("p1") is None
    assert await posts.transitions("p1") == ()
    assert not await posts.transition("p1", "planned", "drafting", actor="bot")
    assert await posts.transitions("p1") == ()


async def test_post_made_twice_is_refused(posts: PostRepository) -> None:
    await posts.create(POST, actor="bot")
    with pytest.raises(StoreError, match="UNIQUE"):
        await posts.create(replace(POST, title="another"), actor="bot")
    assert await posts.list() == (POST,)
    assert len(await posts.transitions("p1")) == 1


async def test_post_changes_status_for_one_of_many(
    posts: PostRepository, clock: FakeClock
) -> None:
    await posts.create(replace(POST, status="approved"), actor="bot", reason=T("due"))
    await clock.advance(5)
    tries = [
        posts.transition("p1", "approved", "publishing", actor=f"m{n}", reason=T("go"))
        for n in range(20)
    ]
    won = await asyncio.gather(*tries)
    assert sorted(won) == [False] * 19 + [True]
    later = MADE + timedelta(seconds=5)
    assert await posts.get("p1") == replace(
        POST, status="publishing", updated_utc=later
    )
    assert await posts.transitions("p1") == (
        PostTransition("p1", None, "approved", "bot", T("due"), MADE),
        PostTransition(
            "p1", "approved", "publishing", f"m{won.index(True)}", T("go"), later
        ),
    )


async def test_text_changes_together_with_the_status(posts: PostRepository) -> None:
    await posts.create(POST, actor="bot")
    assert not await posts.transition(
        "p1", "drafting", "approved", actor="bot", body="of another status"
    )
    assert await posts.transition(
        "p1", "planned", "drafting", actor="bot", title="Moon", body="It is round."
    )
    assert await posts.transition("p1", "drafting", "approved", actor="bot")
    post = await posts.get("p1")
    assert post is not None
    assert (post.title, post.body) == ("Moon", "It is round.")


async def test_posts_are_listed_oldest_first(posts: PostRepository) -> None:
    made = [
        replace(POST, id=f"p{n}", status=("planned", "failed")[n % 2], schedule_id=None)
        for n in range(4)
    ]
    for post in made:
        await posts.create(post, actor="bot")
    assert await posts.list() == tuple(made)
    assert await posts.list(limit=2) == tuple(made[2:])
    assert await posts.list(status="failed") == (made[1], made[3])
    assert await posts.list(status="failed", limit=1) == (made[3],)
    assert await posts.list(status="unheard of") == ()


async def test_recent_topics_are_of_the_kind_and_the_time(
    posts: PostRepository,
) -> None:
    def post(
        number: int, topic: str, *, kind: str = "article", status: str = "planned"
    ) -> StoredPost:
        return replace(
            POST,
            id=f"p{number}",
            topic=topic,
            kind=kind,
            status=status,
            created_utc=MADE + timedelta(days=number),
        )

    for made in (
        post(0, "long ago"),
        post(1, "Mars"),
        post(2, "of a quiz", kind="quiz"),
        post(3, "Venus"),
        post(4, "Mars"),
        post(5, "Pluto", status="rejected"),
    ):
        await posts.create(made, actor="bot")
    since = MADE + timedelta(days=1)
    assert await posts.recent_topics("article", since) == ("Pluto", "Mars", "Venus")
    assert await posts.recent_topics(
        "article", since, except_statuses=["rejected"]
    ) == ("Mars", "Venus")
    await posts.transition("p4", "planned", "published", actor="bot", title="Red Mars")
    assert await posts.recent_topics("article", since) == (
        *("Pluto", "Mars", "Red Mars", "Venus"),
    )


async def test_what_a_post_has_besides_its_text_is_kept(posts: PostRepository) -> None:
    poll = Poll("Which?", ("a", "b"), correct=1, explanation="B it is.", hours=5)
    extras = PostExtras("In short.", poll, (Link("Söurce", "https://example.org"),))
    await posts.create(replace(POST, extras=extras), actor="bot")
    assert await posts.list() == (replace(POST, extras=extras),)


async def test_rewriting_replaces_all_of_it_and_other_changes_none(
    posts: PostRepository,
) -> None:
    first = PostExtras("One.", Poll("Which?", ("a", "b")), (Link("S", "https://a"),))
    await posts.create(replace(POST, extras=first), actor="bot")
    await posts.transition("p1", "planned", "drafting", actor="bot")
    found = await posts.get("p1")
    assert found is not None
    assert found.extras == first
    second = PostExtras("Two.")
    await posts.transition("p1", "drafting", "approved", actor="bot", extras=second)
    found = await posts.get("p1")
    assert found is not None
    assert found.extras == second


async def test_recent_posts_are_of_a_kind_and_a_schedule(posts: PostRepository) -> None:
    for number, status in enumerate(["published", "rejected", "published"]):
        await posts.create(replace(POST, id=f"p{number}", status=status), actor="bot")
    await posts.create(replace(POST, id="other", schedule_id="weekly"), actor="bot")
    await posts.create(replace(POST, id="poem", kind="poem"), actor="bot")
    found = await posts.recent(
        "article", schedule_id="daily", except_statuses=["rejected"], limit=9
    )
    assert [post.id for post in found] == ["p2", "p0"]
    assert len(await posts.recent("article", limit=2)) == 2
