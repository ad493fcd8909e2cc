"""What is known of chats: their names, who runs them, and where they went.

A group that becomes a supergroup gets another id from Telegram, and its messages are
counted anew. For the core it stays what it was: its first id is its id here, so that
all that is kept of a community stays with it, and its new messages are told from its
old ones by the letter before their numbers. Only calls to Telegram know today's id.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from telegram import Chat, ChatMember

from bot.clock import Clock
from bot.errors import ForbiddenError, GoneError, PlatformError
from bot.messages import Channel, Role
from bot.store.settings import SettingsRepository
from bot.words import T

__all__ = ["PLATFORM", "AskAdmins", "Chats", "album_ids"]

PLATFORM = "telegram"
MOVES = "telegram:moves"
"""Where groups are today: their first id → the id of their supergroup."""
RENAMED = "telegram:moved"
"""Groups that got another id here as well, as all did once: old id → new id."""
LATER = "s"
"""Stands before the numbers of messages that were written in the supergroup."""
CHAT_ID = re.compile(r"(-?\d+|@\w{4,})(/\d*)?")
MESSAGE_ID = re.compile(r"(?P<letter>s?)(?P<number>\d{1,18})", re.ASCII)

ADMINS_FOR_S = 300.0
"""So long the list of a chat's administrators is believed."""

KEEP = 10_000

OUT_OF_REACH = T(
    "That was written before the group became a supergroup: Telegram lets me change "
    "and delete it no more. A moderator can delete it by hand."
)

logger = structlog.get_logger(__name__)

AskAdmins = Callable[[str], Awaitable[tuple[ChatMember, ...]]]
"""Asks Telegram for the administrators of a chat."""


@dataclass(slots=True)
class _Admins:
    ids: frozenset[int]
    until_s: float


