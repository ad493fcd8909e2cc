"""The sets of stickers that the bot keeps for communities on Telegram."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

import structlog
from telegram import InputSticker
from telegram.constants import StickerFormat

from adapters.telegram.chats import PLATFORM
from adapters.telegram.identity import Identity
from adapters.telegram.line import Line
from adapters.telegram.sticker_calls import PAUSE_S, TRIES, StickerCalls
from adapters.telegram.sticker_pictures import as_sticker
from bot.errors import NetworkError, PlatformError, UserError
from bot.messages import Attachment, Author, Channel
from bot.store.settings import SettingsRepository
from bot.words import T

__all__ = ["Stickers"]

SET = "telegram stickers"
"""The setting of a community that says which of its sets is the last one."""

MOST_IN_SET = 120
MOST_SETS = 20
TITLE_LETTERS = KEYWORD_LETTERS = 64
NAME_DIGITS = 16

logger = structlog.get_logger(__name__)


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
            calls = StickerCalls(self._line, self._me, channel, int(by.id), emoji)
            sticker = InputSticker(
                await calls.upload(content),
                [emoji],
                StickerFormat.STATIC,
                keywords=[name[:KEYWORD_LETTERS]],
            )
            key = f"community:{PLATFORM}:{community}"
            stem, first = await self._last(key, community)
            for number in range(first, first + MOST_SETS):
                set_name = self._name(stem, number)
                title = self._title(channel, number)
                if await self._put(calls, sticker, set_name, title):
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

    async def _put(
        self, calls: StickerCalls, sticker: InputSticker, set_name: str, title: str
    ) -> bool:
        """Put a sticker into a set, which is made if need be; False: no room there.

        What got no answer is looked for before it is asked for again.
        """
        before = await calls.count(set_name)
        is_lost = False
        for _ in range(TRIES):
            if before is not None and before >= MOST_IN_SET:
                return False
            is_refused = False
            try:
                if before is None:
                    is_in = await calls.create(set_name, title, sticker)
                else:
                    is_in = await calls.join(set_name, sticker)
                if is_in:
                    return True
                is_refused = True
            except NetworkError as error:
                logger.info("no answer about a sticker", reason=str(error))
                is_lost = True
                await self._line.clock.sleep(PAUSE_S)
            now = await calls.count(set_name)
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


def _url(set_name: str) -> str:
    return f"https://t.me/addstickers/{set_name}"


IS_ANONYMOUS = T(
    "Telegram keeps stickers in the name of who adds them, and you are anonymous here. "
    "Show who you are for a moment, then add it again."
)
