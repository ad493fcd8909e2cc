"""What people do in the rooms, handed in to the core."""

from adapters.addressing import Addressing
from adapters.web.board import Board
from adapters.web.convert import is_addressed, room_channel, to_message
from bot.adapter import Inbox
from bot.commands.registry import is_command
from bot.errors import GoneError, UserError
from bot.messages import Attachment, Author, Press
from bot.safety.secrets import without_secrets
from bot.store.rooms import RoomMessage
from bot.words import T

__all__ = ["Intake"]


class Intake:
    """Takes messages and presses from the page."""

    def __init__(self, board: Board, inbox: Inbox, *, addressing: Addressing) -> None:
        self._board = board
        self._inbox = inbox
        self._addressing = addressing

    async def say(
        self,
        author: Author,
        room: str,
        text: str,
        *,
        attachments: tuple[Attachment, ...] = (),
        reply_to_id: str | None = None,
    ) -> RoomMessage:
        """Keep and show what somebody wrote, and let the bot know.

        Commands are seen only by who wrote them, as on other platforms.

        Raises:
            GoneError: there is no such room for them.
            StoreError: it could not be kept.
        """
        self._board.access.check(room, author.role)
        replied = await self._visible(reply_to_id, author) if reply_to_id else None
        if replied is not None and replied.room != room:
            replied = None  # what is said in a room is not carried into another
        text = without_secrets(text)  # the page keeps what is written: not this
        stored = await self._board.post(
            room,
            text,
            person_id=author.id,
            name=author.name,
            attachments=attachments,
            reply_to_id=replied.id if replied else None,
            only_for=author.id if is_command(text) else None,
        )
        is_direct = is_addressed(text, self._board.bot_name) or (
            replied is not None and replied.is_bot
        )
        call = await self._addressing.read(
            room_channel(room), text, is_direct=is_direct
        )
        self._inbox.message(
            to_message(
                stored, author, attachments=attachments, is_to_bot=call.is_to_bot
            )
        )
        return stored

    async def press(
        self, author: Author, message_id: str, number: int, *, text: str = ""
    ) -> None:
        """Let the bot know that somebody pressed a message's n-th button.

        `text` is what they wrote where the button asks for something.

        Raises:
            GoneError: the message or its button is no longer there.
            UserError: nothing was written.
        """
        message = await self._visible(message_id, author)
        if message is None or not 0 <= number < len(message.buttons):
            raise GoneError(T("This button is no longer there."))
        button = message.buttons[number]
        command = button.command
        if button.asks:
            if not text.strip():
                raise UserError(T("Your message was empty."))
            command = f"{command} {text.strip()}"
        self._inbox.pressed(
            Press(room_channel(message.room), author, command, message.id)
        )

    async def _visible(self, message_id: str, author: Author) -> RoomMessage | None:
        message = await self._board.message(message_id)
        if message is None:
            return None
        may_read = self._board.access.may_read(message, author.id, author.role)
        return message if may_read else None
