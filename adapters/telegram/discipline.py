"""What moderators have done in a chat: messages taken away, people put out."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from telegram import ChatPermissions
from typing_extensions import override

from adapters.governor import Lane
from adapters.telegram.calls import Kind
from adapters.telegram.convert import Converter
from adapters.telegram.line import Line
from adapters.telegram.place import Place
from adapters.telegram.sink import TelegramSink
from bot.adapter import Adapter
from bot.errors import UserError
from bot.messages import Channel, Reply, Role
from bot.words import T

__all__ = ["TelegramDiscipline"]


class TelegramDiscipline(Adapter):
    """The calls of the adapter that moderators' presses lead to."""

    _line: Line
    _converter: Converter

    @override
    async def role_of(self, channel: Channel, person_id: str) -> Role:
        return await self._converter.role_now(channel, person_id)

    @override
    async def change(self, channel: Channel, message_id: str, reply: Reply) -> None:
        place, lane = Place.of(channel), Lane.ACKNOWLEDGE
        sink = TelegramSink(self._line, place, lane=lane, is_final=True)
        await sink.edit(message_id, reply)

    @override
    async def delete_message(
        self, channel: Channel, message_id: str, *, reason: str
    ) -> None:
        async def delete(here: str) -> None:
            number = self._line.chats.number(here, message_id)
            await self._line.bot.delete_message(here, number)

        await self._measure(channel, delete)

    @override
    async def time_out(
        self, channel: Channel, person_id: str, *, until_utc: datetime, reason: str
    ) -> None:
        person = _person(person_id)

        async def restrict(here: str) -> None:
            await self._line.bot.restrict_chat_member(
                here, person, ChatPermissions.no_permissions(), until_date=until_utc
            )

        await self._measure(channel, restrict)

    @override
    async def kick(self, channel: Channel, person_id: str, *, reason: str) -> None:
        person = _person(person_id)

        async def kick(here: str) -> None:
            await self._line.bot.ban_chat_member(here, person)
            await self._line.bot.unban_chat_member(here, person, only_if_banned=True)

        await self._measure(channel, kick)

    @override
    async def ban(self, channel: Channel, person_id: str, *, reason: str) -> None:
        person = _person(person_id)

        async def ban(here: str) -> None:
            await self._line.bot.ban_chat_member(here, person)

        await self._measure(channel, ban)

    async def _measure(
        self, channel: Channel, call: Callable[[str], Awaitable[None]]
    ) -> None:
        await self._line.calls.run(
            channel.id,
            call,
            kind=Kind.QUERY,
            lane=Lane.MODERATION,
            attempts=2,
            is_watched=False,  # who pressed is told at once
        )


def _person(person_id: str) -> int:
    if not (person_id.isascii() and person_id.isdecimal()):
        raise UserError(
            T(
                "They write as a channel or anonymously: Telegram does not let me act "
                "on that person. An administrator can, by hand."
            )
        )
    return int(person_id)
