"""The sets of stickers that the bot keeps for communities on Telegram."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from weakref import WeakValueDictionary

import structlog
from telegram import InputSticker
from telegram.constants import StickerFormat
from telegram.error import BadRequest, Forbidden

from adapters.governor import Lane
from adapters.telegram.calls import Kind
from adapters.telegram.chats import PLATFORM
from adapters.telegram.errors import UnreachableError, is_saying
from adapters.telegram.identity import Identity
from adapters.telegram.line import Line
from adapters.telegram.sticker_pictures import as_sticker
from adapters.telegram.uploads import UPLOAD_S
from bot.errors import NetworkError, PlatformError, UserError
from bot.messages import Attachment, Author, Channel
from bot.store.settings import SettingsRepository
from bot.words import T, Text

__all__ = ["Stickers"]

R = TypeVar("R")

SET = "telegram stickers"
"""The setting of a community that says which of its sets is the last one."""

MOST_IN_SET = 120
MOST_SETS = 20
TITLE_LETTERS = KEYWORD_LETTERS = 64
NAME_DIGITS = 16
TRIES = 4
PAUSE_S = 1.0

MISSING = ("stickerset_invalid", "sticker set not found")
NO_ROOM = ("occupied", "shortname_occupy_failed", "stickers_too_much", *MISSING)
NO_EMOJI = ("invalid sticker emojis", "sticker_emoji_invalid")
STRANGER = (
    *("peer_id_invalid", "user not found", "invalid user_id", "user_id_invalid"),
    *("blocked by the user", "user_is_blocked", "can't initiate"),
)

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A sticker on its way: for which community, in whose name."""

    channel: Channel
    owner_id: int
    emoji: str
    sticker: InputSticker


