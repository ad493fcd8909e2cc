"""Coming to the desk by a link of the bot, and leaving it."""

from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_door import DeskDoor, DeskVisit, Entry
from adapters.web.guard import set_session_cookie
from adapters.web.requests import read_json
from adapters.web.sign_in import Doorkeeper
from bot.preferences import community_key
from bot.store.audit import AuditEntry, AuditRepository
from bot.store.desk_visits import DeskGrant, link_key
from bot.words import T

__all__ = ["DeskEntry"]

logger = structlog.get_logger(__name__)

MAX_TOKEN = 200
WRONG = T(
    "This link does not work any more: it works once, within 5 minutes. "
    "Write /desk to me for a new one."
)


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """Makes a visit of a link; the link's token is never part of an address."""

    door: DeskDoor
    doorkeeper: Doorkeeper

    def routes(self) -> list[Route]:
        """Return the routes."""
        answering = self.door.visits.answering
        return [
            Route("/desk/api/enter", answering(self.enter), methods=["POST"]),
            self.door.route("/desk/api/leave", self.leave, method="POST"),
        ]

    async def enter(self, request: Request) -> Response:
        """Let in who has a link that was not used."""
        sessions = self.door.visits.sessions
        before = self.door.visits.session(request)
        token = str((await read_json(request)).get("token", ""))[:MAX_TOKEN]
        address = request.client.host if request.client else ""
        after = sessions.renew(before)

        async def check() -> DeskGrant | None:
            return await self.door.grants.begin(link_key(token), after.key)

        grant = await self.doorkeeper.attempt(check, address=address, wrong=WRONG)
        # What it had before, it has no more.
        await sessions.sign_out(before)
        await self.door.grants.end(before.key)
        await self._keep(grant, "desk.entered")
        logger.info("came to the desk by a link", person=grant.person_id)
        response = JSONResponse({})
        cookie = sessions.cookie(after)
        set_session_cookie(response.headers, cookie, scheme=request.url.scheme)
        return response

    async def leave(self, request: Request, visit: DeskVisit) -> Response:
        """End a visit, here or everywhere."""
        if visit.entry is Entry.LINK:
            everywhere = (await read_json(request)).get("everywhere") is True
            if everywhere:
                platform = visit.place.platform
                await self.door.grants.end_all(platform, visit.author.id)
            await self.door.grants.end(self.door.visits.session(request).key)
        return JSONResponse({})

    async def _keep(self, grant: DeskGrant, what: str) -> None:
        entry = AuditEntry(
            what,
            "desk",
            actor=f"{grant.place.platform}:{grant.person_id}",
            actor_name=grant.person_name,
            community="" if grant.place.is_private else community_key(grant.place),
        )
        await AuditRepository(self.door.store).add(entry)
