"""The desk's list of posts: what became of each, and what can be done about it."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.convert import html_of
from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.desk_post import links_row, picture_row, poll_row
from adapters.web.desk_post_actions import PostActions, may
from adapters.web.desk_posts_texts import POSTS_TEXTS, TONES
from adapters.web.headers import STRICT_POLICY
from adapters.web.requests import whole_number
from bot.errors import GoneError
from bot.store.deliveries import Delivery
from bot.store.delivery_changes import ChangeState, DeliveryChange
from bot.store.post_search import Wanted
from bot.store.posts import PostTransition, StoredPost
from bot.words import T, Text, Words
from content.commands.post_card import CHANGES, DELIVERIES, STATUSES
from content.content import Content
from content.kinds import KINDS
from content.post_browser import PostHistory
from content.post_views import PostViews, build_views
from content.posts import PostStatus

__all__ = ["POSTS_TEXTS", "PostsPage", "posts_routes"]

LONGEST_SEARCH = 200
SCHEMES = ("https://", "http://")


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
        *PostActions(content, views, words).routes(door, post),
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
        extras, picture = post.extras, await self.views.picture(post)
        material = await self.content.sources.materials.get(post.id)
        return JSONResponse(
            {
                **self._row(post, language),
                "body": post.body,
                "html": await html_of(post.body),
                "summary": "" if extras.summary in post.body else extras.summary,
                "poll": poll_row(extras.poll),
                "sources": links_row((*extras.sources, *material.links)),
                "picture": picture_row(picture, f"/desk/api/posts/{post.id}/picture"),
                "steps": [self._step(step, language) for step in history.steps],
                "deliveries": await self._deliveries(history, language),
                "may": may(history),
            }
        )

    async def picture(self, request: Request, visit: DeskVisit) -> Response:
        """Return the picture of a post."""
        post_id = str(request.path_params["post"])
        history = await self.views.browser.open(post_id, visit.place_for)
        picture = await self.views.picture(history.post)
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

    async def _deliveries(
        self, history: PostHistory, language: str
    ) -> list[dict[str, Any]]:
        rows = self.content.outgoing.rows
        # The latest of each delivery is the last one here.
        changes = {
            change.delivery_id: change for change in await rows.of_post(history.post.id)
        }
        return [
            self._delivery(one, changes.get(one.id), language)
            for one in history.deliveries
        ]

    def _delivery(
        self, one: Delivery, change: DeliveryChange | None, language: str
    ) -> dict[str, Any]:
        say = self.words.say
        message_id = one.published.message_id if one.published else ""
        link = self.content.places.link(one.channel_key, message_id or "")
        next_utc = one.next_attempt_utc or (change and change.next_attempt_utc)
        text = _change(change) if change else None
        return {
            "channel": one.channel_key,
            "state": one.state,
            "label": say(DELIVERIES[one.state], language),
            "tone": TONES.get(one.state, ""),
            "attempts": one.attempts,
            "error": say(one.error, language) if one.error else "",
            "change": say(text, language) if text else "",
            "link": link if message_id and link.startswith(SCHEMES) else "",
            "next": next_utc.isoformat() if next_utc else "",
            "time": one.updated_utc.isoformat(),
        }


def _change(change: DeliveryChange) -> Text | None:
    """Say what is being done with what was sent; None: nothing is."""
    what = CHANGES[change.kind]
    if change.error is not None:
        return T("{what} did not work: {error}", what=what, error=change.error)
    if change.state in (ChangeState.PLANNED, ChangeState.CALLING):
        return T("{what} is under way", what=what)
    return None