class Stickers:
    """Adds stickers to the sets of communities.

    A community has one set, made with its first sticker, and the next one when that is
    full. Its name is drawn from the community's id with a key of this store: it says
    nothing about anybody.
    """

    def __init__(
        self,
        line: Line,
        me: Identity,
        settings: SettingsRepository,
        *,
        secret: Callable[[], Awaitable[bytes]],
    ) -> None:
        self._line = line
        self._me = me
        self._settings = settings
        self._secret = secret
        self._adding: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def add(
        self,
        channel: Channel,
        name: str,
        picture: Attachment,
        *,
        emoji: str,
        by: Author,
    ) -> str:
        """Add a sticker to the community's set; return the address of the set.

        Raises:
            UserError: who wants it is anonymous.
            PlatformError: Telegram did not take it.
        """
        if not (by.id.isascii() and by.id.isdecimal()):
            raise UserError(IS_ANONYMOUS)
        content = await asyncio.to_thread(as_sticker, picture)
        community = channel.community_id
        # One at a time: only then can a lost answer be told by the number of stickers.
        lock = self._adding.setdefault(community, asyncio.Lock())
        async with lock:
            file_id = await self._upload(channel, int(by.id), emoji, content)
            sticker = InputSticker(
                file_id,
                [emoji],
                StickerFormat.STATIC,
                keywords=[name[:KEYWORD_LETTERS]],
            )
            wanted = _Wanted(channel, int(by.id), emoji, sticker)
            key = f"community:{PLATFORM}:{community}"
            stem, first = await self._last(key, community)
            for number in range(first, first + MOST_SETS):
                set_name = self._name(stem, number)
                if await self._put(wanted, set_name, self._title(channel, number)):
                    await self._settings.set(key, SET, f"{stem} {number}")
                    return _url(set_name)
        raise PlatformError(T("Telegram gives me no set that has room for a sticker."))

    async def _last(self, key: str, community: str) -> tuple[str, int]:
        """Return the stem of a community's names and the number of its last set."""
        kept = await self._settings.get(key, SET)
        if kept is not None:
            stem, _, number = kept.partition(" ")
            return stem, int(number)
        digest = hmac.digest(await self._secret(), community.encode(), "sha256")
        return f"s{digest.hex()[:NAME_DIGITS]}", 1

    def _name(self, stem: str, number: int) -> str:
        middle = f"{stem}_{number}" if number > 1 else stem
        return f"{middle}_by_{self._me.username}"

    def _title(self, channel: Channel, number: int) -> str:
        # A private chat is called what the person is called: that stays out.
        title = ("" if channel.is_private else channel.name) or self._me.name
        ending = f" {number}" if number > 1 else ""
        return title[: TITLE_LETTERS - len(ending)].rstrip() + ending

    async def _put(self, wanted: _Wanted, set_name: str, title: str) -> bool:
        """Put a sticker into a set, which is made if need be; False: no room there.

        What got no answer is looked for before it is asked for again.
        """
        before = await self._count(wanted, set_name)
        is_lost = False
        for _ in range(TRIES):
            if before is not None and before >= MOST_IN_SET:
                return False
            is_refused = False
            try:
                if before is None:
                    is_refused = not await self._create(wanted, set_name, title)
                else:
                    is_refused = not await self._join(wanted, set_name)
                if not is_refused:
                    return True
            except NetworkError as error:
                logger.info("no answer about a sticker", reason=str(error))
                is_lost = True
                await self._line.clock.sleep(PAUSE_S)
            now = await self._count(wanted, set_name)
            if is_lost and (now or 0) > (before or 0):
                return True
            if is_refused and now == before:
                return False
            before = now
        raise NetworkError(
            T(
                "Telegram did not answer, and I do not see the sticker. Look at {url} "
                "before you try again.",
                url=_url(set_name),
            )
        )

    async def _upload(
        self, channel: Channel, owner_id: int, emoji: str, content: bytes
    ) -> str:
        """Bring the picture to Telegram, so that asking twice asks for the same one."""

        async def upload() -> str:
            file = await self._line.bot.upload_sticker_file(
                owner_id,
                content,
                StickerFormat.STATIC,
                read_timeout=UPLOAD_S,
                write_timeout=UPLOAD_S,
            )
            return file.file_id

        return await self._patiently(channel, upload, emoji=emoji)

    async def _count(self, wanted: _Wanted, set_name: str) -> int | None:
        """Return how many stickers are in a set; None: there is no such set."""

        async def look() -> int | None:
            try:
                found = await self._line.bot.get_sticker_set(set_name)
            except BadRequest as error:
                if is_saying(error, MISSING):
                    return None
                raise
            return len(found.stickers)

        return await self._patiently(wanted.channel, look)

    async def _create(self, wanted: _Wanted, set_name: str, title: str) -> bool:
        async def create() -> None:
            await self._line.bot.create_new_sticker_set(
                wanted.owner_id, set_name, title, [wanted.sticker]
            )

        return await self._room(wanted, create)

    async def _join(self, wanted: _Wanted, set_name: str) -> bool:
        async def join() -> None:
            await self._line.bot.add_sticker_to_set(
                wanted.owner_id, set_name, wanted.sticker
            )

        return await self._room(wanted, join)

    async def _room(self, wanted: _Wanted, call: Callable[[], Awaitable[None]]) -> bool:
        async def ask() -> bool:
            try:
                await call()
            except BadRequest as error:
                if is_saying(error, NO_ROOM):
                    return False
                raise
            return True

        return await self._ask(wanted.channel, ask, emoji=wanted.emoji)

    async def _patiently(
        self, channel: Channel, call: Callable[[], Awaitable[R]], *, emoji: str = ""
    ) -> R:
        """Make a call that may be made again, also where the network fails."""
        for tries_left in reversed(range(TRIES)):
            try:
                return await self._ask(channel, call, emoji=emoji)
            except NetworkError:
                if not tries_left:
                    raise
                await self._line.clock.sleep(PAUSE_S)
        raise AssertionError("the last try returns or raises")

    async def _ask(
        self, channel: Channel, call: Callable[[], Awaitable[R]], *, emoji: str
    ) -> R:
        async def ask(_: str) -> R:
            try:
                return await call()
            except (BadRequest, Forbidden) as error:
                if is_saying(error, STRANGER):
                    raise UnreachableError(_have_not_met(self._me.url)) from error
                if is_saying(error, NO_EMOJI):
                    raise PlatformError(_no_such_emoji(emoji)) from error
                raise

        return await self._line.calls.run(
            channel.id,
            ask,
            kind=Kind.QUERY,
            lane=Lane.MODERATION,
            attempts=2,
            is_watched=False,  # who pressed is told at once
        )


def _url(set_name: str) -> str:
    return f"https://t.me/addstickers/{set_name}"


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


IS_ANONYMOUS = T(
    "Telegram keeps stickers in the name of who adds them, and you are anonymous here. "
    "Show who you are for a moment, then add it again."
)
