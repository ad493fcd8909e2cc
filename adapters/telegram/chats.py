"""What is known of chats: their names, who runs them, and where they went."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from telegram import Chat, ChatMember

from bot.clock import Clock
from bot.errors import GoneError, PlatformError
from bot.messages import Channel, Role, Scope
from bot.store.settings import SettingsRepository
from bot.store.turns import TurnRepository
from bot.words import T

__all__ = ["PLATFORM", "AskAdmins", "Chats"]

PLATFORM = "telegram"
MOVES = "telegram:moved"
CHAT_ID = re.compile(r"(-?\d+|@\w{4,})(/\d*)?")

ADMINS_FOR_S = 300.0
"""So long the list of a chat's administrators is believed."""

KEEP = 10_000

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
        turns: TurnRepository,
        *,
        owners: frozenset[str],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._turns = turns
        self._owners = owners
        self._clock = clock
        self._titles: OrderedDict[str, str] = OrderedDict()
        self._channels: set[str] = set()
        self._moves: dict[str, str] = {}
        self._admins: OrderedDict[str, _Admins] = OrderedDict()
        self._moving = asyncio.Lock()

    async def load(self) -> None:
        """Read where chats went, from earlier runs."""
        self._moves = await self._settings.all(MOVES)

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
        return chat_id in self._titles and chat_id not in self._channels

    def current(self, chat_id: str) -> str:
        """Return the id that a chat has today: groups become supergroups."""
        seen = set[str]()
        while chat_id in self._moves and chat_id not in seen:
            seen.add(chat_id)
            chat_id = self._moves[chat_id]
        return chat_id

    def channel(self, chat_id: str, thread_id: str | None = None) -> Channel:
        """Return a chat, or a topic of it, as the core knows it."""
        chat_id = self.current(chat_id)
        is_private = not chat_id.startswith(("-", "@"))
        return Channel(
            platform=PLATFORM,
            id=chat_id,
            community_id=f"private:{chat_id}" if is_private else chat_id,
            name=self.title(chat_id),
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
        """Follow a group that became a supergroup, with all that was set for it."""
        async with self._moving:
            if old_id == new_id or self._moves.get(old_id) == new_id:
                return
            await self._settings.rename(f"{PLATFORM}:{old_id}", f"{PLATFORM}:{new_id}")
            await self._settings.rename(
                f"community:{PLATFORM}:{old_id}", f"community:{PLATFORM}:{new_id}"
            )
            await self._turns.move(_scope(old_id), _scope(new_id))
            await self._settings.set(MOVES, old_id, new_id)
            self._moves[old_id] = new_id
            self._titles.setdefault(new_id, self._titles.get(old_id, ""))
            logger.info("group became a supergroup", old=old_id, new=new_id)

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
        self._admins.pop(chat_id, None)

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


def _scope(chat_id: str) -> Scope:
    return Scope(PLATFORM, chat_id, chat_id, None, None)
