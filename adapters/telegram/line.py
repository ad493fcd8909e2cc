"""The bot's line to Telegram: what everything that goes out is made with."""

import asyncio
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import telegram
from telegram import ReplyParameters

from adapters.telegram.callbacks import Callbacks
from adapters.telegram.calls import Calls
from adapters.telegram.chats import Chats
from adapters.telegram.known_messages import KnownMessages
from adapters.telegram.place import Place
from bot.clock import Clock
from bot.errors import PlatformError

__all__ = ["Line"]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """What messages, drafts and posts share.

    Attributes:
        known: messages that were seen, so that a lost one can be looked for.
    """

    bot: telegram.Bot
    calls: Calls
    callbacks: Callbacks
    chats: Chats
    clock: Clock
    known: KnownMessages = field(default_factory=KnownMessages)
    _sending: WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary
    )

    def reply_to(
        self, here: str, place: Place, message_id: str | None
    ) -> ReplyParameters | None:
        """Return what to reply to in a chat; one that is gone is done without."""
        try:
            number = self.chats.number(here, message_id or place.anchor_id)
        except PlatformError:
            return None
        return ReplyParameters(number, allow_sending_without_reply=True)

    def sending(self, chat_id: str) -> asyncio.Lock:
        """Return what lets one message at a time go into a chat.

        Only then can a message whose receipt was lost be told from others.
        """
        lock = self._sending.get(chat_id)
        if lock is None:
            lock = self._sending[chat_id] = asyncio.Lock()
        return lock
