"""The routes of reactions and votes."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.feelings import Feelings
from adapters.web.requests import read_json, whole_number
from adapters.web.visit import Visits

__all__ = ["FeelingRoutes"]


@dataclass(frozen=True, slots=True)
class FeelingRoutes:
    """What the page asks when somebody reacts or votes."""

    feelings: Feelings
    visits: Visits

    def routes(self) -> list[Route]:
        """Return the routes."""
        wrap = self.visits.answering
        return [
            Route("/api/react", wrap(self._react), methods=["POST"]),
            Route("/api/vote", wrap(self._vote), methods=["POST"]),
        ]

    async def _react(self, request: Request) -> Response:
        author = await self.visits.author(request)
        content = await read_json(request)
        seen = await self.feelings.react(
            author,
            str(content.get("message")),
            str(content.get("emoji")),
            is_added=content.get("on") is True,
        )
        return JSONResponse(seen)

    async def _vote(self, request: Request) -> Response:
        author = await self.visits.author(request)
        content = await read_json(request)
        answer = whole_number(content.get("answer"))
        message_id = str(content.get("message"))
        return JSONResponse(await self.feelings.vote(author, message_id, answer))
