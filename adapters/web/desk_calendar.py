"""The desk's calendar: what comes, and what was."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_door import DeskDoor, DeskVisit
from bot.words import T, Text
from content.content import Content

__all__ = ["CALENDAR_TEXTS", "calendar_routes"]

NUM_EACH = 3
CALENDAR_TEXTS: dict[str, Text] = {
    "calendar": T("Calendar"),
    "nothing_comes": T("No post is planned. /schedule add makes a schedule."),
}
"""What the calendar says, by the name that the page uses."""


def calendar_routes(content: Content, door: DeskDoor) -> list[Route]:
    """Return what the calendar asks."""

    async def read(request: Request, visit: DeskVisit) -> Response:
        coming = []
        for schedule in await visit.schedules():
            entry = content.calendar.entry(schedule.id)
            if entry is None or not schedule.is_enabled:
                continue
            coming += [
                {
                    "time": time.isoformat(),
                    "schedule": schedule.id,
                    "kind": schedule.kind,
                }
                for time in entry.slots.upcoming(
                    content.clock.now_utc(), count=NUM_EACH
                )
            ]
        coming.sort(key=lambda one: one["time"])
        return JSONResponse({"coming": coming})

    return [door.route("/desk/api/calendar", read)]
