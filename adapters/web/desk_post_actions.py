"""What moderators do with posts that went out, or did not, at their desk."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.desk_review import MOST_BYTES, read_text
from adapters.web.requests import read_json
from bot.errors import UserError
from bot.messages import Channel
from bot.store.deliveries import DeliveryState
from bot.words import T, Text, Words
from content.aftermath import HAS_FAILED, IS_COMING, IS_OUT
from content.content import Content
from content.post_browser import PostHistory
from content.post_views import PostViews
from content.posts import PostStatus

__all__ = ["PostActions", "may"]


@dataclass(frozen=True, slots=True)
class PostActions:
    """Corrects, repeats and takes back, as the commands do."""

    content: Content
    views: PostViews
    words: Words

    def routes(self, door: DeskDoor, post: str) -> list[Route]:
        """Return the routes below the address of a post."""
        return [
            door.route(f"{post}/retry", self.retry, method="POST"),
            door.route(f"{post}/retract", self.retract, method="POST"),
            door.route(f"{post}/text", self.edit, method="POST"),
            door.route(f"{post}/settle", self.settle, method="POST"),
        ]

    async def retry(self, request: Request, visit: DeskVisit) -> Response:
        """Do again what failed."""
        post_id, place = await self._asked(request, visit)
        unknown = await self.content.corrections.retry(post_id, visit.author, place)
        if not unknown:
            return self._told(T("It is tried again."), visit)
        channels = ", ".join(delivery.channel_key for delivery in unknown)
        return self._told(
            T("Please look into {channels}: is the post there?", channels=channels),
            visit,
        )

    async def retract(self, request: Request, visit: DeskVisit) -> Response:
        """Take a post away, or keep it back; the page has asked whether to."""
        post_id, place = await self._asked(request, visit)
        told = await self.content.corrections.take_back(post_id, visit.author, place)
        return self._told(told, visit)

    async def edit(self, request: Request, visit: DeskVisit) -> Response:
        """Give a post another text where it is.

        Raises:
            UserError: somebody else changed it since the page read it.
        """
        asked = await read_json(request, most_bytes=MOST_BYTES)
        text = read_text(asked)
        post_id, place = await self._asked(request, visit)
        post = await self.content.posts.get(post_id)
        if post is None or post.updated_utc.isoformat() != asked.get("version"):
            raise UserError(
                T(
                    "The post has changed meanwhile. Please copy your text, look at "
                    "the post again, and edit it anew."
                )
            )
        told = await self.content.corrections.edit(post_id, text, visit.author, place)
        return self._told(told, visit)

    async def settle(self, request: Request, visit: DeskVisit) -> Response:
        """Take down whether a post is in a channel of which nobody could tell."""
        asked = await read_json(request)
        post_id, place = await self._asked(request, visit)
        is_there = asked.get("is_there") is True
        await self.content.corrections.settle(
            post_id, str(asked.get("channel")), visit.author, place, found=is_there
        )
        there = T("Thank you. It counts as published there.")
        return self._told(there if is_there else T("It is sent there now."), visit)

    async def _asked(self, request: Request, visit: DeskVisit) -> tuple[str, Channel]:
        post_id = str(request.path_params["post"])
        history = await self.views.browser.open(post_id, visit.place_for)
        return post_id, history.place

    def _told(self, text: Text, visit: DeskVisit) -> Response:
        return JSONResponse({"told": self.words.say(text, visit.language)})


def may(history: PostHistory) -> dict[str, bool]:
    """Return what can be done with a post as it stands now."""
    status = PostStatus(history.post.status)
    has_failed = any(
        one.state in HAS_FAILED and one.next_attempt_utc is None
        for one in history.deliveries
    )
    is_unknown = any(one.state is DeliveryState.UNKNOWN for one in history.deliveries)
    return {
        "edit": status in (*IS_OUT, PostStatus.APPROVED),
        "retract": status in IS_OUT,
        "withdraw": status in IS_COMING,
        "retry": has_failed or is_unknown or status is PostStatus.FAILED,
    }
