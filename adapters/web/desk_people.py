"""People at the desk: what stands against them, notes, and keeping them away."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.desk_people_texts import PEOPLE_TEXTS
from adapters.web.desk_places import DeskPlaces, community_place
from adapters.web.desk_steering import Steering
from adapters.web.requests import read_json
from bot.cases import History
from bot.commands.command import CommandContext
from bot.commands.person import NUM_NOTES, PersonDesk
from bot.errors import UserError
from bot.messages import Author, Role
from bot.persons import Person
from bot.store.bans import EVERYWHERE, Ban
from bot.store.case_people import CasePeople
from bot.store.desk_cases import DeskPeople
from bot.store.marks import Marks
from bot.store.notes import Note
from bot.store.usage import Usage
from bot.words import T
from content.content import Content

__all__ = ["PEOPLE_TEXTS", "PeoplePage", "people_routes"]

NUM_FOUND = 50
MAX_LENGTH = 100
NOTE, MUTE, UNMUTE, BAN, UNBAN = "note", "mute", "unmute", "ban", "unban"
COMMANDS = {
    NOTE: "note",
    MUTE: "bot-mute",
    UNMUTE: "bot-unmute",
    BAN: "bot-ban",
    UNBAN: "bot-unban",
}
TERMS = ("1h", "1d", "7d", "30d")


def people_routes(content: Content, door: DeskDoor) -> list[Route]:
    """Return what the page of the people asks."""
    page = PeoplePage(
        door.parts.people,
        door.parts.cases.people,
        DeskPeople(content.store),
        DeskPlaces(content, door.board.access.rooms),
        Steering(door.parts.registry, door.visits.words),
    )
    return [
        door.route("/desk/api/people", page.find),
        door.route("/desk/api/people/one", page.read),
        door.route("/desk/api/people", page.act, method="POST"),
    ]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Answers what the page asks: never what anybody said or had remembered."""

    desk: PersonDesk
    cases: CasePeople
    people: DeskPeople
    places: DeskPlaces
    steering: Steering

    async def find(self, request: Request, visit: DeskVisit) -> Response:
        """Return who talked in a community, and who is kept away from the bot there."""
        asked = request.query_params
        communities = await self.places.communities(visit)
        community = asked.get("community") or communities[0]
        place = community_place(self.places.check(visit, community))
        text = asked.get("text", "").strip().removeprefix("@")[:MAX_LENGTH]
        is_owner = visit.author.role is Role.OWNER
        found = await self.people.find(
            place.platform, place.community_id, text, limit=NUM_FOUND
        )
        # Who is banned everywhere may never have been here: only owners see them all.
        where = (community, EVERYWHERE) if is_owner else (community,)
        kept_away = await self.desk.bans.lasting(*where)
        return JSONResponse(
            {
                "communities": communities,
                "community": community,
                "people": [
                    {"id": one.id, "name": one.name, "seen": one.seen_utc.isoformat()}
                    for one in found
                ],
                "kept_away": [
                    _ban(one) for one in kept_away if one.platform == place.platform
                ],
                "terms": TERMS,
                "owner": is_owner,
            }
        )

    async def read(self, request: Request, visit: DeskVisit) -> Response:
        """Return what moderators of a community know of a person, as /person shows."""
        asked = request.query_params
        community = self.places.check(visit, asked.get("community", ""))
        place = community_place(community)
        person = await self._person(community, asked.get("person", ""), visit)
        marks = await self.desk.marks.of(community, place.platform, person.id)
        used = await self.desk.quotas.used(place, Author(person.id, person.name))
        bans = await self.desk.bans.set_on(place, person.id)
        notes = await self.desk.notes.of(
            community, place.platform, person.id, limit=NUM_NOTES
        )
        history = await self.cases.history(community, person.id)
        return JSONResponse(
            {
                "id": person.id,
                "name": person.name,
                "numbers": _numbers(marks, history, used.person),
                "bans": [_ban(one) for one in bans],
                "notes": [_note(one) for one in notes],
            }
        )

    async def act(self, request: Request, visit: DeskVisit) -> Response:
        """Do what the command of the chats does; return what that says."""
        asked = {name: str(one) for name, one in (await read_json(request)).items()}
        what, term = asked.get("what", ""), asked.get("term", "")
        text = asked.get("text", "")
        community = self.places.check(visit, asked.get("community", ""))
        if what not in COMMANDS:
            raise UserError(T("There is no action “{name}” here.", name=what[:50]))
        words = [asked.get("person", "")]
        if what != NOTE and asked.get("where") == EVERYWHERE:
            words.insert(0, f"where={EVERYWHERE}")
        if what in {MUTE, BAN} and term:
            if term not in TERMS:
                raise UserError(T("Say for how long: 10m, 2h or 3d."))
            words.append(term)
        told = await self.steering.run(
            COMMANDS[what],
            *words,
            place=community_place(community),
            visit=visit,
            rest="" if what in {UNMUTE, UNBAN} else text,
        )
        return JSONResponse({"told": told})

    async def _person(self, community: str, wanted: str, visit: DeskVisit) -> Person:
        place = community_place(community)
        for ban in await self.desk.bans.lasting(community):
            if ban.person_id == wanted and ban.platform == place.platform:
                return Person(ban.person_id, ban.person_name)
        context = CommandContext(visit.author, place, visit.language)
        return await self.desk.persons.named(context, wanted[:MAX_LENGTH])


def _numbers(marks: Marks, history: History, used: Usage) -> dict[str, int]:
    return {
        "verdicts": marks.judgements,
        "blocked": marks.blocked,
        "reported": marks.reported,
        "reports": marks.reports,
        "cases": history.cases,
        "warnings": history.warnings,
        "requests": used.requests,
        "seconds": round(used.seconds),
    }


def _ban(ban: Ban) -> dict[str, Any]:
    return {
        "id": ban.person_id,
        "name": ban.person_name,
        "kind": ban.kind,
        "by": ban.by_name,
        "at": ban.created_utc.isoformat(),
        "until": ban.until_utc.isoformat() if ban.until_utc else "",
        "reason": ban.reason,
        "everywhere": ban.place == EVERYWHERE,
    }


def _note(note: Note) -> dict[str, str]:
    return {
        "text": note.text,
        "who": note.author_name,
        "at": note.created_utc.isoformat(),
    }
