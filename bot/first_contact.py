"""Tells people who talk to the bot for the first time what it keeps of them."""

from collections import OrderedDict

import structlog

from bot.adapter import Adapter
from bot.config import Config
from bot.errors import PlatformError, StoreError
from bot.messages import Button, Message, Reply, Role
from bot.preferences import SettingsStore, person_key
from bot.words import T, Text, Tn, Words

__all__ = ["FirstContact"]

logger = structlog.get_logger(__name__)

TOLD, YES = "told", "yes"
MAX_REMEMBERED = 10_000


class FirstContact:
    """Says it once to each person of a platform: beside the answer, else below it.

    Who runs the bot knows, and is not told.
    """

    def __init__(self, settings: SettingsStore, config: Config, words: Words) -> None:
        self._settings = settings
        self._is_on = config.bot.first_contact
        self._turns_days = config.store.keep_turns_days
        self._records_days = config.safety.keep_records_days
        self._words = words
        self._told: OrderedDict[str, None] = OrderedDict()
        self._unreachable: set[str] = set()

    async def below(
        self, message: Message, adapter: Adapter, language: str
    ) -> tuple[str, tuple[Button, ...]]:
        """Return what to put below an answer where nobody can be told in private."""
        key = person_key(message.channel, message.author)
        can_hide = adapter.can_hide and key not in self._unreachable
        if can_hide or await self._is_told(key, message):
            return "", ()
        await self._tell(key)
        buttons = self.buttons(language) if message.channel.is_private else ()
        return self._words.say(self._short(), language), buttons

    async def beside(self, message: Message, adapter: Adapter, language: str) -> None:
        """Tell the person who was answered in private, where the platform can."""
        key = person_key(message.channel, message.author)
        if not adapter.can_hide or await self._is_told(key, message):
            return
        self._remember(key)  # of two answers at once, one alone tells it
        reply = Reply(
            "\n".join(self._words.say(text, language) for text in self._lines()),
            buttons=self.buttons(language),
            reply_to_id=message.id,
            only_for=message.author.id,
        )
        try:
            await adapter.send(message.channel, reply)
        except PlatformError as error:
            # They take no private messages: the next answer has it below.
            self._told.pop(key)
            self._unreachable.add(key)
            logger.debug("first contact not delivered", reason=str(error))
            return
        await self._tell(key)

    def buttons(self, language: str) -> tuple[Button, ...]:
        """Return what a person can do about it."""
        return (
            Button(self._words.say(T("What you keep"), language), "/me"),
            Button(self._words.say(T("Do not keep"), language), "/me keep off"),
        )

    def _lines(self) -> tuple[Text, ...]:
        days = self._turns_days
        kept = (
            T("So that I can follow a conversation, I keep what you write to me.")
            if not days
            else Tn(
                "So that I can follow a conversation, I keep what you write to me for "
                "{n} day.",
                "So that I can follow a conversation, I keep what you write to me for "
                "{n} days.",
                n=days,
            )
        )
        records = Tn(
            "Verdicts of the safety filters go after {n} day. /me shows everything, "
            "and can make me forget it.",
            "Verdicts of the safety filters go after {n} days. /me shows everything, "
            "and can make me forget it.",
            n=self._records_days,
        )
        return kept, records

    def _short(self) -> Text:
        if not self._turns_days:
            return T(
                "(I keep what you write to me. /me shows it, /me keep off ends it.)"
            )
        return Tn(
            "(I keep what you write to me for {n} day. /me shows it, /me keep off ends "
            "it.)",
            "(I keep what you write to me for {n} days. /me shows it, /me keep off "
            "ends it.)",
            n=self._turns_days,
        )

    async def _is_told(self, key: str, message: Message) -> bool:
        if not self._is_on or message.is_aside or key in self._told:
            return True
        if message.author.role is Role.OWNER:
            return True
        try:
            is_told = await self._settings.get(key, TOLD) == YES
        except StoreError:
            return True  # it could not be remembered either
        if is_told:
            self._remember(key)
        return is_told

    async def _tell(self, key: str) -> None:
        self._remember(key)
        self._unreachable.discard(key)
        await self._settings.set(key, TOLD, YES)

    def _remember(self, key: str) -> None:
        self._told[key] = None
        if len(self._told) > MAX_REMEMBERED:
            self._told.popitem(last=False)

    def forget(self, platform: str, person_id: str) -> None:
        """Tell a person again: they were forgotten."""
        self._told.pop(f"person:{platform}:{person_id}", None)
