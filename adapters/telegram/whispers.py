"""What only one person may see, on a platform that cannot hide a message."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace

from adapters.governor import Lane
from adapters.telegram.calls import Kind
from adapters.telegram.errors import UnreachableError
from adapters.telegram.identity import Identity
from adapters.telegram.keyboards import link_keyboard
from adapters.telegram.line import Line
from adapters.telegram.markup import plain
from adapters.telegram.place import Place
from adapters.telegram.presses import ALERT_LETTERS, Presses
from adapters.telegram.sink import TelegramSink
from adapters.telegram.whole import send_whole
from bot.errors import GoneError
from bot.messages import Channel, Reply
from bot.words import T, Text

__all__ = ["Say", "Whispers", "fits_alert", "is_blank"]

Say = Callable[[Text, Channel, str], Awaitable[str]]
"""Says a text in the language of a person (by id) in a channel."""

WAITING_FOR = 1_000
WAITING_EACH = 3
START = "answer"


class Whispers:
    """Sends private replies: as an alert, or in the person's private chat.

    Whom the bot may not write to is asked to start a chat, in a line that says nothing
    of the content; then the reply is there.
    """

    def __init__(self, line: Line, me: Identity, presses: Presses, say: Say) -> None:
        self._line = line
        self._me = me
        self._presses = presses
        self._say = say
        self._waiting: OrderedDict[str, list[tuple[str, Reply]]] = OrderedDict()

    async def send(self, channel: Channel, reply: Reply) -> tuple[str, ...]:
        """Send a reply that is `only_for` somebody; return the ids of its messages.

        Those of a private chat are not known in the channel.

        Raises:
            PlatformError: Telegram did not take it.
        """
        person = reply.only_for or ""
        press_id = reply.reply_to_id or ""
        is_press = self._presses.is_waiting(press_id)
        if is_blank(reply):
            await self._presses.answer(press_id)
            return ()
        if is_press and fits_alert(reply):
            if await self._presses.answer(press_id, plain(reply.text)):
                return ()
            is_press = False  # too late for an alert
        if not person.isdecimal():
            return await self._ask(channel, reply, IS_ANONYMOUS)
        try:
            message_ids = await self._whisper(person, channel.key, reply)
        except (UnreachableError, GoneError):
            self._keep(person, channel.key, reply)
            if is_press:
                await self._presses.answer(press_id, url=self._start_url())
                return ()
            return await self._ask(channel, reply, PLEASE_START)
        if is_press:
            said = await self._say(T("I wrote to you in private."), channel, person)
            await self._presses.answer(press_id, said)
        return message_ids

    async def started(self, person: str) -> bool:
        """Send what waited for somebody who has started a chat; return if anything."""
        waiting = self._waiting.pop(person, [])
        for origin, reply in waiting:
            await self._whisper(person, origin, reply)
        return bool(waiting)

    async def _whisper(self, person: str, origin: str, reply: Reply) -> tuple[str, ...]:
        sink = TelegramSink(
            self._line,
            Place(person),
            lane=Lane.ACKNOWLEDGE,
            is_final=True,
            origin=origin,
            is_watched=False,
        )
        bare = replace(reply, reply_to_id=None, only_for=None)
        return await send_whole(sink, bare, self._line.clock)

    async def _ask(self, channel: Channel, reply: Reply, text: Text) -> tuple[str, ...]:
        person = reply.only_for or ""
        said = await self._say(text, channel, person)
        label = await self._say(T("Open a chat with me"), channel, person)
        place = Place.of(channel)

        async def ask(here: str) -> tuple[str, ...]:
            message = await self._line.bot.send_message(
                here,
                said,
                message_thread_id=place.thread_id,
                reply_parameters=self._line.reply_to(here, place, reply.reply_to_id),
                reply_markup=link_keyboard(label, self._start_url()),
            )
            self._line.known.add(here, message.message_id)
            return (self._line.chats.message_id(here, message.message_id),)

        return await self._line.calls.run(
            channel.id, ask, kind=Kind.MESSAGE, lane=Lane.ACKNOWLEDGE, attempts=3
        )

    def _keep(self, person: str, origin: str, reply: Reply) -> None:
        waiting = self._waiting.setdefault(person, [])
        waiting.append((origin, reply))
        del waiting[:-WAITING_EACH]
        self._waiting.move_to_end(person)
        while len(self._waiting) > WAITING_FOR:
            self._waiting.popitem(last=False)

    def _start_url(self) -> str:
        return f"{self._me.url}?start={START}"


def is_blank(reply: Reply) -> bool:
    """Whether a reply shows nothing and only acknowledges."""
    return not (reply.text.strip() or reply.attachments)


def fits_alert(reply: Reply) -> bool:
    """Whether a reply can be shown as the alert of a press."""
    is_bare = not (reply.buttons or reply.attachments)
    return is_bare and 0 < len(plain(reply.text)) <= ALERT_LETTERS


PLEASE_START = T(
    "I have an answer for you alone. Open a chat with me and press Start: it waits for "
    "you there."
)
IS_ANONYMOUS = T(
    "My answer is for you alone, and I cannot write to you while you are anonymous. "
    "Please ask me in a private chat."
)
