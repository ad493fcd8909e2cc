"""From a line or a pressed button to what is said: runs commands, survives them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import structlog

from bot.apology import apology, is_expected, new_error_id
from bot.commands.command import Answer, CommandContext, Show, Shown
from bot.commands.registry import Registry
from bot.errors import StoreError
from bot.messages import Attachment, Author, Button, Channel, Message, Reply
from bot.outgoing import cleaned
from bot.passing import ShowLine
from bot.preferences import Preferences
from bot.words import Text, Words

__all__ = ["Dispatcher", "Send"]

logger = structlog.get_logger(__name__)

Send = Callable[[Reply], Awaitable[Sequence[str]]]
"""Sends a reply; returns the platform's ids of the messages it became."""


class Dispatcher:
    """Runs command lines; whatever happens, something is said."""

    def __init__(
        self, registry: Registry, *, preferences: Preferences, words: Words
    ) -> None:
        self._registry = registry
        self._preferences = preferences
        self._words = words

    def judges_itself(self, line: str, author: Author) -> bool:
        """Return whether a line carries what is not to be judged like a message."""
        return self._registry.judges_itself(line, author.role)

    async def run(
        self,
        line: str,
        *,
        author: Author,
        channel: Channel,
        message_id: str | None,
        send: Send,
        reply_to_id: str | None = None,
        attachments: tuple[Attachment, ...] = (),
        replied: Message | None = None,
        show: ShowLine | None = None,
    ) -> None:
        """Run a line on somebody's behalf and send what is to say, in their language.

        The message id is what the reply answers; None where nothing can be named. It
        may itself reply to something and carry files. `show` shows what a command that
        takes long is at.

        Raises:
            PlatformError: what is to say could not be sent.
        """
        language = await self._preferences.language(channel, author)
        context = CommandContext(
            author,
            channel,
            language,
            message_id,
            reply_to_id,
            attachments,
            replied,
            None if show is None else self._shown_in(language, show),
        )
        answer = await self._answer(line, context)
        text = answer.text
        message_ids = await send(
            Reply(
                self._words.say(text, language) if isinstance(text, Text) else text,
                buttons=answer.buttons,
                attachments=answer.attachments,
                reply_to_id=message_id,
                only_for=author.id if answer.is_private else None,
                settles=answer.settles,
            )
        )
        if answer.shown is not None:
            await _tell(answer.shown, message_ids)

    def _shown_in(self, language: str, show: ShowLine) -> Show:
        async def shown(
            text: Text, buttons: tuple[Button, ...], picture: Attachment | None
        ) -> None:
            await show(self._words.say(text, language), buttons, picture)

        return shown

    async def _answer(self, line: str, context: CommandContext) -> Answer:
        try:
            answer = await self._registry.run(line, context)
            return replace(answer, attachments=await cleaned(answer.attachments))
        except Exception as error:
            error_id = new_error_id()
            if not is_expected(error):
                logger.exception("command failed", error_id=error_id)
            return Answer(apology(error, error_id))


async def _tell(shown: Shown, message_ids: Sequence[str]) -> None:
    try:
        await shown(message_ids)
    except StoreError as error:
        # It is there all the same; only what came of it is not known afterwards.
        logger.warning("shown messages not kept", reason=str(error))
