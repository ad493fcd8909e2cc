"""A chat as a live reply needs it: sending, editing and taking away messages."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeVar

import structlog
import telegram

from adapters.governor import Lane
from adapters.telegram.calls import Kind
from adapters.telegram.chats import album_ids
from adapters.telegram.entities import Rendered
from adapters.telegram.errors import NotSentError
from adapters.telegram.keyboards import keyboard
from adapters.telegram.limits import CAPTION_UNITS
from adapters.telegram.line import Line
from adapters.telegram.lookup import find_unknown
from adapters.telegram.markup import render
from adapters.telegram.media import albums_of, has_place_for_buttons
from adapters.telegram.place import Place
from adapters.telegram.texts_out import change_text, send_text
from adapters.telegram.turns import Turns
from adapters.telegram.uploads import change_of_file, upload
from bot.errors import NetworkError, PlatformError
from bot.messages import Reply
from bot.words import T

R = TypeVar("R")

__all__ = ["TelegramSink"]

NOTHING: Mapping[str, str] = {}

logger = structlog.get_logger(__name__)


class TelegramSink:
    """The calls of a chat.

    A message whose receipt was lost is looked for before it is sent again under the
    same nonce.

    Args:
        origin: the key of the channel that its buttons are about, if it is another.
        is_watched: whether moderators are told of a right that is missing.
        can_look: whether a message whose receipt was lost can be told from others'.
        may_repeat: whether it is sent again if it was looked for and not found.
        sent: steps that were made before; `note` is told of each that is made now.

    Attributes:
        is_final: what is sent now is finished: it waits for its turn, however long.
    """

    def __init__(
        self,
        line: Line,
        place: Place,
        *,
        lane: Lane = Lane.CHAT,
        is_final: bool = False,
        origin: str = "",
        is_watched: bool = True,
        is_silent: bool = False,
        can_look: bool = True,
        may_repeat: bool = True,
        sent: Mapping[str, str] = NOTHING,
        note: Callable[[str, str], Awaitable[None]] | None = None,
    ) -> None:
        self.is_final = is_final
        self._line = line
        self._place = place
        self._turns = Turns(line, place, lane, is_watched)
        self._origin = origin
        self._is_silent = is_silent
        self._can_look = can_look
        self._may_repeat = may_repeat
        self._note = note
        self._sent = dict(sent)
        self._unsure: dict[str, int] = {}  # and the newest message from before
        self._captioned: set[str] = set()
        self._messages: dict[str, None] = {}

    @property
    def message_ids(self) -> tuple[str, ...]:
        """The ids of all messages that were sent, in order: each file of an album."""
        return tuple(self._messages)

    async def send(self, message: Reply, *, nonce: str) -> str:
        """Send a message and return its id; files beside a long text go before it."""
        self._give_way()
        markup = await self._keyboard(message)
        text = render(message.text) if message.text.strip() else Rendered("")
        groups = await asyncio.to_thread(albums_of, message.attachments)
        is_passing = bool(groups) and not self.is_final
        is_one = len(groups) == 1 and (markup is None or len(groups[0]) == 1)
        is_caption = is_one and text.units <= CAPTION_UNITS
        caption, source = (text, message.text) if is_caption else (Rendered(""), "")
        last_id = ""
        for number, group in enumerate(groups):
            is_last = is_caption or (not text.text and number == len(groups) - 1)
            under = markup if len(group) == 1 and is_last else None
            send_files = partial(
                upload,
                self._line.bot,
                place=self._place,
                files=group,
                caption=caption,
                source=source,
                markup=under,
                is_silent=self._is_silent or is_passing,
            )
            step = f"{nonce}.{number}"
            last_id = await self.once(step, self._replying(message, send_files), under)
            self._messages |= dict.fromkeys(album_ids(last_id, len(group)))
        if is_caption:
            self._captioned.add(last_id)
        has_place = has_place_for_buttons(groups)
        if (text.text and not is_caption) or (markup and not has_place):
            send_words = partial(
                send_text,
                self._line.bot,
                place=self._place,
                rendered=text if text.text else Rendered("…"),
                source=message.text,
                markup=markup,
                is_silent=self._is_silent,
            )
            last_id = await self.once(
                nonce, self._replying(message, send_words), markup
            )
            self._messages[last_id] = None
        return last_id

    async def edit(self, message_id: str, message: Reply) -> None:
        """Give a message this text and these buttons.

        A picture that passes is put into it; files of a finished message follow below.
        """
        self._give_way()
        if not message.text.strip():
            # A text cannot become a file: it is sent anew and this one taken away.
            raise PlatformError(T("The message cannot be changed into that."))
        markup = await self._keyboard(message)
        rendered = render(message.text)
        if message.attachments and not self.is_final:
            await self._illustrate(message_id, message, rendered, markup)
            return

        async def change(here: str) -> None:
            await change_text(
                self._line.bot,
                here,
                self._line.chats.number(here, message_id),
                rendered,
                source=message.text,
                markup=markup,
                is_caption=message_id in self._captioned,
            )

        kind = Kind.MESSAGE if self.is_final else Kind.LIVE
        await self._run(change, kind=kind)
        if message.attachments and message_id not in self._captioned:
            files = Reply("", attachments=message.attachments)
            await self.send(files, nonce=f"files.{message_id}")

    async def _illustrate(
        self,
        message_id: str,
        message: Reply,
        rendered: Rendered,
        markup: telegram.InlineKeyboardMarkup | None,
    ) -> None:
        """Put a picture above the text of a message, in place of one that is there."""
        if rendered.units > CAPTION_UNITS:
            raise PlatformError(T("The message cannot be changed into that."))
        (picture,) = message.attachments
        change = await change_of_file(
            self._line,
            message_id,
            picture,
            caption=rendered,
            source=message.text,
            markup=markup,
        )
        await self._run(change, kind=Kind.LIVE)
        self._captioned.add(message_id)

    def has_caption(self, message_id: str) -> None:
        """Note that the text of a message stands below a file."""
        self._captioned.add(message_id)

    async def delete(self, message_id: str) -> None:
        """Take a message away."""

        async def delete(here: str) -> None:
            number = self._line.chats.number(here, message_id)
            await self._line.bot.delete_message(here, number)

        await self._run(delete, kind=Kind.QUERY)

    async def once(
        self,
        step: str,
        send: Callable[[str], Awaitable[int]],
        markup: telegram.InlineKeyboardMarkup | None,
    ) -> str:
        """Make a step of a sending, once; return the message's id."""
        if step in self._sent:
            return self._sent[step]
        if step in self._unsure:
            found = await self._look(step, markup)
            if found is not None:
                logger.info("message found whose receipt was lost")
                self._sent[step] = found
                return found
            if not self._may_repeat:
                raise NetworkError(
                    T("Telegram did not say whether the message arrived.")
                )
            del self._unsure[step]
        self._sent[step] = await self._try(step, send)
        if self._note is not None:
            await self._note(step, self._sent[step])
        return self._sent[step]

    async def _look(
        self, step: str, markup: telegram.InlineKeyboardMarkup | None
    ) -> str | None:
        if not self._can_look:
            return None
        return await find_unknown(
            self._line, self._place.chat_id, after=self._unsure[step], markup=markup
        )

    async def _try(self, step: str, send: Callable[[str], Awaitable[int]]) -> str:
        newest = 0

        async def locked(here: str) -> str:
            nonlocal newest
            async with self._line.sending(here):
                newest = self._line.known.newest(here)
                message_id = await send(here)
                self._line.known.add(here, message_id)
                return self._line.chats.message_id(here, message_id)

        try:
            return await self._run(
                locked, kind=Kind.MESSAGE if self.is_final else Kind.LIVE
            )
        except NotSentError:
            raise
        except NetworkError:
            self._unsure[step] = newest
            raise

    async def _run(self, call: Callable[[str], Awaitable[R]], *, kind: Kind) -> R:
        if self.is_final:
            return await self._turns.patiently(call, kind)
        return await self._turns.soon(call, kind)

    def _give_way(self) -> None:
        if not self.is_final:
            self._turns.give_way()

    def _replying(
        self, message: Reply, send: Callable[..., Awaitable[int]]
    ) -> Callable[[str], Awaitable[int]]:
        """Return a call that sends as a reply to what a message answers."""

        async def call(here: str) -> int:
            reply_to = self._line.reply_to(here, self._place, message.reply_to_id)
            return await send(here, reply_to=reply_to)

        return call

    async def _keyboard(self, message: Reply) -> telegram.InlineKeyboardMarkup | None:
        return await keyboard(
            self._line.callbacks,
            self._place.chat_id,
            message.buttons,
            origin=self._origin,
        )
