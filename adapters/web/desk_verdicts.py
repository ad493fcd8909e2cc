"""What filters noticed, at the desk: marking it, and moving the thresholds."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.desk_parts import DeskParts
from adapters.web.desk_places import DeskPlaces, community_place
from adapters.web.desk_steering import Steering
from adapters.web.desk_verdicts_texts import VERDICTS_TEXTS
from adapters.web.requests import read_json, whole_number
from bot.errors import GoneError, UserError
from bot.messages import Role
from bot.safety.classifier import NEVER
from bot.safety.policy import Category
from bot.safety.thresholds import proposed_threshold, threshold_of
from bot.safety.verdict import Action
from bot.store.desk_verdicts import DeskVerdicts, Label
from bot.store.judgements import JudgementRepository, StoredJudgement
from bot.words import T
from content.content import Content

__all__ = ["VERDICTS_TEXTS", "VerdictsPage", "verdicts_routes"]

NUM_SHOWN = 30
RECENT = timedelta(days=30)
EXCERPT_LENGTH = 600
ALL = "all"
CATEGORIES = tuple(category.value for category in Category)


def verdicts_routes(content: Content, door: DeskDoor) -> list[Route]:
    """Return what the page of the verdicts asks."""
    page = VerdictsPage(
        content,
        door.parts,
        DeskPlaces(content, door.board.access.rooms),
        DeskVerdicts(content.store),
        Steering(door.parts.registry, door.visits.words),
    )
    return [
        door.route("/desk/api/verdicts", page.find),
        door.route("/desk/api/verdicts/scores", page.scores),
        door.route("/desk/api/verdicts/threshold", page.choose, method="POST"),
        door.route("/desk/api/verdicts/{number}", page.mark, method="POST"),
    ]


@dataclass(frozen=True, slots=True)
class VerdictsPage:
    """Answers what the page asks."""

    content: Content
    parts: DeskParts
    places: DeskPlaces
    verdicts: DeskVerdicts
    steering: Steering

    async def find(self, request: Request, visit: DeskVisit) -> Response:
        """Return what was noticed in the communities that somebody steers."""
        asked = request.query_params
        before = whole_number(asked["before"]) if asked.get("before") else None
        community = asked.get("community", "")
        whose = visit.communities
        if community:
            whose = frozenset({self.places.check(visit, community)})
        found = await self.verdicts.noticed(
            whose,
            category=asked.get("category", ""),
            before=before,
            limit=NUM_SHOWN + 1,
        )
        return JSONResponse(
            {
                "verdicts": [_shown(*one) for one in found[:NUM_SHOWN]],
                "more": len(found) > NUM_SHOWN,
                "communities": await self.places.communities(visit),
                "categories": CATEGORIES,
                "owner": visit.author.role is Role.OWNER,
            }
        )

    async def mark(self, request: Request, visit: DeskVisit) -> Response:
        """Keep what a moderator says that a text really was, as /correct does."""
        number = whole_number(request.path_params["number"])
        what = str((await read_json(request)).get("what", ""))
        judgements = JudgementRepository(self.content.store)
        judged = await judgements.get(number)
        if judged is None or not visit.steers(judged.community_key):
            raise GoneError(T("There is no verdict {number} here.", number=number))
        place = community_place(judged.community_key)
        told = await self.steering.run(
            "correct", str(number), what, place=place, visit=visit
        )
        return JSONResponse({"told": told})

    async def scores(self, request: Request, visit: DeskVisit) -> Response:
        """Return what the slider of a category needs to tell what it would change."""
        asked = request.query_params
        category = _category(asked.get("category", ""))
        community = asked.get("community", "")
        place = community_place(self.places.check(visit, community))
        policy = await self.parts.policies.policy(place)
        choice = await self.parts.policies.choice(place, is_for_community=True)
        current = threshold_of(policy, category, self.parts.classifier)
        since_utc = self.content.clock.now_utc() - RECENT
        found = await self.verdicts.scores(category, {community}, since_utc=since_utc)
        return JSONResponse(
            {
                "current": None if current >= NEVER else current,
                "level": policy.level_of(category).value,
                "chosen": choice.thresholds.get(category),
                "proposed": proposed_threshold(found.labelled, current=current),
                "labelled": found.labelled,
                "recent": found.recent,
                "days": RECENT.days,
            }
        )

    async def choose(self, request: Request, visit: DeskVisit) -> Response:
        """Let another threshold count, as /safety does: here, or everywhere."""
        asked = await read_json(request)
        category = _category(str(asked.get("category", "")))
        value = _threshold(asked.get("threshold"))
        community = str(asked.get("community", ""))
        if community != ALL:
            communities: tuple[str, ...] = (self.places.check(visit, community),)
        elif visit.author.role is Role.OWNER:
            communities = await self.places.communities(visit)
        else:
            raise UserError(T("Only the owner may do that everywhere."))
        told = ""
        for one in communities:
            told = await self.steering.run(
                "safety", category, value, place=community_place(one), visit=visit
            )
        return JSONResponse({"told": told})


def _category(name: str) -> Category:
    if name not in CATEGORIES:
        raise UserError(T("There is no category “{name}”.", name=name[:50]))
    return Category(name)


def _threshold(value: object) -> str:
    """Return a threshold as the command takes it; none: the level's own."""
    if value is None:
        return "default"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UserError(T("A threshold is a number from 0 to 1."))
    return f"{value:.3f}"


def _shown(judged: StoredJudgement, labels: tuple[Label, ...]) -> dict[str, Any]:
    found = judged.found
    about = next((one for one in labels if one.category == found.category), None)
    others = [one.category.value for one in labels if one.is_harmful]
    return {
        "number": judged.id,
        "at": judged.created_utc.isoformat(),
        "community": judged.community_key,
        "channel": judged.channel_key,
        "who": judged.author_name,
        "stage": judged.stage.value,
        "category": found.category,
        "score": found.score,
        "filter": found.filter,
        "did": (found.action if judged.has_acted else Action.ALLOW).name.lower(),
        "text": judged.text[:EXCERPT_LENGTH],
        "teachable": found.category in CATEGORIES and bool(judged.text),
        "label": None if about is None else about.is_harmful,
        "labels": others,
    }
