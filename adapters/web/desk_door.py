"""Who may come to the moderators' desk, and what they may see there.

Asked with every request: a seat can end while the desk is open.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web.board import Board
from adapters.web.convert import room_channel
from adapters.web.desk_parts import DeskParts
from adapters.web.visit import Visits, is_active
from bot.errors import UserError
from bot.messages import Author, Channel, Role
from bot.preferences import community_key
from bot.store.desk_visits import DeskGrant, DeskVisitRepository
from bot.store.schedules import StoredSchedule
from bot.words import T, Text
from content.content import Content
from content.schedule_rights import Overseer, ScheduleRights

__all__ = [
    "MODERATORS_ONLY",
    "OWNERS_ONLY",
    "DeskDoor",
    "DeskEndpoint",
    "DeskVisit",
    "Entry",
]

MODERATORS_ONLY = T("Please sign in as a moderator.")
SEAT_ENDED = T(
    "Your time at the desk has ended: after 2 hours in which nothing is done, or after "
    "12 hours. Please sign in again, and you are back where you were."
)
VISIT_ENDED = T(
    "Your visit to the desk has ended: after 30 minutes in which nothing is done, or "
    "after 12 hours. Write /desk to me for a new link; it brings you back."
)
KEPT_AWAY = T(
    "An owner of this bot keeps you away from it for now, and so from its desk. "
    "Please speak to them."
)
ROLE_ENDED = T(
    "You are no moderator any more where you asked for this link, so your visit to the "
    "desk has ended."
)
NOT_ASKED = T(
    "I cannot find out at the moment whether you are still a moderator, so the desk "
    "stays closed. Please try again in a while."
)
NUM_CLOSED = 1_000
OWNERS_ONLY = T("Only the owner of this bot sees this.")


class Entry(StrEnum):
    """How somebody came in."""

    PASSWORD = "password"  # noqa: S105  the name of the way, not a password
    """With the moderators' password."""
    LINK = "link"
    """By a link that the bot gave them in a chat."""
    OWNER = "owner"
    """The settings name them: they need nothing else."""


@dataclass(slots=True)
class DeskVisit:
    """A moderator at the desk, for the time of one request.

    Attributes:
        author: who it is.
        language: in which they read.
        rooms: what they may do in any of these rooms, they may do here. Who came by
            a link has the one place where they asked for it.
    """

    author: Author
    language: str
    rooms: tuple[Channel, ...]
    content: Content = field(repr=False)
    overseer: Overseer = field(repr=False)
    entry: Entry = Entry.PASSWORD
    _places: dict[str, Channel | None] = field(default_factory=dict, repr=False)
    _schedules: dict[str, StoredSchedule] | None = field(default=None, repr=False)

    @property
    def rights(self) -> ScheduleRights:
        """Which schedules they may see and steer; `place` says where they are."""
        return ScheduleRights(
            calendar=self.content.calendar,
            desk=self,
            places=self.content.places,
        )

    @property
    def place(self) -> Channel:
        """A room of theirs: for what asks where somebody is."""
        return self.rooms[0]

    @property
    def actor(self) -> str:
        """Who it is among all platforms, as the audit names them."""
        return f"{self.place.platform}:{self.author.id}"

    @property
    def communities(self) -> frozenset[str] | None:
        """The communities that they steer; None: they are an owner, and steer all."""
        if self.author.role is Role.OWNER:
            return None
        return frozenset(map(community_key, self.rooms))

    def steers(self, community: str) -> bool:
        """Return whether they steer a community: its settings, verdicts and audit."""
        mine = self.communities
        return mine is None or community in mine

    async def oversees(self, community: str, channel: Channel | None = None) -> bool:
        """Return whether a community's affairs may be dealt with at this desk.

        The channel does not matter: it counts what they may do in any room of theirs.
        """
        return await self.place_for(community) is not None

    async def place_for(self, community: str) -> Channel | None:
        """Return the room that sees to a community; None: no room of theirs does.

        An owner's first room sees to all.
        """
        if community not in self._places:
            self._places[community] = await self._find_place(community)
        return self._places[community]

    async def schedules(self) -> tuple[StoredSchedule, ...]:
        """Return the schedules that they may see."""
        return tuple((await self._visible()).values())

    async def sees_post(self, schedule_id: str | None, channels: Sequence[str]) -> bool:
        """Return whether they may see a post that goes, or went, to channels.

        Those of its deliveries count; a post without any is its schedule's.
        """
        if self.author.role is Role.OWNER:
            return True
        if channels:
            places = self.content.places(channels)
            for community in {community_key(place) for place in places}:
                if await self.oversees(community):
                    return True
            return False
        return schedule_id in await self._visible()

    async def _visible(self) -> dict[str, StoredSchedule]:
        if self._schedules is None:
            found = await self.rights.visible(self.author, self.place)
            self._schedules = {schedule.id: schedule for schedule in found}
        return self._schedules

    async def _find_place(self, community: str) -> Channel | None:
        if self.author.role is Role.OWNER:
            return self.place
        for room in self.rooms:
            if await self.overseer.oversees(community, room):
                return room
        return None


