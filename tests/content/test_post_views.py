"""What moderators see of posts at their desk, and what they do not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import FakeClock
from bot.config import Config
from bot.errors import UserError
from bot.messages import Attachment, Author, Channel
from bot.preview import PreviewKind
from bot.safety.filter import Judgement, Subject
from bot.safety.verdict import Action, Stage, Verdict
from bot.store.post_search import Wanted
from bot.store.posts import StoredPost
from bot.store.reviews import ReviewRepository
from bot.store.store import Store
from bot.words import T
from content.content import Content
from content.judging import desk_of
from content.post_browser import PAGE_LENGTH
from content.post_views import PostViews, build_views
from content.review_queue import PlaceFor, measured

OURS, THEIRS = "community:fake:fakeville", "community:fake:town"
HERE = Channel("fake", "staff", "fakeville")
MO = Author("mo", "Mo")


@pytest.fixture
def views(
    make_config: Callable[..., Config], make_content: Callable[..., Content]
) -> PostViews:
    return build_views(make_content(make_config()))


def seeing(*communities: str) -> PlaceFor:
    async def place_for(community: str) -> Channel | None:
        return HERE if community in communities else None

    return place_for


async def add(
    views: PostViews,
    store: Store,
    post_id: str,
    *,
    communities: tuple[str, ...] = (OURS,),
    minutes: int = 60,
    status: str = "pending_review",
    **more: str,
) -> StoredPost:
    now_utc = store.clock.now_utc()
    post = StoredPost(
        id=post_id,
        kind="article",
        topic="Tomatoes",
        status=status,
        language="en",
        persona="hearth",
        created_utc=now_utc,
        updated_utc=now_utc,
        title=f"Tomatoes {post_id}",
        body="Tomatoes want water in the morning. They grow well in the sun.",
    )
    post = replace(post, **more)  # type: ignore[arg-type]  # all of them are texts
    await views.content.posts.create(post, actor="writer", reason=T("score 0.9"))
    await ReviewRepository(store).open(
        post_id,
        communities=communities,
        approvals=2,
        expires_utc=now_utc + timedelta(minutes=minutes),
    )
    return post


async def test_post_of_another_community_is_not_in_the_queue(
    views: PostViews, store: Store
) -> None:
    await add(views, store, "theirs", communities=(THEIRS,))
    await add(views, store, "nobodys", communities=())
    assert await views.queue.waiting(seeing(OURS)) == ()
    for post_id in ("theirs", "nobodys", "unknown"):
        with pytest.raises(UserError, match=f"There is no post {post_id} to review"):
            await views.queue.place(post_id, seeing(OURS))
    (one,) = await views.queue.waiting(seeing(""))
    assert one.post.id == "nobodys"


async def test_what_expires_first_is_first_and_what_is_decided_is_gone(
    views: PostViews, store: Store
) -> None:
    await add(views, store, "late", minutes=90)
    await add(views, store, "soon", minutes=30, communities=(THEIRS, OURS))
    await add(views, store, "done", minutes=10, status="approved")
    waiting = await views.queue.waiting(seeing(OURS))
    assert [one.post.id for one in waiting] == ["soon", "late"]
    assert {one.place for one in waiting} == {HERE}
    assert await views.queue.place("done", seeing(OURS)) == HERE  # told who decided


async def test_post_comes_with_what_was_said_and_judged_about_it(
    views: PostViews, store: Store
) -> None:
    post = await add(views, store, "p1")
    reviews = ReviewRepository(store)
    review = await reviews.get("p1")
    assert review is not None
    await reviews.press(review, MO, "approve", note="good")
    flagged = Verdict(Action.FLAG, "insult", 0.4, "model", "a bit rude")
    await views.content.judgements.add(
        "p1",
        Subject(post.body, Stage.OUTPUT, HERE),
        Judgement(flagged, post.body, (flagged,), flagged, seen=post.body),
        author=MO,
        channel=desk_of("p1"),
    )
    (one,) = await views.queue.waiting(seeing(OURS))
    assert [(p.person_name, p.action, p.note) for p in one.presses] == [
        ("Mo", "approve", "good")
    ]
    assert str(one.reason) == "score 0.9"
    assert [judged.found.category for judged in one.judged] == ["insult"]


async def test_who_saw_an_older_text_decides_nothing(
    views: PostViews, store: Store
) -> None:
    await add(views, store, "p1")
    assert await views.queue.place("p1", seeing(OURS), version="1.0") == HERE
    await add_round(store, "p1")
    with pytest.raises(UserError, match="another text or picture"):
        await views.queue.place("p1", seeing(OURS), version="1.0")
    assert await views.queue.place("p1", seeing(OURS), version="2.0") == HERE


async def add_round(store: Store, post_id: str) -> None:
    await ReviewRepository(store).open(
        post_id,
        communities=(OURS,),
        approvals=2,
        expires_utc=store.clock.now_utc() + timedelta(hours=1),
    )


async def test_text_is_measured_as_drafts_are(views: PostViews, store: Store) -> None:
    post = await add(views, store, "p1")
    parts = {part.name: part.value for part in await measured(post)}
    assert parts["relevance"] > 0.5
    assert parts["length"] < 0.5
    assert "originality" not in parts
    assert await measured(replace(post, kind="gone")) == ()


async def test_preview_asks_the_platforms_of_the_schedule(
    views: PostViews, store: Store, make_config: Callable[..., Config]
) -> None:
    await views.content.calendar.sync(make_config().schedule)
    post = await add(views, store, "p1", schedule_id="daily")
    channels = views.channels(post)
    assert channels == ("fake:announcements",)
    bare = await views.publication(post)
    picture = Attachment("cover.png", "image/png", b"x")
    for publication, kind in (
        (bare, PreviewKind.TEXT),
        (replace(bare, picture=picture), PreviewKind.CAPTION),
    ):
        (preview,) = views.previews(publication, (*channels, "gone:x"))
        (part,) = preview.parts
        assert (preview.platform, part.kind) == ("fake", kind)
        assert part.text.startswith("# Tomatoes p1")


async def test_all_posts_are_seen_page_by_page_without_those_of_others(
    views: PostViews, store: Store
) -> None:
    num = PAGE_LENGTH + 5
    for number in range(num):
        await add(views, store, f"o{number}", status="published")
        await add(views, store, f"t{number}", communities=(THEIRS,))
    first = await views.browser.find(Wanted(), seeing(OURS))
    assert [post.id for post in first.posts][:2] == [f"o{num - 1}", f"o{num - 2}"]
    assert len(first.posts) == PAGE_LENGTH
    rest = await views.browser.find(Wanted(before=first.next_before), seeing(OURS))
    assert [post.id for post in rest.posts] == ["o4", "o3", "o2", "o1", "o0"]
    assert rest.next_before == 0


async def test_history_of_a_post_is_for_those_whose_it_is(
    views: PostViews, store: Store, clock: FakeClock
) -> None:
    await add(views, store, "p1", status="published", communities=(THEIRS,))
    await views.content.deliveries.plan("p1", ["fake:announcements"])
    for nobody in (seeing(), seeing("")):
        with pytest.raises(UserError, match="There is no post p1"):
            await views.browser.open("p1", nobody)
    with pytest.raises(UserError, match="There is no post p2"):
        await views.browser.open("p2", seeing(OURS))
    # It went to the channel of one community, and another was asked about it.
    for whose in (OURS, THEIRS):
        history = await views.browser.open("p1", seeing(whose))
        assert history.place == HERE
    assert [step.to_status for step in history.steps] == ["published"]
    assert [one.channel_key for one in history.deliveries] == ["fake:announcements"]
