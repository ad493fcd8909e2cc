"""The routes about oneself: name, language, and the moderators' seat."""

from dataclasses import dataclass

import structlog
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.audience import Audience
from adapters.web.convert import clean_name, name_key
from adapters.web.guard import set_session_cookie
from adapters.web.requests import read_json
from adapters.web.sessions import Session
from adapters.web.sign_in import Doorkeeper
from adapters.web.visit import Visits
from bot.clock import Clock
from bot.errors import UserError
from bot.store.visitors import VisitorRepository
from bot.words import T

__all__ = ["VisitorRoutes"]

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class VisitorRoutes:
    """What people tell about themselves."""

    visits: Visits
    visitors: VisitorRepository
    doorkeeper: Doorkeeper
    audience: Audience
    clock: Clock
    bot_name: str

    def routes(self) -> list[Route]:
        """Return the routes."""
        wrap = self.visits.answering
        return [
            Route("/api/name", wrap(self._name), methods=["POST"]),
            Route("/api/language", wrap(self._language), methods=["POST"]),
            Route("/api/sign-in", wrap(self._sign_in), methods=["POST"]),
            Route("/api/sign-out", wrap(self._sign_out), methods=["POST"]),
            Route("/api/seat", wrap(self._seat), methods=["GET"]),
        ]

    async def _name(self, request: Request) -> Response:
        session = self.visits.session(request)
        name = clean_name(str((await read_json(request)).get("name", "")))
        key = name_key(name)
        if not key:
            raise UserError(T("Please choose a name with at least one letter."))
        if key == name_key(self.bot_name):
            raise UserError(T("This is my name. Please choose another one."))
        is_free = await self.visitors.set_name(
            session.person_id, name, name_key=key, seen_utc=self.clock.now_utc()
        )
        if not is_free:
            raise UserError(T("Somebody else has this name. Please choose another."))
        self.audience.rename(session.person_id, name)
        return JSONResponse({"name": name})

    async def _language(self, request: Request) -> Response:
        session = self.visits.session(request)
        language = str((await read_json(request)).get("language", ""))
        if language not in self.visits.words.languages:
            raise UserError(T("The page is not there in this language."))
        await self.visitors.set_language(
            session.person_id, language, seen_utc=self.clock.now_utc()
        )
        return JSONResponse({"language": language})

    async def _sign_in(self, request: Request) -> Response:
        session = self.visits.session(request)
        password = str((await read_json(request)).get("password", ""))
        address = request.client.host if request.client else ""
        try:
            await self.doorkeeper.admit(password, address=address)
        except UserError:
            logger.warning("sign-in refused", address=address)
            raise
        logger.info("moderator signed in", person=session.person_id, address=address)
        seated = await self.visits.sessions.sign_in(session)
        return self._changed(request, session, seated)

    async def _sign_out(self, request: Request) -> Response:
        session = self.visits.session(request)
        unseated = await self.visits.sessions.sign_out(session)
        return self._changed(request, session, unseated)

    async def _seat(self, request: Request) -> Response:
        """Answer how long a moderator's seat lasts; a page asks that by itself."""
        session = self.visits.session(request)
        await self.visits.role(request)
        seat_s = self.visits.sessions.seat_s(session)
        return JSONResponse({"seat_s": seat_s}, headers={"Cache-Control": "no-store"})

    def _changed(self, request: Request, before: Session, after: Session) -> Response:
        """Hand out the new session; pages of the old one hear of it after that."""
        task = BackgroundTask(self._reload, before)
        response = JSONResponse({}, background=task)
        cookie = self.visits.sessions.cookie(after)
        set_session_cookie(response.headers, cookie, scheme=request.url.scheme)
        return response

    async def _reload(self, session: Session) -> None:
        self.audience.reload(session.key)
        self.audience.tell_presence()
