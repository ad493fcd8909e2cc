"""What is asked of Telegram about stickers, and what its refusals mean."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from telegram import InputSticker
from telegram.constants import StickerFormat
from telegram.error import BadRequest, Forbidden

from adapters.governor import Lane
from adapters.telegram.calls import Kind
from adapters.telegram.errors import UnreachableError, is_saying
from adapters.telegram.identity import Identity
from adapters.telegram.line import Line
from adapters.telegram.uploads import UPLOAD_S
from bot.errors import NetworkError, PlatformError
from bot.messages import Channel
from bot.words import T, Text

__all__ = ["PAUSE_S", "TRIES", "StickerCalls"]

R = TypeVar("R")

TRIES = 4
PAUSE_S = 1.0

MISSING = ("stickerset_invalid", "sticker set not found")
NO_ROOM = ("occupied", "shortname_occupy_failed", "stickers_too_much", *MISSING)
NO_EMOJI = ("invalid sticker emojis", "sticker_emoji_invalid")
STRANGER = (
    *("peer_id_invalid", "user not found", "invalid user_id", "user_id_invalid"),
    *("blocked by the user", "user_is_blocked", "can't initiate"),
)


@dataclass(frozen=True, slots=True)
class StickerCalls:
    """The calls for one sticker: from which chat, in whose name, for which emoji.

    All of them raise a PlatformError where Telegram refuses; its text is for whoever
    adds the sticker.
    """

    line: Line
    me: Identity
    channel: Channel
    owner_id: int
    emoji: str

    async def upload(self, content: bytes) -> str:
        """Bring a picture to Telegram; return its id, under which it is added once."""

        async def upload() -> str:
            file = await self.line.bot.upload_sticker_file(
                self.owner_id,
                content,
                StickerFormat.STATIC,
                read_timeout=UPLOAD_S,
                write_timeout=UPLOAD_S,
            )
            return file.file_id

        return await self._patiently(upload)

    async def count(self, set_name: str) -> int | None:
        """Return how many stickers are in a set; None: there is no such set."""

        async def look() -> int | None:
            try:
                found = await self.line.bot.get_sticker_set(set_name)
            except BadRequest as error:
                if is_saying(error, MISSING):
                    return None
                raise
            return len(found.stickers)

        return await self._patiently(look)

    async def create(self, set_name: str, title: str, sticker: InputSticker) -> bool:
        """Make a set with a sticker; return whether the name was free."""

        async def create() -> None:
            await self.line.bot.create_new_sticker_set(
                self.owner_id, set_name, title, [sticker]
            )

        return await self._room(create)

    async def join(self, set_name: str, sticker: InputSticker) -> bool:
        """Add a sticker to a set; return whether there was room."""

        async def join() -> None:
            await self.line.bot.add_sticker_to_set(self.owner_id, set_name, sticker)

        return await self._room(join)

    async def _room(self, call: Callable[[], Awaitable[None]]) -> bool:
        async def ask() -> bool:
            try:
                await call()
            except BadRequest as error:
                if is_saying(error, NO_ROOM):
                    return False
                raise
            return True

        return await self._ask(ask)

    async def _patiently(self, call: Callable[[], Awaitable[R]]) -> R:
        """Make a call that may be made again, also where the network fails."""
        for _ in range(TRIES - 1):
            try:
                return await self._ask(call)
            except NetworkError:
                await self.line.clock.sleep(PAUSE_S)
        return await self._ask(call)

    async def _ask(self, call: Callable[[], Awaitable[R]]) -> R:
        async def ask(_: str) -> R:
            try:
                return await call()
            except (BadRequest, Forbidden) as error:
                if is_saying(error, STRANGER):
                    raise UnreachableError(_have_not_met(self.me.url)) from error
                if is_saying(error, NO_EMOJI):
                    raise PlatformError(_no_such_emoji(self.emoji)) from error
                raise

        return await self.line.calls.run(
            self.channel.id,
            ask,
            kind=Kind.QUERY,
            lane=Lane.MODERATION,
            attempts=2,
            is_watched=False,  # who pressed is told at once
        )


def _have_not_met(url: str) -> Text:
    return T(
        "Telegram keeps stickers in the name of who adds them, and does not know that "
        "we have met. Open a chat with me, press Start, then add it again: {url}",
        url=url,
    )


def _no_such_emoji(emoji: str) -> Text:
    return T(
        "“{emoji}” is no emoji that Telegram knows. Say one that the sticker stands "
        "for, such as: /sticker Fox 🦊",
        emoji=emoji,
    )
