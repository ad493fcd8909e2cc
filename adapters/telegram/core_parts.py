"""What the adapter has from the core."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from adapters.addressing import Addressing
from bot.adapter import Inbox
from bot.clock import Clock
from bot.commands.registry import Registry
from bot.messages import Author, Channel
from bot.store.accounts import AccountRepository
from bot.store.settings import SettingsRepository
from bot.store.turns import TurnRepository
from bot.words import Text, Words

__all__ = ["CoreParts"]


@dataclass(frozen=True, slots=True)
class CoreParts:
    """What the adapter has from the core.

    Attributes:
        language: the bot's own.
        language_of: the language of a person in a channel.
        owners: who runs the bot, as `telegram:id`; others are ignored.
        tell: tells the moderators something, without waiting.
        note: tells whoever started the bot.
    """

    inbox: Inbox
    registry: Registry
    words: Words
    language: str
    language_of: Callable[[Channel, Author | None], Awaitable[str]]
    addressing: Addressing
    owners: Iterable[str]
    settings: SettingsRepository
    turns: TurnRepository
    accounts: AccountRepository
    tell: Callable[[Text], None]
    note: Callable[[Text], None]
    clock: Clock

    async def say(self, text: Text, channel: Channel, person_id: str) -> str:
        """Return a text in the language of a person in a channel."""
        language = await self.language_of(channel, Author(person_id, ""))
        return self.words.say(text, language)
