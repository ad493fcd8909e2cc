"""What the bot looks like in each room: the picture of its persona, if there is one."""

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web.access import RoomAccess
from adapters.web.board import Board
from adapters.web.convert import room_channel
from adapters.web.headers import KEPT, STRICT_POLICY
from adapters.web.visit import Visits
from bot.avatars import Avatars, Look
from bot.errors import GoneError
from bot.messages import Attachment
from bot.words import T

__all__ = ["FaceRoutes", "Faces", "picture_version"]


class Faces:
    """Says who the bot is in a room, and tells open pages when it is somebody else.

    Without `avatars` it has no face of its own anywhere.
    """

    def __init__(self, board: Board, avatars: Avatars | None) -> None:
        self._board = board
        self._avatars = avatars

    async def of(self, room: str) -> dict[str, str] | None:
        """Return a face for the page; None: there is no picture, or not yet.

        Another picture has another address.
        """
        look = await self._look(room)
        if look is None or look.picture is None:
            return None
        version = picture_version(look.picture)
        url = f"/faces/{quote(room, safe='')}/{version}"
        return {"persona": look.persona, "url": url}

    async def picture(self, room: str, version: str) -> Attachment:
        """Return the picture behind an address.

        Raises:
            GoneError: the bot looks otherwise by now.
        """
        look = await self._look(room)
        picture = look.picture if look is not None else None
        if picture is None or picture_version(picture) != version:
            raise GoneError(T("This file is no longer there."))
        return picture

    async def show(self) -> None:
        """Show the bot in each room to those who have it open, as it is now."""
        for room in self._board.access.rooms:
            event: dict[str, Any] = {"type": "face", "room": room}
            self._board.audience.tell({**event, "face": await self.of(room)}, room=room)

    async def _look(self, room: str) -> Look | None:
        if self._avatars is None:
            return None
        return await self._avatars.here(room_channel(room))


@dataclass(frozen=True, slots=True)
class FaceRoutes:
    """What the page asks for a face."""

    faces: Faces
    access: RoomAccess
    visits: Visits

    def routes(self) -> list[Route]:
        """Return the route."""
        read = self.visits.answering(self._read)
        return [Route("/faces/{room}/{version}", read, methods=["GET"])]

    async def _read(self, request: Request) -> Response:
        room = str(request.path_params["room"])
        self.access.check(room, await self.visits.role(request))
        picture = await self.faces.picture(room, str(request.path_params["version"]))
        return Response(
            picture.content,
            media_type=picture.media_type,
            headers={
                "Content-Security-Policy": STRICT_POLICY,
                # What only moderators see must not outlast their seat in the browser.
                "Cache-Control": KEPT if self.access.is_open(room) else "no-store",
            },
        )


def picture_version(picture: Attachment) -> str:
    """Return what is another for each picture, to be put into its address."""
    return hashlib.sha256(picture.content).hexdigest()[:16]
