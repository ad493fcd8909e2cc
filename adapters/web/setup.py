"""What a page begins with: everything that does not change while it is open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from adapters.web.audience import Viewer
from adapters.web.board import Board
from adapters.web.commands import menu
from adapters.web.texts import say_all
from adapters.web.visit import Visits
from bot.adapter import Limits
from bot.commands.command import Command
from bot.errors import UserError
from bot.messages import Role
from bot.words import T

__all__ = ["PageSetup"]

MODERATORS_ONLY = T("Only moderators see this")


@dataclass(frozen=True, slots=True)
class PageSetup:
    """Draws pages.

    `commands` returns those that a role may run here; `desk_url` leads to the
    moderators' desk, "": there is none.
    """

    board: Board
    visits: Visits
    commands: Callable[[Role], Sequence[Command]]
    limits: Limits
    talk_rooms: frozenset[str]
    desk_url: str = ""

    async def draw(
        self, request: Request, viewer: Viewer
    ) -> dict[str, Any] | JSONResponse:
        """Return what a page begins with, and fill in who looks at it.

        Without a session it is a refusal.
        """
        try:
            session = self.visits.session(request)
        except UserError as error:
            return await self.visits.refusal(request, error.text, 400)
        sessions, words = self.visits.sessions, self.visits.words
        language = await self.visits.language(request)
        visitor = await sessions.visitor(session)
        role = await self.visits.role(request)
        access = self.board.access
        viewer.person_id = session.person_id
        viewer.name = visitor.name if visitor else ""
        viewer.session_key = session.key
        viewer.role = partial(sessions.remaining, role, session)
        # Said only where there is such a room: the others' pages do not hint at it.
        note = words.say(MODERATORS_ONLY, language)
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
                "is_moderator": role >= Role.MODERATOR,
                "is_seated": role is Role.MODERATOR,
                "seat_s": sessions.seat_s(session),
            },
            "rooms": [
                {
                    "name": room,
                    "talk": room in self.talk_rooms,
                    "note": "" if access.is_open(room) else note,
                }
                for room in access.rooms_for(role)
            ],
            "desk": self.desk_url if role >= Role.MODERATOR else "",
            "newest": await self.board.newest(session.person_id, role),
            "commands": menu(self.commands(role), words, language=language),
            "limits": {
                "text": self.limits.text_units,
                "files": self.limits.attachments,
                "file_bytes": self.limits.attachment_bytes,
            },
        }
