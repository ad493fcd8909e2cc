"""The desk's calendar: what was, is and comes; moving what comes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.requests import read_json
from bot.errors import UserError
from bot.words import T, Words
from content.coming import Day, days_of
from content.content import Content
from content.diary import Diary
from content.diary_item import DiaryItem, DiaryState
from content.schedule import first_moment
from content.when import zone_named

__all__ = ["CalendarRoutes", "calendar_routes"]

MOST_DAYS = 42
MOST_ON_A_DAY = 60
"""More than so many lines on a day nobody reads: the rest is counted."""
MOVABLE = (
    DiaryState.COMING,
    DiaryState.LEFT_OUT,
    DiaryState.REVIEW,
    DiaryState.APPROVED,
)
WALL_FORM = "%Y-%m-%dT%H:%M"


def calendar_routes(content: Content, door: DeskDoor) -> list[Route]:
    """Return what the calendar asks."""
    return CalendarRoutes(content, door.visits.words).routes(door)


@dataclass(frozen=True, slots=True)
class CalendarRoutes:
    """What the calendar asks and does."""

    content: Content
    words: Words

    def routes(self, door: DeskDoor) -> list[Route]:
        """Return the routes."""
        path = "/desk/api/calendar"
        return [
            door.route(path, self._read),
            door.route(f"{path}/post/{{id}}", self._post),
            door.route(f"{path}/move", self._move, method="POST"),
            door.route(f"{path}/skip", self._skip, method="POST"),
            door.route(f"{path}/restore", self._restore, method="POST"),
            door.route(f"{path}/now", self._now, method="POST"),
        ]

    async def _read(self, request: Request, visit: DeskVisit) -> Response:
        zone = self._zone(request.query_params.get("zone", ""))
        days = _days(request, zone)
        content = self.content
        diary = Diary(
            calendar=content.calendar,
            runs=content.runs,
            posts=content.diary,
            clock=content.clock,
        )
        schedules = await visit.schedules()
        page = await diary.read(
            schedules, days, sees_post=visit.sees_post, most_a_day=MOST_ON_A_DAY
        )
        steerable = {
            schedule.id
            for schedule in schedules
            if await visit.rights.may_steer(schedule, visit.author, visit.place)
        }
        now = content.clock.now_utc().astimezone(zone)
        return JSONResponse(
            {
                "zone": zone.key,
                "days": [day.date.isoformat() for day in days],
                "now": now.strftime(WALL_FORM),
                "items": [
                    self._line(one, zone, visit, steerable) for one in page.items
                ],
                "more": {day.isoformat(): num for day, num in page.more.items()},
            }
        )

    async def _post(self, request: Request, visit: DeskVisit) -> Response:
        post_id = str(request.path_params["id"])
        post = await self.content.posts.get(post_id)
        deliveries = await self.content.deliveries.of_post(post_id)
        channels = [one.channel_key for one in deliveries]
        if post is None or not await visit.sees_post(post.schedule_id, channels):
            raise UserError(T("There is no post {id}.", id=post_id))
        steps = await self.content.posts.transitions(post_id)
        return JSONResponse(
            {
                "title": post.title or post.topic,
                "history": [
                    {
                        "status": step.to_status,
                        "at": step.at_utc.isoformat(),
                        "by": step.actor,
                        "reason": self._say(step.reason, visit) if step.reason else "",
                    }
                    for step in steps
                ],
            }
        )

    async def _move(self, request: Request, visit: DeskVisit) -> Response:
        asked = await read_json(request)
        zone = self._zone(str(asked.get("zone", "")))
        try:
            said = f"{asked.get('to')}+0000"  # stands for the clock on the wall
            wall = datetime.strptime(said, f"{WALL_FORM}%z")
        except ValueError as error:
            raise UserError(T("That is no time.")) from error
        to_utc = first_moment(wall, zone)
        if asked.get("post"):
            await self._hold(str(asked["post"]), to_utc, visit)
        else:
            schedule_id, slot_utc = await self._slot(asked, visit)
            await self.content.moving.move(schedule_id, slot_utc, to_utc, visit.author)
        at = to_utc.astimezone(zone)  # another where the clocks go forward
        return JSONResponse({"at": at.strftime(WALL_FORM)})

    async def _hold(self, post_id: str, to_utc: datetime, visit: DeskVisit) -> None:
        """Let a post that waits go out at a time."""
        post = await self.content.posts.get(post_id)
        if post is None or post.schedule_id is None:
            raise UserError(T("There is no post {id}.", id=post_id))
        await visit.rights.changeable(post.schedule_id, visit.author, visit.place)
        await self.content.holding.put(post_id, to_utc)

    async def _skip(self, request: Request, visit: DeskVisit) -> Response:
        schedule_id, slot_utc = await self._slot(await read_json(request), visit)
        await self.content.moving.skip(schedule_id, slot_utc, visit.author)
        return JSONResponse({})

    async def _restore(self, request: Request, visit: DeskVisit) -> Response:
        schedule_id, slot_utc = await self._slot(await read_json(request), visit)
        await self.content.moving.move(schedule_id, slot_utc, slot_utc, visit.author)
        return JSONResponse({})

    async def _now(self, request: Request, visit: DeskVisit) -> Response:
        schedule_id, slot_utc = await self._slot(await read_json(request), visit)
        await self.content.run_now(schedule_id, instead=(slot_utc, visit.author))
        return JSONResponse({})

    async def _slot(
        self, content: dict[str, Any], visit: DeskVisit
    ) -> tuple[str, datetime]:
        """Return the slot that a page means, if who sends it may steer it."""
        schedule_id = str(content.get("schedule"))
        await visit.rights.changeable(schedule_id, visit.author, visit.place)
        try:
            slot_utc = datetime.fromisoformat(str(content.get("slot")))
        except ValueError as error:
            raise UserError(T("That is no time.")) from error
        if slot_utc.tzinfo is None:
            raise UserError(T("That is no time."))
        return schedule_id, slot_utc.astimezone(UTC)

    def _line(
        self, item: DiaryItem, zone: ZoneInfo, visit: DeskVisit, steerable: set[str]
    ) -> dict[str, Any]:
        moved_from = item.moved_from_utc
        return {
            "state": item.state,
            "at": item.at_utc.astimezone(zone).strftime(WALL_FORM),
            "last": item.last_utc.astimezone(zone).strftime(WALL_FORM),
            "utc": item.at_utc.isoformat(),
            "schedule": item.schedule_id,
            "kind": item.kind,
            "channels": item.channels,
            "title": item.title,
            "count": item.count,
            "slot": item.slot_utc.isoformat() if item.slot_utc else None,
            "moved_from": (
                moved_from.astimezone(zone).strftime(WALL_FORM) if moved_from else None
            ),
            "by": item.by_name,
            "jitter": item.jitter_minutes,
            "post": item.post_id,
            "reason": self._say(item.reason, visit) if item.reason else "",
            "can_move": (
                item.schedule_id in steerable
                and item.count == 1
                and item.state in MOVABLE
            ),
        }

    def _zone(self, name: str) -> ZoneInfo:
        """Return the zone of a name; the bot's own for none."""
        if not name:
            return self.content.zone
        found = zone_named(name)
        if not found:
            raise UserError(
                T(
                    "There is no time zone {name}. Use a name such as Europe/Berlin.",
                    name=name,
                )
            )
        return ZoneInfo(found)

    def _say(self, text: Any, visit: DeskVisit) -> str:
        return self.words.say(text, visit.language)


def _days(request: Request, zone: ZoneInfo) -> tuple[Day, ...]:
    asked = request.query_params
    try:
        first, count = date.fromisoformat(asked["from"]), int(asked["days"])
        if not 1 <= count <= MOST_DAYS:
            raise ValueError("too many days")
        return days_of(first, count, zone)
    except (KeyError, ValueError, OverflowError) as error:
        raise UserError(T("These are no days of a calendar.")) from error
