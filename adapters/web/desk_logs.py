"""The last lines of the log at the desk, for owners."""

from dataclasses import asdict, dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.desk_logs_texts import LOGS_TEXTS
from adapters.web.requests import whole_number
from bot.log_ring import LogLine, LogRing
from bot.messages import Role
from content.content import Content

__all__ = ["LOGS_TEXTS", "LogsPage", "logs_routes"]


def logs_routes(content: Content, door: DeskDoor) -> list[Route]:
    """Return what the page of the log asks."""
    page = LogsPage(door.parts.log)
    return [door.route("/desk/api/logs", page.read, role=Role.OWNER, is_poll=True)]


@dataclass(frozen=True, slots=True)
class LogsPage:
    """Answers what the page asks."""

    log: LogRing

    async def read(self, request: Request, visit: DeskVisit) -> Response:
        """Return the lines after the one that is named."""
        since = whole_number(request.query_params.get("since", 0))
        if since > self.log.num_lines:
            since = 0  # the page is older than the bot, which was started anew
        return JSONResponse({"lines": [_line(one) for one in self.log.since(since)]})


def _line(line: LogLine) -> dict[str, Any]:
    return {**asdict(line), "at_utc": line.at_utc.isoformat()}
