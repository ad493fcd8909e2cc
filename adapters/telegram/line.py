"""The bot's line to Telegram: what everything that goes out is made with."""

import asyncio
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import telegram

from adapters.telegram.callbacks import Callbacks
from adapters.telegram.calls import Calls
from adapters.telegram.known_messages import KnownMessages
from bot.clock import Clock

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
    clock: Clock
    known: KnownMessages = field(default_factory=KnownMessages)
    _sending: WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary
    )

    def sending(self, chat_id: str) -> asyncio.Lock:
        """Return what lets one message at a time go into a chat.

        Only then can a message whose receipt was lost be told from others.
        """
        lock = self._sending.get(chat_id)
        if lock is None:
            lock = self._sending[chat_id] = asyncio.Lock()
        return lock
