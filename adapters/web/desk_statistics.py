"""The desk's statistics: what became of posts, and what people made of them."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.desk_statistics_texts import STATISTICS_TEXTS
from adapters.web.requests import whole_number
from bot.messages import Role
from bot.store.post_outcomes import PostOutcomes
from content.content import Content
from content.desk_statistics import Fates, FatesReader
from content.post_stats import PostStats
from content.post_views import build_views
from content.posts import PostStatus

__all__ = ["STATISTICS_TEXTS", "StatisticsPage", "statistics_routes"]

DEFAULT_WEEKS, MOST_WEEKS = 12, 104
NUM_TOPICS, NUM_POSTS = 100, 10
S = PostStatus
SHOWN = (S.PUBLISHED, S.REJECTED, S.EXPIRED, S.FAILED, S.RETRACTED)
"""Statuses with a column of their own; all others are one more."""


def statistics_routes(content: Content, door: DeskDoor) -> list[Route]:
    """Return what the statistics ask."""
    fates = FatesReader(PostOutcomes(content.store), build_views(content).browser)
    page = StatisticsPage(content, fates)
    return [door.route("/desk/api/statistics", page.read)]


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """Answers what the statistics ask."""

    content: Content
    fates: FatesReader

    async def read(self, request: Request, visit: DeskVisit) -> Response:
        """Return the counts of the last weeks, of what a moderator may see."""
        asked = whole_number(request.query_params.get("weeks", DEFAULT_WEEKS))
        now_utc = self.content.clock.now_utc()
        since_utc = now_utc - timedelta(weeks=min(max(1, asked), MOST_WEEKS) - 1)
        since_utc -= timedelta(days=since_utc.weekday())
        since_utc = since_utc.replace(hour=0, minute=0, second=0, microsecond=0)
        fates = await self.fates.since(
            since_utc, now_utc, self.content.zone, visit.place_for
        )
        whose = None if visit.author.role is Role.OWNER else fates.communities
        stats = self.content.stats
        topics = await stats.topics(since_utc, whose, limit=NUM_TOPICS)
        liked = await stats.by_week(since_utc, whose)
        posts = await stats.posts(since_utc, whose)
        best = sorted(posts, key=lambda one: (-one.score, one.published_utc))
        return JSONResponse(
            {
                "weeks": _weeks(fates),
                "decisions": {
                    "approved": fates.decisions[S.APPROVED],
                    "rejected": fates.decisions[S.REJECTED],
                    "expired": fates.decisions[S.EXPIRED],
                },
                "median_s": fates.median_s,
                "by_time": fates.by_time,
                "liked": [
                    {**asdict(week), "monday": week.monday.isoformat()}
                    for week in liked
                ],
                "topics": [asdict(topic) for topic in topics],
                "posts": [_post(one) for one in best[:NUM_POSTS] if one.score],
            }
        )


def _weeks(fates: Fates) -> list[dict[str, Any]]:
    weeks: list[dict[str, Any]] = []
    for week in fates.weeks:
        shown = {status.value: week.by_status[status] for status in SHOWN}
        other = week.by_status.total() - sum(shown.values())
        weeks.append({"monday": week.monday.isoformat(), **shown, "other": other})
    return weeks


def _post(one: PostStats) -> dict[str, Any]:
    return {
        "id": one.post_id,
        "title": one.title or one.topic,
        "kind": one.kind,
        "published": one.published_utc.isoformat(),
        "reactions": one.reactions,
        "votes": one.votes,
        "replies": one.replies,
        "score": one.score,
    }
