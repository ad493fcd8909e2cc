"""The desk's list of posts: what became of each, and what can be done about it."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.convert import html_of
from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.desk_post import links_row, picture_row, poll_row
from adapters.web.desk_posts_texts import DELIVERIES, POSTS_TEXTS, TONES
from adapters.web.headers import STRICT_POLICY
from adapters.web.requests import whole_number
from bot.errors import GoneError
from bot.store.deliveries import Delivery
from bot.store.post_search import Wanted
from bot.store.posts import PostTransition, StoredPost
from bot.words import T, Text, Words
from content.commands.posts import STATUSES
from content.content import Content
from content.kinds import KINDS
from content.post_views import PostViews, build_views
from content.posts import PostStatus

__all__ = ["POSTS_TEXTS", "PostsPage", "posts_routes"]

LONGEST_SEARCH = 200


def posts_routes(content: Content, door: DeskDoor) -> list[Route]:
    """Return what the list of posts asks."""
    views = build_views(content)
    words = door.visits.words
    page = PostsPage(content, views, words)
    post = "/desk/api/posts/{post}"
    return [
        door.route("/desk/api/posts", page.read),
        door.route(post, page.open),
        door.route(f"{post}/picture", page.picture),
    ]


@dataclass(frozen=True, slots=True)
class PostsPage:
    """Answers what the list asks."""

    content: Content
    views: PostViews
    words: Words

    async def read(self, request: Request, visit: DeskVisit) -> Response:
        """Return a page of posts, and what they can be filtered by."""
        asked = request.query_params
        wanted = Wanted(
            status=asked.get("status", ""),
            kind=asked.get("kind", ""),
            schedule_id=asked.get("schedule", ""),
            text=asked.get("text", "")[:LONGEST_SEARCH].strip(),
            before=whole_number(asked.get("before", "0")),
        )
        found = await self.views.browser.find(wanted, visit.place_for)
        say, language = self.words.say, visit.language
        schedules = sorted(one.id for one in await visit.schedules())
        return JSONResponse(
            {
                "posts": [self._row(post, language) for post in found.posts],
                "next": found.next_before,
                "statuses": [
                    {"name": status, "label": say(text, language)}
                    for status, text in STATUSES.items()
                ],
                "kinds": sorted(KINDS),
                "schedules": schedules,
            }
        )

    async def open(self, request: Request, visit: DeskVisit) -> Response:
        """Return all about one post."""
        post_id = str(request.path_params["post"])
        history = await self.views.browser.open(post_id, visit.place_for)
        post, language = history.post, visit.language
        shown = await self.views.publication(post) if post.title else None
        return JSONResponse(
            {
                **self._row(post, language),
                "body": post.body,
                "html": await html_of(post.body),
                "summary": shown.summary if shown else "",
                "poll": poll_row(post.extras.poll),
                "sources": links_row(shown.sources if shown else ()),
                "picture": picture_row(
                    shown.picture if shown else None,
                    f"/desk/api/posts/{post.id}/picture",
                ),
                "steps": [self._step(step, language) for step in history.steps],
                "deliveries": [
                    self._delivery(one, language) for one in history.deliveries
                ],
            }
        )

    async def picture(self, request: Request, visit: DeskVisit) -> Response:
        """Return the picture of a post."""
        post_id = str(request.path_params["post"])
        history = await self.views.browser.open(post_id, visit.place_for)
        picture = (await self.views.publication(history.post)).picture
        if picture is None:
            raise GoneError(T("This post has no picture."))
        return Response(
            picture.content,
            media_type=picture.media_type,
            headers={"Content-Security-Policy": STRICT_POLICY},
        )

    def _row(self, post: StoredPost, language: str) -> dict[str, Any]:
        return {
            "id": post.id,
            "title": post.title,
            "topic": post.topic,
            "kind": post.kind,
            "language": post.language,
            "schedule": post.schedule_id or "",
            "created": post.created_utc.isoformat(),
            "updated": post.updated_utc.isoformat(),
            **self._status(post.status, language),
        }

    def _status(self, status: str, language: str) -> dict[str, str]:
        label = STATUSES.get(PostStatus(status), Text(status))
        return {
            "status": status,
            "label": self.words.say(label, language),
            "tone": TONES.get(status, ""),
        }

    def _step(self, step: PostTransition, language: str) -> dict[str, Any]:
        return {
            **self._status(step.to_status, language),
            "is_change": step.from_status != step.to_status,
            "actor": step.actor,
            "reason": self.words.say(step.reason, language) if step.reason else "",
            "time": step.at_utc.isoformat(),
        }

    def _delivery(self, one: Delivery, language: str) -> dict[str, Any]:
        next_utc = one.next_attempt_utc
        return {
            "channel": one.channel_key,
            "state": one.state,
            "label": self.words.say(DELIVERIES[one.state], language),
            "tone": TONES.get(one.state, ""),
            "attempts": one.attempts,
            "error": self.words.say(one.error, language) if one.error else "",
            "next": next_utc.isoformat() if next_utc else "",
            "time": one.updated_utc.isoformat(),
        }
