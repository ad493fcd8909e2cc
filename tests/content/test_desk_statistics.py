"""What became of posts is counted by week, for those whose they are."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import FakeClock
from bot.config import Config
from bot.messages import Channel
from bot.store.post_outcomes import PostOutcomes
from bot.store.posts import StoredPost
from bot.store.reviews import ReviewRepository
from bot.store.store import Store
from content.content import Content
from content.desk_statistics import Fates, FatesReader
from content.post_views import build_views

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)  # a Wednesday, as the clock's
OURS, THEIRS = "community:fake:fakeville", "community:fake:town"
HERE = Channel("fake", "staff", "fakeville")
HOUR = 3600.0


@pytest.fixture
def content(
    make_config: Callable[..., Config], make_content: Callable[..., Content]
) -> Content:
    return make_content(make_config())


async def ours(community: str) -> Channel | None:
    return HERE if community == OURS else None


async def counted(content: Content, *, days: int = 15) -> Fates:
    reader = FatesReader(PostOutcomes(content.store), build_views(content).browser)
    now_utc = content.clock.now_utc()
    since_utc = now_utc - timedelta(days=days)
    return await reader.since(since_utc, now_utc, ZoneInfo("Europe/Berlin"), ours)


async def post(
    content: Content, post_id: str, *steps: str, community: str = OURS
) -> None:
    """Keep a post that takes a step an hour."""
    clock = content.clock
    assert isinstance(clock, FakeClock)
    now_utc = clock.now_utc()
    status = "planned"
    await content.posts.create(
        StoredPost(
            id=post_id,
            kind="article",
            topic="Tomatoes",
            status=status,
            language="en",
            persona="hearth",
            created_utc=now_utc,
            updated_utc=now_utc,
        ),
        actor="schedule",
    )
    await ReviewRepository(content.store).open(
        post_id,
        communities=(community,),
        approvals=1,
        expires_utc=now_utc + timedelta(days=1),
    )
    for step in steps:
        await clock.advance(HOUR)
        assert await content.posts.transition(post_id, status, step, actor="mo")
        status = step


async def test_without_posts_all_is_zero_and_every_week_is_there(
    content: Content,
) -> None:
    fates = await counted(content)
    assert [week.monday for week in fates.weeks] == [
        date(2026, 6, 15),
        date(2026, 6, 22),
        date(2026, 6, 29),
    ]
    assert fates.decisions.total() == 0
    assert fates.median_s is None
    assert fates.by_time == (0, 0, 0, 0, 0)


async def test_decisions_are_counted_once_however_often_it_was_rewritten(
    content: Content,
) -> None:
    drafted = ("drafting", "pending_review")
    await post(content, "p1", *drafted, "approved", "publishing", "published")
    await post(content, "p2", *drafted, *drafted, "pending_review", "rejected")
    await post(content, "p3", *drafted, "expired")
    await post(content, "p4", *drafted)
    await post(content, "p5", "drafting", "approved")  # nobody was asked
    await post(content, "theirs", *drafted, "approved", community=THEIRS)
    fates = await counted(content)
    assert dict(fates.decisions) == {"approved": 1, "rejected": 1, "expired": 1}
    assert fates.median_s == (1 * HOUR + 4 * HOUR) / 2
    assert fates.by_time == (0, 1, 1, 0, 0)
    assert dict(fates.weeks[-1].by_status) == {
        "published": 1,
        "rejected": 1,
        "expired": 1,
        "pending_review": 1,
        "approved": 1,
    }
    assert fates.communities == {OURS}


async def test_week_begins_on_monday_in_the_zone_of_the_bot(
    content: Content, clock: FakeClock, store: Store
) -> None:
    await clock.advance(4 * 24 * HOUR + 16.5 * HOUR)  # Sunday 22:30, Monday in Berlin
    await post(content, "p1")
    fates = await counted(content)
    assert [week.by_status.total() for week in fates.weeks][-2:] == [0, 1]
    assert fates.weeks[-1].monday == date(2026, 7, 6)
