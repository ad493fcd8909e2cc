"""What a pause does to people: their questions wait, and they are told once."""

from zoneinfo import ZoneInfo

import structlog

from bot.adapter import Adapter
from bot.commands.command import Command, CommandContext
from bot.errors import PlatformError, UserError
from bot.messages import Message, Reply
from bot.pause import Output
from bot.pauses import Pauses
from bot.preferences import Preferences
from bot.words import Words

__all__ = ["Resting"]

logger = structlog.get_logger(__name__)


class Resting:
    """Keeps questions and commands from what rests."""

    def __init__(
        self, pauses: Pauses, *, preferences: Preferences, words: Words, zone: ZoneInfo
    ) -> None:
        self.pauses = pauses
        self._preferences = preferences
        self._words = words
        self._zone = zone

    async def admit(self, command: Command, context: CommandContext) -> None:
        """Let a command run that makes nothing which rests.

        Raises:
            UserError: it does; the text says until when and why.
        """
        if command.makes is None:
            return
        pause = await self.pauses.of(context.channel, command.makes)
        if pause is not None:
            raise UserError(pause.said(self._zone))

    async def keeps_quiet(self, message: Message, adapter: Adapter) -> bool:
        """Return whether a message is not answered now; say so once in an hour."""
        channel = message.channel
        pause = await self.pauses.of(channel, Output.CHAT)
        if pause is None:
            return False
        if not (message.is_aside or self.pauses.is_to_tell(channel)):
            return True
        language = await self._preferences.language(channel, None)
        said = self._words.say(pause.said(self._zone), language)
        try:
            await adapter.send(channel, Reply(said, reply_to_id=message.id))
        except PlatformError as error:
            logger.warning("pause not told", channel=channel.key, reason=str(error))
        return True
