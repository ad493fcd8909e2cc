"""The bot's line to Telegram: what everything that goes out is made with."""

import asyncio
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import telegram

from adapters.telegram.callbacks import Callbacks
from adapters.telegram.calls import Calls
from adapters.telegram.own_messages import OwnMessages
from bot.clock import Clock

__all__ = ["Line"]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """What messages, drafts and posts share.

    Attributes:
        own: which messages are known, so that a lost receipt can be looked for.
    """

    bot: telegram.Bot
    calls: Calls
    callbacks: Callbacks
    clock: Clock
    own: OwnMessages = field(default_factory=OwnMessages)
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
