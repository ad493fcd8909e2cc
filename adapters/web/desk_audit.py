"""The audit at the desk: looking for rows, checking them, taking them along."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.desk_audit_texts import AUDIT_TEXTS
from adapters.web.desk_door import DeskDoor, DeskVisit
from adapters.web.requests import whole_number
from bot.commands.audit import FAULTS
from bot.errors import UserError
from bot.messages import Role
from bot.store.audit import AuditEntry, AuditQuery, AuditRepository, AuditRow
from bot.words import T, Words
from content.content import Content

__all__ = ["AUDIT_TEXTS", "AuditPage", "audit_routes"]

NUM_ROWS = 50
MAX_LENGTH = 100


def audit_routes(content: Content, door: DeskDoor) -> list[Route]:
    """Return what the page of the audit asks."""
    audit = AuditRepository(content.store)
    page = AuditPage(audit, content.zone, door.visits.words)
    return [
        door.route("/desk/api/audit", page.find),
        door.route(
            "/desk/api/audit/verify", page.verify, method="POST", role=Role.OWNER
        ),
        door.route("/desk/api/audit/export", page.export, role=Role.OWNER),
    ]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Answers what the page asks. A moderator sees what was done in their places."""

    audit: AuditRepository
    zone: ZoneInfo
    words: Words

    async def find(self, request: Request, visit: DeskVisit) -> Response:
        """Return the rows that somebody looks for, newest first."""
        asked = request.query_params
        query = AuditQuery(
            visit.communities,
            what=asked.get("what", "")[:MAX_LENGTH],
            who=asked.get("who", "").strip()[:MAX_LENGTH],
            since_utc=self._begin_of(asked.get("since", "")),
            until_utc=self._begin_of(asked.get("until", ""), days=1),
            before=whole_number(asked["before"]) if asked.get("before") else None,
        )
        rows = await self.audit.find(query, limit=NUM_ROWS + 1)
        return JSONResponse(
            {
                "rows": [_row(row) for row in rows[:NUM_ROWS]],
                "more": len(rows) > NUM_ROWS,
                "actions": await self.audit.actions(visit.communities),
                "owner": visit.author.role is Role.OWNER,
            }
        )

    async def verify(self, request: Request, visit: DeskVisit) -> Response:
        """Check the whole chain, and tell what was found."""
        await self._keep("/audit verify", visit)
        checked = await self.audit.verify()
        flaw = checked.flaw
        text = T("Nobody changed anything.")
        if flaw is not None:
            text = replace(FAULTS[flaw.fault], values=(("n", flaw.number),))
        return JSONResponse(
            {
                "told": self.words.say(text, visit.language),
                "whole": flaw is None,
                "rows": checked.num_rows,
                "flawed": None if flaw is None else flaw.number,
            }
        )

    async def export(self, request: Request, visit: DeskVisit) -> Response:
        """Return all rows as a file of JSON lines."""
        await self._keep("/audit export", visit)
        return Response(
            await self.audit.export(),
            media_type="application/jsonl",
            headers={"Content-Disposition": 'attachment; filename="audit.jsonl"'},
        )

    async def _keep(self, line: str, visit: DeskVisit) -> None:
        entry = AuditEntry(
            "command.done", line, actor=visit.actor, actor_name=visit.author.name
        )
        await self.audit.add(entry)

    def _begin_of(self, day: str, *, days: int = 0) -> datetime | None:
        if not day:
            return None
        try:
            begin = date.fromisoformat(day) + timedelta(days=days)
        except (ValueError, OverflowError) as error:
            raise UserError(T("“{day}” is not a day.", day=day[:20])) from error
        return datetime.combine(begin, time(), self.zone)


def _row(row: AuditRow) -> dict[str, Any]:
    entry = row.entry
    return {
        "number": row.number,
        "at": row.at_utc.isoformat(),
        "what": entry.what,
        "subject": entry.subject,
        "who": entry.actor_name,
        "actor": entry.actor,
        "community": entry.community,
        "facts": {name: str(value) for name, value in entry.facts.items()},
        "hash": row.hash,
    }
