"""A request, and who makes it: what every route needs to know."""

from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adapters.web.sessions import Session, Sessions
from bot.errors import GoneError, HearthbotError, PlatformError, StoreError, UserError
from bot.messages import Author, Role
from bot.words import T, Text, Words

__all__ = ["Endpoint", "Visits", "is_active", "is_page"]

logger = structlog.get_logger(__name__)

ACTIVE_HEADER = "x-hearthbot-active"
"""The page sends it for as long as somebody types, points or scrolls there."""

Endpoint = Callable[[Request], Awaitable[Response]]
STATUS: dict[type[HearthbotError], int] = {
    UserError: 422,
    GoneError: 404,
    PlatformError: 503,
    StoreError: 503,
}


def is_page(path: str) -> bool:
    """Return whether a visit may begin at an address."""
    return path in {"/", "/desk"} or (
        path.startswith("/desk/") and not path.startswith("/desk/api/")
    )


def is_active(request: Request) -> bool:
    """Return whether a person does something, or a page only looks on by itself."""
    return (
        request.method == "POST"
        or ACTIVE_HEADER in request.headers
        or is_page(request.url.path)
    )


class Visits:
    """Finds out who visits and in which language they read."""

    def __init__(self, sessions: Sessions, words: Words, *, language: str) -> None:
        self.sessions = sessions
        self.words = words
        self._default_language = language

    def session(self, request: Request) -> Session:
        """Return the session of a request.

        Raises:
            UserError: there is none, or it has ended.
        """
        session: Session | None = request.scope.get("state", {}).get("session")
        if session is None:
            raise UserError(T("Your visit has ended. Please load the page again."))
        return session

    async def role(self, request: Request) -> Role:
        """Return what who makes a request may do right now.

        Raises:
            UserError: no session.
        """
        session = self.session(request)
        return await self.sessions.role(session, is_active=is_active(request))

    async def author(self, request: Request) -> Author:
        """Return who makes a request.

        Raises:
            UserError: no session, or they have not given a name.
        """
        session = self.session(request)
        language = await self.language(request)
        author = await self.sessions.author(
            session, language, is_active=is_active(request)
        )
        if author is None:
            raise UserError(T("Please choose a name first."))
        return author

    async def language(self, request: Request) -> str:
        """Return the language for a request: chosen, the browser's, the bot's."""
        session: Session | None = request.scope.get("state", {}).get("session")
        visitor = await self.sessions.visitor(session) if session else None
        chosen = visitor.language if visitor else None
        return self.browser_language(request, chosen)

    def browser_language(self, request: Request, chosen: str | None = None) -> str:
        """Return the language for a request without asking the store for a choice."""
        asked = request.headers.get("accept-language", "")
        tags = [part.split(";")[0].strip() for part in asked.split(",")]
        return self.words.nearest(chosen, *tags, self._default_language)

    def answering(self, endpoint: Endpoint) -> Endpoint:
        """Wrap an endpoint so that its errors become kind answers."""

        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)
            except HearthbotError as error:
                status = next(
                    (code for kind, code in STATUS.items() if isinstance(error, kind)),
                    500,
                )
                if status >= 500:
                    logger.warning(
                        "request failed", path=request.url.path, error=str(error)
                    )
                return await self.refusal(request, error.text, status)

        return answer

    async def refusal(self, request: Request, text: Text, status: int) -> JSONResponse:
        """Return an error in the reader's language."""
        try:
            language = await self.language(request)
        except StoreError:
            language = self._default_language
        said = self.words.say(text, language)
        return JSONResponse({"error": said}, status_code=status)
