"""What a page begins with: everything that does not change while it is open."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from adapters.web.audience import Viewer
from adapters.web.board import Board
from adapters.web.commands import menu
from adapters.web.texts import say_all
from adapters.web.visit import Visits
from bot.adapter import Limits
from bot.commands.registry import Registry
from bot.messages import Role

__all__ = ["PageSetup"]


@dataclass(frozen=True, slots=True)
class PageSetup:
    """Draws pages."""

    board: Board
    visits: Visits
    registry: Registry
    limits: Limits
    talk_rooms: frozenset[str]

    async def draw(self, request: Request, viewer: Viewer) -> dict[str, Any] | None:
        """Return what a page begins with, and fill in who looks at it."""
        session = request.scope.get("state", {}).get("session")
        if session is None:
            return None
        sessions, words = self.visits.sessions, self.visits.words
        language = await self.visits.language(request)
        visitor = await sessions.visitor(session)
        role = await sessions.role(session)
        viewer.person_id = session.person_id
        viewer.name = visitor.name if visitor else ""
        viewer.is_moderator = role >= Role.MODERATOR
        return {
            "viewer": viewer.id,
            "form_token": sessions.form_token(session),
            "bot_name": self.board.bot_name,
            "language": language,
            "languages": list(words.languages) or [language],
            "texts": say_all(words, language),
            "me": {
                "id": session.person_id,
                "name": viewer.name,
                "is_moderator": viewer.is_moderator,
                "is_seated": role is Role.MODERATOR,
            },
            "rooms": [
                {"name": room, "talk": room in self.talk_rooms}
                for room in self.board.rooms
            ],
            "newest": await self.board.newest(session.person_id),
            "commands": menu(self.registry, words, role=role, language=language),
            "limits": {
                "text": self.limits.text_units,
                "files": self.limits.attachments,
                "file_bytes": self.limits.attachment_bytes,
            },
        }
