"""An answer that grows in a room."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from typing_extensions import override

from adapters.live_edit import LiveEdit
from adapters.splitter import split_reply
from adapters.web.board import Board
from adapters.web.errors import as_platform_errors
from bot.adapter import Limits, ReplyStream
from bot.clock import Clock
from bot.messages import Attachment, Button, Message, Reply

__all__ = ["PostSink", "RoomReply", "RoomSink", "reply_parts"]


def reply_parts(reply: Reply, limits: Limits) -> Sequence[Reply]:
    """Return the messages that a reply becomes; buttons alone need something to say."""
    parts = split_reply(reply, limits)
    if reply.buttons and not parts:
        return [replace(reply, text="…")]
    return parts


class RoomSink:
    """The calls that a live reply is made of, for one room.

    Attributes:
        is_passing: what comes now is not finished: its picture is shown and not kept.
    """

    def __init__(self, board: Board, room: str) -> None:
        self._board = board
        self._room = room
        self._growing: dict[str, Reply] = {}
        self.is_passing = False

    async def send(self, message: Reply, *, nonce: str) -> str:
        """Post a message; with a nonce that was used before, only return its id."""
        if message.attachments and self.is_passing:
            message_id = await self.send(replace(message, attachments=()), nonce=nonce)
            await self.edit(message_id, message)
            return message_id
        with as_platform_errors():
            stored = await self._board.post(
                self._room,
                message.text,
                buttons=message.buttons,
                attachments=message.attachments,
                reply_to_id=message.reply_to_id,
                only_for=message.only_for,
                nonce=nonce,
            )
        return stored.id

    async def edit(self, message_id: str, message: Reply) -> None:
        """Show another text; it is kept when `settle` is called."""
        if message.attachments and not self.is_passing:
            with as_platform_errors():
                await self._board.settle(
                    message_id, message.text, message.buttons, message.attachments
                )
            self._growing.pop(message_id, None)
            return
        await self._board.grow(
            message_id,
            message.text,
            message.buttons,
            preview=next(iter(message.attachments), None),
        )
        self._growing[message_id] = message

    async def delete(self, message_id: str) -> None:
        """Take a message away."""
        self._growing.pop(message_id, None)
        with as_platform_errors():
            await self._board.remove(message_id)

    async def settle(self) -> None:
        """Keep what is shown."""
        with as_platform_errors():
            while self._growing:
                message_id, message = next(iter(self._growing.items()))
                await self._board.settle(message_id, message.text, message.buttons)
                self._growing.pop(message_id, None)


class PostSink(RoomSink):
    """The calls for a post, which does not grow: an edit is kept at once."""

    @override
    async def edit(self, message_id: str, message: Reply) -> None:
        """Give a message this text and just these files."""
        with as_platform_errors():
            await self._board.revise(message_id, message.text, message.attachments)


class RoomReply(ReplyStream):
    """Shows an answer by editing; keeps it once it is whole."""

    def __init__(
        self,
        board: Board,
        message: Message,
        *,
        limits: Limits,
        clock: Clock,
        buttons: tuple[Button, ...],
        on_end: Callable[["RoomReply"], None],
    ) -> None:
        self._sink = RoomSink(board, message.channel.id)
        self._sink.is_passing = True
        self._live = LiveEdit(
            self._sink,
            limits=limits,
            clock=clock,
            buttons=buttons,
            reply_to_id=message.id,
        )
        self._board = board
        self._room = message.channel.id
        self._on_end = on_end
        board.begin_writing(self._room)

    @override
    async def notice(self, text: str, picture: Attachment | None = None) -> None:
        await self._live.notice(text, picture)

    @override
    async def feed(self, text: str) -> None:
        await self._live.feed(text)

    @override
    async def finish(self, reply: Reply) -> tuple[str, ...]:
        self._sink.is_passing = False
        try:
            try:
                return await self._live.finish(reply)
            finally:
                await self._sink.settle()
        finally:
            self._board.end_writing(self._room)
            self._on_end(self)

    async def aclose(self) -> None:
        """Stop at once; what is shown stays as it is and is kept."""
        await self._live.aclose()
        await self._sink.settle()
