"""The rooms themselves: what is written is kept and shown to all who look.

This is the platform behind the adapter, as Discord is behind another.
"""

from dataclasses import dataclass, replace
from uuid import uuid4

from adapters.web.access import RoomAccess
from adapters.web.audience import Audience, Event
from adapters.web.convert import (
    grown_event,
    html_of,
    message_event,
    preview_event,
    room_files,
)
from bot.clock import Clock
from bot.errors import GoneError, PlatformError
from bot.messages import Attachment, Button, Role
from bot.publication import Poll
from bot.store.rooms import RoomMessage, RoomRepository
from bot.words import T

__all__ = ["Board", "Page"]

BOT_ID = "bot"
PAGE_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some messages of a room, oldest first, and whether there were others before."""

    events: list[Event]
    has_earlier: bool


@dataclass(slots=True)
class _Growing:
    """A message of the bot that is still being written: newer than what is stored."""

    message: RoomMessage
    html: str
    revision: int = 0
    preview: Attachment | None = None


class Board:
    """Keeps and shows the messages of the rooms."""

    def __init__(
        self,
        *,
        access: RoomAccess,
        bot_name: str,
        repository: RoomRepository,
        audience: Audience,
        clock: Clock,
    ) -> None:
        self.access = access
        self.bot_name = bot_name
        self.audience = audience
        self._repository = repository
        self._clock = clock
        self._growing: dict[str, _Growing] = {}
        self._is_open = False
        self._writing: dict[str, int] = {}

    def open(self) -> None:
        """Let messages be posted."""
        self._is_open = True

    def close(self) -> None:
        """Take no new messages any more; those that grow can still be settled."""
        self._is_open = False

    async def post(
        self,
        room: str,
        text: str,
        *,
        person_id: str | None = None,
        name: str = "",
        buttons: tuple[Button, ...] = (),
        attachments: tuple[Attachment, ...] = (),
        reply_to_id: str | None = None,
        only_for: str | None = None,
        nonce: str = "",
        post_id: str | None = None,
        poll: Poll | None = None,
    ) -> RoomMessage:
        """Keep a message and show it; `person_id` None: the bot writes it.

        With a nonce that was used before, nothing happens but that the earlier message
        is returned.

        Raises:
            PlatformError: the page is closed.
            StoreError: it could not be kept, and was not shown.
        """
        if not self._is_open:
            raise PlatformError(T("The page is closed."))
        message = RoomMessage(
            id=uuid4().hex,
            room=room,
            author_id=BOT_ID if person_id is None else person_id,
            author_name=self.bot_name if person_id is None else name,
            text=text,
            created_utc=self._clock.now_utc(),
            is_bot=person_id is None,
            reply_to_id=reply_to_id,
            audience_id=only_for,
            buttons=buttons,
            files=room_files(attachments),
            post_id=post_id,
            poll=poll,
        )
        stored = await self._repository.add(message, attachments, nonce=nonce)
        if stored.id == message.id:
            await self._show(stored)
            self._tell_activity(stored)
        return stored

    async def grow(
        self,
        message_id: str,
        text: str,
        buttons: tuple[Button, ...] = (),
        *,
        preview: Attachment | None = None,
    ) -> None:
        """Show another text in a message of the bot, without keeping it yet.

        A preview is shown below it until the message is settled, and never kept.

        Raises:
            GoneError: there is no such message.
        """
        growing = self._growing.get(message_id)
        if growing is None:
            message = await self._known(message_id)
            growing = _Growing(message, await html_of(message.text))
            self._growing[message_id] = growing
        html = await html_of(text)
        event = grown_event(message_id, growing.html, html)
        growing.message = replace(growing.message, text=text, buttons=buttons)
        growing.html = html
        growing.revision += 1
        if preview is not None:
            growing.preview = preview
            event["preview"] = preview_event(preview)
        self.audience.tell(
            {
                **event,
                "room": growing.message.room,
                "revision": growing.revision,
                "buttons": [button.label for button in buttons],
            },
            room=growing.message.room,
            only=growing.message.audience_id,
        )

    async def settle(
        self,
        message_id: str,
        text: str,
        buttons: tuple[Button, ...] = (),
        attachments: tuple[Attachment, ...] = (),
    ) -> None:
        """Keep and show the final contents of a message; files are added to its own.

        Raises:
            GoneError: there is no such message.
            StoreError: it could not be kept.
        """
        growing = self._growing.get(message_id)
        message = growing.message if growing else await self._known(message_id)
        revision = growing.revision + 1 if growing else 1
        files = room_files(attachments)
        await self._repository.change(
            message_id, text, buttons, files=files, contents=attachments
        )
        self._growing.pop(message_id, None)
        message = replace(
            message, text=text, buttons=buttons, files=(*message.files, *files)
        )
        await self._show(message, revision)

    async def revise(
        self, message_id: str, text: str, attachments: tuple[Attachment, ...]
    ) -> None:
        """Give a message that is finished another text and other files.

        Raises:
            GoneError: there is no such message.
            StoreError: it could not be kept.
        """
        message = await self._known(message_id)
        files = room_files(attachments)
        await self._repository.replace(message_id, text, files, attachments)
        await self._show(replace(message, text=text, files=files, is_edited=True))

    async def remove(self, message_id: str) -> None:
        """Take a message away everywhere."""
        message = await self._repository.get(message_id)
        self._growing.pop(message_id, None)
        await self._repository.remove(message_id)
        if message is not None:
            self.audience.tell({"type": "removed", "id": message_id}, room=message.room)

    async def message(self, message_id: str) -> RoomMessage | None:
        """Return a message as it is shown now; None: there is none."""
        growing = self._growing.get(message_id)
        return growing.message if growing else await self._repository.get(message_id)

    async def page(
        self, room: str, person_id: str, *, before: int | None = None
    ) -> Page:
        """Return a room's latest messages for a person, or those before a number."""
        found = await self._repository.page(
            room, person_id, before=before, limit=PAGE_LENGTH + 1
        )
        events = []
        for stored in found[-PAGE_LENGTH:]:
            growing = self._growing.get(stored.id)
            event = await message_event(
                growing.message if growing else stored,
                revision=growing.revision if growing else 0,
                is_growing=growing is not None,
                preview=growing.preview if growing else None,
            )
            events.append(event)
        return Page(events, has_earlier=len(found) > PAGE_LENGTH)

    async def file(
        self, file_id: str, person_id: str, role: Role
    ) -> tuple[Attachment, RoomMessage]:
        """Return a file that a person in a role may see, and the message it is under.

        Raises:
            GoneError: there is none for them.
        """
        found = await self._repository.file(file_id)
        if found is None or not self.access.may_read(found[1], person_id, role):
            raise GoneError(T("This file is no longer there."))
        return found

    async def newest(self, person_id: str, role: Role) -> dict[str, int]:
        """Return the number of the newest message in each room that a role sees.

        It is 0 where there is none.
        """
        known = await self._repository.newest(person_id)
        return {room: known.get(room, 0) for room in self.access.rooms_for(role)}

    def is_writing(self, room: str) -> bool:
        """Return whether the bot is at an answer in a room."""
        return self._writing.get(room, 0) > 0

    def begin_writing(self, room: str) -> None:
        """Show that the bot is at an answer; `end_writing` once for each."""
        self._writing[room] = self._writing.get(room, 0) + 1
        self._tell_writing(room)

    def end_writing(self, room: str) -> None:
        """Show that one of the bot's answers is done."""
        self._writing[room] = max(0, self._writing.get(room, 0) - 1)
        self._tell_writing(room)

    async def _known(self, message_id: str) -> RoomMessage:
        message = await self.message(message_id)
        if message is None:
            raise GoneError(T("This message is no longer there."))
        return message

    async def _show(self, message: RoomMessage, revision: int = 0) -> None:
        event = await message_event(message, revision=revision)
        self.audience.tell(event, room=message.room, only=message.audience_id)

    def _tell_activity(self, message: RoomMessage) -> None:
        self.audience.tell(
            {"type": "activity", "room": message.room, "number": message.number},
            room=message.room,
            only=message.audience_id,
            is_for_elsewhere=True,
        )

    def _tell_writing(self, room: str) -> None:
        event = {"type": "writing", "room": room, "on": self.is_writing(room)}
        self.audience.tell(event, room=room)
