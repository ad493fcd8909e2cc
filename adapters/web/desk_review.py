"""The desk's review queue: posts that wait, and what becomes of them."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.desk_post import PostLooks, links_row, picture_row, poll_row
from adapters.web.desk_review_texts import PRESSES, REVIEW_TEXTS
from adapters.web.headers import STRICT_POLICY
from adapters.web.requests import read_json
from bot.commands.why import explain_judgement
from bot.errors import GoneError, UserError
from bot.safety.verdict import Action
from bot.store.judgements import StoredJudgement
from bot.store.reviews import Press
from bot.words import T, Text, Words
from content.content import Content
from content.post_views import PostViews, build_views
from content.posts import PostStatus
from content.review import SETTLED, ReviewAction
from content.review_card import approving
from content.review_queue import Waiting

__all__ = ["REVIEW_TEXTS", "ReviewPage", "read_text", "review_routes"]

MOST_BYTES = 256 * 1024
LONGEST_TITLE, LONGEST_TEXT, LONGEST_NOTE = 200, 20_000, 500  # characters


def review_routes(content: Content, door: DeskDoor) -> list[Route]:
    """Return what the review queue asks."""
    views = build_views(content)
    words = door.visits.words
    page = ReviewPage(content, views, words, PostLooks(views, words))
    post = "/desk/api/review/{post}"
    return [
        door.route("/desk/api/review", page.read),
        door.route(post, page.decide, method="POST"),
        door.route(f"{post}/text", page.edit, method="POST"),
        door.route(f"{post}/picture", page.picture),
    ]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Answers what the queue asks, as the commands about reviews do."""

    content: Content
    views: PostViews
    words: Words
    looks: PostLooks

    async def read(self, request: Request, visit: DeskVisit) -> Response:
        """Return the queue, and all about the post `shown` or else the first.

        Where that one is not in the queue any more, what became of it.
        """
        waiting = await self.views.queue.waiting(visit.place_for)
        shown = request.query_params.get("shown", "")
        gone = None
        one = next((one for one in waiting if one.post.id == shown), None)
        if one is None:
            gone = await self._gone(shown, visit) if shown else None
            one = waiting[0] if waiting and gone is None else None
        return JSONResponse(
            {
                "posts": [self._row(one) for one in waiting],
                "post": await self._whole(one, visit) if one else None,
                "gone": gone,
            }
        )

    async def decide(self, request: Request, visit: DeskVisit) -> Response:
        """Take down what a moderator says."""
        asked = await read_json(request)
        post_id = str(request.path_params["post"])
        action = str(asked.get("action"))
        if action not in tuple(ReviewAction):
            raise UserError(T("The page sent something odd. Please load it again."))
        note = " ".join(str(asked.get("note") or "").split())[:LONGEST_NOTE]
        place = await self.views.queue.place(
            post_id, visit.place_for, version=str(asked.get("version"))
        )
        told = await self.content.review.decide(
            post_id, ReviewAction(action), visit.author, place=place, note=note
        )
        return self._told(told, visit, is_settled=told == SETTLED)

    async def edit(self, request: Request, visit: DeskVisit) -> Response:
        """Give a post another text."""
        asked = await read_json(request, most_bytes=MOST_BYTES)
        post_id = str(request.path_params["post"])
        text = read_text(asked)
        place = await self.views.queue.place(
            post_id, visit.place_for, version=str(asked.get("version"))
        )
        told = await self.content.corrections.edit(post_id, text, visit.author, place)
        return self._told(told, visit, is_settled=False)

    async def picture(self, request: Request, visit: DeskVisit) -> Response:
        """Return the picture of a post under review."""
        post_id = str(request.path_params["post"])
        await self.views.queue.place(post_id, visit.place_for)
        post = await self.content.posts.get(post_id)
        picture = (await self.views.publication(post)).picture if post else None
        if picture is None:
            raise GoneError(T("This post has no picture."))
        return Response(
            picture.content,
            media_type=picture.media_type,
            headers={"Content-Security-Policy": STRICT_POLICY},
        )

    def _row(self, one: Waiting) -> dict[str, Any]:
        """Return what the list of the queue shows of a post."""
        return {
            "id": one.post.id,
            "version": one.version,
            "kind": one.post.kind,
            "title": one.post.title or one.post.topic,
            "expires": one.review.expires_utc.isoformat(),
            "approvals": one.review.approvals,
            "approved": len(approving(one.presses)),
            "is_noticed": any(
                judged.found.action is not Action.ALLOW for judged in one.judged
            ),
        }

    async def _whole(self, one: Waiting, visit: DeskVisit) -> dict[str, Any]:
        post, language = one.post, visit.language
        look = await self.looks.of(post)
        picture = look.publication.picture
        return {
            **self._row(one),
            "language": post.language,
            "schedule": post.schedule_id or "",
            "channels": self.views.channels(post),
            "body": post.body,
            "html": look.html,
            "summary": look.publication.summary,
            "poll": poll_row(post.extras.poll),
            "sources": links_row(look.publication.sources),
            "picture": picture_row(picture, f"/desk/api/review/{post.id}/picture"),
            "previews": self.looks.previews(look, language),
            "parts": self.looks.parts(look, language),
            "reason": self._say(one.reason, language),
            "presses": [self._press(press, visit) for press in one.presses],
            "safety": self._safety(one.judged, language),
        }

    async def _gone(self, post_id: str, visit: DeskVisit) -> dict[str, Any] | None:
        """Return what became of a post that was under review until a moment ago."""
        try:
            await self.views.queue.place(post_id, visit.place_for)
        except UserError:
            return None
        post = await self.content.posts.get(post_id)
        if post is None or post.status == PostStatus.PENDING_REVIEW:
            return None
        steps = await self.content.posts.transitions(post_id)
        # What followed the decision (publishing, published) is not what they ask.
        left = [one for one in steps if one.from_status == PostStatus.PENDING_REVIEW]
        decided = [one for one in left if one.to_status != PostStatus.PENDING_REVIEW]
        reason = decided[-1].reason if decided else None
        return {
            "id": post.id,
            "title": post.title or post.topic,
            "reason": self._say(reason, visit.language),
            "is_rewritten": post.status == PostStatus.DRAFTING,
        }

    def _press(self, press: Press, visit: DeskVisit) -> dict[str, Any]:
        said = PRESSES.get(press.action, Text(press.action))
        return {
            "name": press.person_name,
            "said": self._say(said, visit.language),
            "action": press.action,
            "note": press.note,
            "time": press.at_utc.isoformat(),
            "mine": press.person_id == visit.author.id,
        }

    def _safety(
        self, judged: tuple[StoredJudgement, ...], language: str
    ) -> dict[str, Any]:
        strictest = max((one.found.action for one in judged), default=Action.ALLOW)
        notable = [one for one in judged if one.found.action is not Action.ALLOW]
        return {
            "action": strictest.name.lower() if judged else "",
            "num_texts": len(judged),
            "lines": [
                self._say(text, language).removeprefix("- ")
                for one in notable
                for text in explain_judgement(one)
            ],
        }

    def _told(self, text: Text, visit: DeskVisit, *, is_settled: bool) -> Response:
        said = self._say(text, visit.language)
        return JSONResponse({"told": said, "settled": is_settled})

    def _say(self, text: Text | None, language: str) -> str:
        return self.words.say(text, language) if text else ""


def read_text(asked: dict[str, Any]) -> str:
    """Return title and text that a page sent, as the command takes them.

    Raises:
        UserError: one is missing, or too long.
    """
    title = " ".join(str(asked.get("title") or "").split()).lstrip("# ")
    body = str(asked.get("body") or "").strip()
    if not title or not body:
        raise UserError(T("A post needs a title and a text."))
    if len(title) > LONGEST_TITLE or len(body) > LONGEST_TEXT:
        raise UserError(
            T(
                "That is too long: a title may have {title} characters and a text "
                "{text}.",
                title=LONGEST_TITLE,
                text=LONGEST_TEXT,
            )
        )
    return f"# {title}\n\n{body}"