class Chats:
    """The chats that were seen. What must outlive the process is in the settings."""

    def __init__(
        self,
        settings: SettingsRepository,
        *,
        owners: frozenset[str],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._owners = owners
        self._clock = clock
        self._titles: OrderedDict[str, str] = OrderedDict()
        self._channels: set[str] = set()
        self._renamed: dict[str, str] = {}
        self._moves: dict[str, str] = {}
        self._homes: dict[str, str] = {}
        self._admins: OrderedDict[str, _Admins] = OrderedDict()
        self._moving = asyncio.Lock()

    async def load(self) -> None:
        """Read where chats went, from earlier runs."""
        self._renamed = await self._settings.all(RENAMED)
        self._moves = await self._settings.all(MOVES)
        self._homes = {today: home for home, today in self._moves.items()}

    def note(self, chat: Chat) -> None:
        """Remember a chat that was seen."""
        name = chat.title or chat.full_name or chat.username or ""
        self._titles[str(chat.id)] = name
        self._titles.move_to_end(str(chat.id))
        if chat.type == Chat.CHANNEL:
            self._channels.add(str(chat.id))
        while len(self._titles) > KEEP:
            self._titles.popitem(last=False)

    def title(self, chat_id: str) -> str:
        """Return the name of a chat; "" where it is not known."""
        return self._titles.get(chat_id, "")

    def is_known_group(self, chat_id: str) -> bool:
        """Return whether a chat was seen and is no channel."""
        chat_id = self.current(chat_id)
        return chat_id in self._titles and chat_id not in self._channels

    def current(self, chat_id: str) -> str:
        """Return the id that a chat has at Telegram today."""
        home = self.home(chat_id)
        return self._moves.get(home, home)

    def home(self, chat_id: str) -> str:
        """Return the id that a chat has for the core, whichever it goes by."""
        chat_id = self._renamed.get(chat_id, chat_id)
        return self._homes.get(chat_id, chat_id)

    def message_id(self, chat_id: str, number: int) -> str:
        """Return what the core calls a message of one of Telegram's chats."""
        return f"{self._letter(chat_id)}{number}"

    def number(self, chat_id: str, message_id: str) -> int:
        """Return the number of a message in one of Telegram's chats.

        Raises:
            ForbiddenError: it was written before the group became a supergroup.
            GoneError: it is none of that chat's.
        """
        found = MESSAGE_ID.fullmatch(message_id)
        letter = self._letter(chat_id)
        if found is None or found["letter"] not in ("", letter):
            raise GoneError(T("The message is no longer there."))
        if found["letter"] != letter:
            raise ForbiddenError(OUT_OF_REACH)
        return int(found["number"])

    def channel(self, chat_id: str, thread_id: str | None = None) -> Channel:
        """Return a chat, or a topic of it, as the core knows it."""
        chat_id = self.home(chat_id)
        is_private = not chat_id.startswith(("-", "@"))
        return Channel(
            platform=PLATFORM,
            id=chat_id,
            community_id=f"private:{chat_id}" if is_private else chat_id,
            name=self.title(self.current(chat_id)),
            thread_id=thread_id,
            is_private=is_private,
        )

    def named(self, channel_id: str) -> Channel:
        """Return the chat with an id; `id/thread` names a topic of it.

        Raises:
            GoneError: that is no id.
        """
        chat_id, _, thread_id = channel_id.partition("/")
        if not CHAT_ID.fullmatch(channel_id):
            raise GoneError(T("There is no channel {name}.", name=channel_id))
        return self.channel(chat_id, thread_id or None)

    async def moved(self, old_id: str, new_id: str) -> None:
        """Follow a group that became a supergroup."""
        async with self._moving:
            home = self.home(old_id)
            if new_id in (home, self._moves.get(home)):
                return
            await self._settings.set(MOVES, home, new_id)
            self._moves[home], self._homes[new_id] = new_id, home
            self._titles.setdefault(new_id, self._titles.get(old_id, ""))
            logger.info("group became a supergroup", old=old_id, new=new_id)

    def _letter(self, chat_id: str) -> str:
        return "" if self.home(chat_id) == chat_id else LATER

    async def role(self, chat_id: str, user_id: int, ask: AskAdmins) -> Role:
        """Return what somebody may do in a chat, by Telegram's own rights."""
        if f"{PLATFORM}:{user_id}" in self._owners:
            return Role.OWNER
        if not chat_id.startswith("-"):
            return Role.MEMBER
        admins = await self._admins_of(chat_id, ask)
        return Role.MODERATOR if user_id in admins else Role.MEMBER

    async def role_now(self, chat_id: str, person_id: str, ask: AskAdmins) -> Role:
        """Return what somebody may do in a chat, asked anew.

        Raises:
            PlatformError: Telegram did not say.
        """
        if f"{PLATFORM}:{person_id}" in self._owners:
            return Role.OWNER
        if not chat_id.startswith("-"):
            return Role.MEMBER
        admins = await self._ask_admins(chat_id, ask)
        return Role.MODERATOR if person_id in map(str, admins) else Role.MEMBER

    def forget_admins(self, chat_id: str) -> None:
        """Ask anew next time: somebody's rights have changed."""
        self._admins.pop(self.home(chat_id), None)

    async def _admins_of(self, chat_id: str, ask: AskAdmins) -> frozenset[int]:
        known = self._admins.get(chat_id)
        now_s = self._clock.monotonic()
        if known is not None and now_s < known.until_s:
            return known.ids
        try:
            return await self._ask_admins(chat_id, ask)
        except PlatformError as error:
            # Better yesterday's list than none: the next message asks again.
            logger.warning("administrators not read", chat=chat_id, reason=str(error))
            return known.ids if known is not None else frozenset()

    async def _ask_admins(self, chat_id: str, ask: AskAdmins) -> frozenset[int]:
        ids = frozenset(member.user.id for member in await ask(chat_id))
        now_s = self._clock.monotonic()
        self._admins[chat_id] = _Admins(ids, now_s + ADMINS_FOR_S)
        while len(self._admins) > KEEP:
            self._admins.popitem(last=False)
        return ids


def album_ids(first_id: str, length: int) -> tuple[str, ...]:
    """Return the ids of an album's messages: Telegram counts on within it."""
    number = first_id.removeprefix(LATER)
    letter = first_id.removesuffix(number)
    return tuple(f"{letter}{int(number) + index}" for index in range(length))
