"""The routes of the rooms: reading, writing, pressing, files."""

from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.web.board import Board
from adapters.web.convert import BADGE_TYPES
from adapters.web.feelings import Feelings
from adapters.web.headers import STRICT_POLICY
from adapters.web.intake import Intake
from adapters.web.requests import read_json, whole_number
from adapters.web.visit import Visits
from bot.adapter import Limits
from bot.errors import UserError
from bot.messages import Attachment
from bot.words import T

__all__ = ["RoomRoutes"]

FORM_SLACK_BYTES = 2 * 1024 * 1024  # the text and what the form itself adds
MAX_FILE_NAME = 120
KEPT = "private, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class RoomRoutes:
    """What the page asks of the rooms."""

    board: Board
    intake: Intake
    feelings: Feelings
    visits: Visits
    limits: Limits

    def routes(self) -> list[Route]:
        """Return the routes."""
        wrap = self.visits.answering
        return [
            Route("/api/messages", wrap(self._say), methods=["POST"]),
            Route("/api/press", wrap(self._press), methods=["POST"]),
            Route("/api/rooms/{room}", wrap(self._read), methods=["GET"]),
            Route("/files/{file_id}", wrap(self._file), methods=["GET"]),
        ]

    async def _read(self, request: Request) -> Response:
        session = self.visits.session(request)
        room = str(request.path_params["room"])
        self.board.access.check(room, await self.visits.role(request))
        before = request.query_params.get("before")
        if before is None:
            # From here on the page is told what happens, before it reads what did.
            self.board.audience.enter(
                request.query_params.get("viewer", ""), session.person_id, room
            )
        page = await self.board.page(
            room,
            session.person_id,
            before=None if before is None else whole_number(before),
        )
        await self.feelings.add_to(page.events, session.person_id)
        return JSONResponse(
            {
                "messages": page.events,
                "has_earlier": page.has_earlier,
                "is_writing": self.board.is_writing(room),
            },
            headers={"Cache-Control": "no-store"},
        )

    async def _say(self, request: Request) -> Response:
        author = await self.visits.author(request)
        self._check_size(request)
        async with request.form(
            max_files=self.limits.attachments,
            max_fields=8,
            max_part_size=FORM_SLACK_BYTES,
        ) as form:
            text = self._text(form)
            attachments = [await self._attachment(one) for one in _uploads(form)]
            reply_to = form.get("reply_to")
            room = form.get("room")
        if not text.strip() and not attachments:
            raise UserError(T("Your message was empty."))
        stored = await self.intake.say(
            author,
            room if isinstance(room, str) else "",
            text,
            attachments=tuple(attachments),
            reply_to_id=reply_to if isinstance(reply_to, str) else None,
        )
        return JSONResponse({"id": stored.id}, status_code=201)

    async def _press(self, request: Request) -> Response:
        author = await self.visits.author(request)
        content = await read_json(request)
        await self.intake.press(
            author,
            str(content.get("message")),
            whole_number(content.get("button")),
            text=str(content.get("text") or ""),
        )
        return JSONResponse({})

    async def _file(self, request: Request) -> Response:
        session = self.visits.session(request)
        found, message = await self.board.file(
            str(request.path_params["file_id"]),
            session.person_id,
            await self.visits.role(request),
        )
        # What only moderators see must not outlast their seat in the browser.
        is_open = self.board.access.is_open(message.room)
        is_shown = found.media_type in BADGE_TYPES
        name = quote(found.name, safe="")
        return Response(
            found.content,
            # What people uploaded never becomes a page of this site.
            media_type=found.media_type if is_shown else "application/octet-stream",
            headers={
                "Content-Disposition": f"{'inline' if is_shown else 'attachment'}; "
                f"filename*=UTF-8''{name}",
                "Content-Security-Policy": STRICT_POLICY,
                "Cache-Control": KEPT if is_open else "no-store",
            },
        )

    def _check_size(self, request: Request) -> None:
        length = request.headers.get("content-length", "")
        most = self.limits.attachment_bytes * self.limits.attachments
        if not length.isdigit() or int(length) > most + FORM_SLACK_BYTES:
            raise UserError(
                T(
                    "That is too much at once. All files together may have {max} MB.",
                    max=most // 2**20,
                )
            )

    def _text(self, form: FormData) -> str:
        text = form.get("text", "")
        if not isinstance(text, str):
            raise HTTPException(400)
        if len(text) > self.limits.text_units:
            raise UserError(
                T(
                    "Your message is {n} characters long; {max} fit. You can send it "
                    "as a file instead.",
                    n=len(text),
                    max=self.limits.text_units,
                )
            )
        return text

    async def _attachment(self, upload: UploadFile) -> Attachment:
        name = (upload.filename or "file")[-MAX_FILE_NAME:]
        if (upload.size or 0) > self.limits.attachment_bytes:
            raise UserError(
                T(
                    "“{name}” is larger than {max} MB. Please send something smaller.",
                    name=name,
                    max=self.limits.attachment_bytes // 2**20,
                )
            )
        media_type = (upload.content_type or "").split(";")[0].strip().lower()
        return Attachment(
            name, media_type or "application/octet-stream", await upload.read()
        )


def _uploads(form: FormData) -> list[UploadFile]:
    return [one for one in form.getlist("files") if isinstance(one, UploadFile)]
