"""Cases at the desk: what waits for moderators, and what they do about it."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_cases_texts import CASES_TEXTS
from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.desk_places import DeskPlaces, community_place
from adapters.web.desk_steering import Steering
from adapters.web.requests import read_json, whole_number
from bot.case_actions import Measure
from bot.case_cards import CaseFile
from bot.case_desk import CaseDesk
from bot.case_words import note_line
from bot.cases import Case, CaseKind, CaseState, Move, Outcome
from bot.errors import GoneError, UserError
from bot.messages import Channel
from bot.store.desk_cases import CaseGlance, DeskCases
from bot.words import T, Words
from content.content import Content

__all__ = ["CASES_TEXTS", "CasesPage", "cases_routes"]

NUM_SHOWN = 30
NUM_MESSAGES = 50
EXCERPT_LENGTH = 240
NOTE = "note"
UNDECIDED = "undecided"
STATES: dict[str, tuple[CaseState, ...]] = {
    UNDECIDED: tuple(one for one in CaseState if one is not CaseState.CLOSED),
    **{state.value: (state,) for state in CaseState},
}
ACTIONS = frozenset({*Move, *Measure, NOTE})


def cases_routes(content: Content, door: DeskDoor) -> list[Route]:
    """Return what the page of the cases asks."""
    page = CasesPage(
        door.parts.cases,
        DeskCases(content.store),
        DeskPlaces(content, door.board.access.rooms),
        Steering(door.parts.registry, door.visits.words),
        door.visits.words,
    )
    return [
        door.route("/desk/api/cases", page.find),
        door.route("/desk/api/cases/{number}", page.read),
        door.route("/desk/api/cases/{number}", page.act, method="POST"),
    ]


@dataclass(frozen=True, slots=True)
class CasesPage:
    """Answers what the page asks. Whom a case is about does not see it."""

    desk: CaseDesk
    cases: DeskCases
    places: DeskPlaces
    steering: Steering
    words: Words

    async def find(self, request: Request, visit: DeskVisit) -> Response:
        """Return cases of the communities that somebody steers, newest first."""
        asked = request.query_params
        whose = visit.communities
        if asked.get("community"):
            whose = frozenset({self.places.check(visit, asked["community"])})
        found = await self.cases.find(
            whose,
            states=STATES.get(asked.get("state", ""), STATES[UNDECIDED]),
            not_about=(visit.place.platform, visit.author.id),
            before=whole_number(asked["before"]) if asked.get("before") else None,
            limit=NUM_SHOWN + 1,
        )
        return JSONResponse(
            {
                "cases": [_listed(one, visit) for one in found[:NUM_SHOWN]],
                "more": len(found) > NUM_SHOWN,
                "communities": await self.places.communities(visit),
                "states": tuple(STATES),
            }
        )

    async def read(self, request: Request, visit: DeskVisit) -> Response:
        """Return a case with all that is known about it, and what one may do."""
        case, place = await self._asked(request, visit)
        await self.desk.find(case.number, place, visit.author)
        file = await self.desk.file(case)
        judged, history = file.judged, file.history
        return JSONResponse(
            {
                **_shown(case, visit),
                "place": file.place,
                "messages": [
                    {
                        "who": one.author_name if one.author_id else "",
                        "text": one.text,
                        "link": one.link,
                        "at": one.at_utc.isoformat() if one.at_utc else "",
                    }
                    for one in file.messages[-NUM_MESSAGES:]
                ],
                "voices": [
                    {"who": one.person_name, "reason": one.reason}
                    for one in file.voices
                ],
                "notes": [
                    {
                        "at": one.at_utc.isoformat(),
                        "text": self.words.say(note_line(one), visit.language),
                    }
                    for one in file.notes
                ],
                "found": judged
                and {
                    "filter": judged.found.filter,
                    "category": judged.found.category,
                    "score": judged.found.score,
                },
                "history": history
                and {
                    "verdicts": history.verdicts,
                    "cases": history.cases,
                    "warnings": history.warnings,
                },
                "names": ", ".join(one.author_name for one in file.authors[:5]),
                "may": _may(file, visit.actor),
                "outcomes": _outcomes(case),
            }
        )

    async def act(self, request: Request, visit: DeskVisit) -> Response:
        """Do something about a case, as /case does; return what that says."""
        asked = await read_json(request)
        what, text = str(asked.get("what", "")), str(asked.get("text", ""))
        case, place = await self._asked(request, visit)
        if what not in ACTIONS:
            raise UserError(T("A case has no action “{name}”.", name=what[:50]))
        if what == Move.CLOSE:
            text = f"{asked.get('outcome', '')} {text}"
        number = str(case.number)
        try:
            told = await self.steering.run(
                "case", what, number, place=place, visit=visit, rest=text
            )
        except UserError:
            await self._check_race(case.number, visit)
            raise
        return JSONResponse({"told": told})

    async def _asked(self, request: Request, visit: DeskVisit) -> tuple[Case, Channel]:
        number = whole_number(request.path_params["number"])
        case = await self.desk.cases.get(number)
        if case is None or not visit.steers(case.community_key):
            raise GoneError(T("There is no case {number}.", number=number))
        if not case.community_key:
            return case, visit.place
        return case, community_place(case.community_key)

    async def _check_race(self, number: int, visit: DeskVisit) -> None:
        """Say it where somebody else was faster.

        Raises:
            UserError: they were.
        """
        case = await self.desk.cases.get(number)
        if case is None or case.owner_id in {"", visit.actor}:
            return
        values = {"number": number, "name": case.owner_name}
        if case.is_closed:
            raise UserError(T("{name} has closed case {number} already.", **values))
        raise UserError(
            T(
                "{name} looks at case {number} already. To take it over, let anybody "
                "take it first.",
                **values,
            )
        )


def _may(file: CaseFile, actor: str) -> list[str]:
    """Return what somebody can do about a case as it stands now."""
    case = file.case
    if case.is_closed or case.owner_id not in {"", actor}:
        return [NOTE, Move.REOPEN]
    found: list[str] = [NOTE]
    if case.state is not CaseState.TAKEN:
        found.append(Move.TAKE)
    if case.state is not CaseState.WAITING:
        found.append(Move.WAIT)
    if case.owner_id:
        found.append(Move.REOPEN)
    if case.kind is not CaseKind.APPEAL:
        found += _measures(file)
    return [*found, Move.CLOSE]


def _measures(file: CaseFile) -> list[str]:
    found: list[str] = []
    if file.messages:
        found.append(Measure.DELETE)
    if file.authors:
        found += [Measure.WARN, Measure.TIMEOUT]
    if len(file.authors) == 1:  # nobody is put out in passing, with a whole crowd
        found += [Measure.KICK, Measure.BAN]
    if file.case.kind is CaseKind.NOTICED:
        found.append(Measure.WRONG)
    return found


def _outcomes(case: Case) -> tuple[Outcome, ...]:
    if case.kind is CaseKind.APPEAL:
        return (Outcome.GRANTED, Outcome.UPHELD)
    return (Outcome.DISMISSED, Outcome.ACTED)


def _listed(glance: CaseGlance, visit: DeskVisit) -> dict[str, Any]:
    return {
        **_shown(glance.case, visit),
        "who": glance.author_name,
        "text": " ".join(glance.text.split())[:EXCERPT_LENGTH],
    }


def _shown(case: Case, visit: DeskVisit) -> dict[str, Any]:
    return {
        "number": case.number,
        "kind": case.kind,
        "state": case.state,
        "outcome": case.outcome,
        "community": case.community_key,
        "at": case.created_utc.isoformat(),
        "owner": case.owner_name,
        "mine": case.owner_id == visit.actor,
        "num_messages": case.num_messages,
        "num_voices": case.num_voices,
    }