DeskEndpoint = Callable[[Request, DeskVisit], Awaitable[Response]]
"""Answers a request of a moderator."""


class DeskDoor:
    """Lets moderators in, and nobody else."""

    def __init__(
        self, visits: Visits, *, board: Board, content: Content, parts: DeskParts
    ) -> None:
        self.visits = visits
        self.board = board
        self.parts = parts
        self.store = content.store
        self.grants = DeskVisitRepository(content.store)
        self._content = content
        self._closed: OrderedDict[str, Text] = OrderedDict()  # sessions: why

    async def visit(
        self, request: Request, *, is_poll: bool = False
    ) -> DeskVisit | None:
        """Return the visit of who makes a request; None: they may not come in.

        They may where they are a moderator, or an owner, and have a name; or where they
        came by a link of the bot, which holds as long as they do something.

        Raises:
            UserError: no session, or an owner keeps them away from the bot.
        """
        visit = await self._find(request, is_poll=is_poll)
        if visit is not None:
            bans = self.parts.people.bans
            if await bans.of(visit.place, visit.author) is not None:
                raise UserError(KEPT_AWAY)
        return visit

    async def _find(self, request: Request, *, is_poll: bool) -> DeskVisit | None:
        session = self.visits.session(request)
        # Many pages poll at once, and what they get has no words of ours.
        language = self.visits.browser_language(request)
        if not is_poll:
            language = await self.visits.language(request)
        is_doing = is_active(request)
        grant = await self.grants.get(session.key, is_active=is_doing)
        if grant is not None:
            return await self._granted(session.key, grant, language)
        author = await self.visits.sessions.author(
            session, language, is_active=is_doing
        )
        if author is None or author.role < Role.MODERATOR:
            return None
        rooms = self.board.access.rooms_for(author.role)
        return DeskVisit(
            author,
            language,
            tuple(map(room_channel, rooms)),
            self._content,
            self._content.desk,
            Entry.OWNER if author.role is Role.OWNER else Entry.PASSWORD,
        )

    async def why_closed(self, request: Request) -> Text:
        """Return what to tell who may not come in: what ended, else to sign in."""
        session = self.visits.session(request)
        if (why := self._closed.get(session.key)) is not None:
            return why
        if session.seat_ends_s:
            return SEAT_ENDED
        if await self.grants.has_ended(session.key):
            return VISIT_ENDED
        return MODERATORS_ONLY

    async def _granted(
        self, key: str, grant: DeskGrant, language: str
    ) -> DeskVisit | None:
        role = await self.parts.standing.role(grant)
        if role is None or role < Role.MODERATOR:
            await self._close(key, NOT_ASKED if role is None else ROLE_ENDED)
            return None
        self._closed.pop(key, None)
        author = Author(grant.person_id, grant.person_name, role, language=language)
        return DeskVisit(
            author,
            language,
            (grant.place,),
            self._content,
            self._content.desk,
            Entry.LINK,
        )

    async def _close(self, key: str, why: Text) -> None:
        """Keep somebody out, and have ready why; a role that is gone ends the visit."""
        self._closed[key] = why
        while len(self._closed) > NUM_CLOSED:
            self._closed.popitem(last=False)
        if why is ROLE_ENDED:
            await self.grants.end(key)

    def route(
        self,
        path: str,
        endpoint: DeskEndpoint,
        *,
        method: str = "GET",
        role: Role = Role.MODERATOR,
        is_poll: bool = False,
    ) -> Route:
        """Return a route of the desk's own, for moderators only, or for owners.

        What changes something is a POST: the form token is asked for before. What a
        page asks again and again by itself is a poll: it has no words of ours.
        """

        async def answer(request: Request) -> Response:
            visit = await self.visit(request, is_poll=is_poll)
            if visit is None:
                why = await self.why_closed(request)
                return await self.visits.refusal(request, why, 403)
            if visit.author.role < role:
                return await self.visits.refusal(request, OWNERS_ONLY, 403)
            response = await endpoint(request, visit)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return Route(path, self.visits.answering(answer), methods=[method])
