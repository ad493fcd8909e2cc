"""Makes a picture an emoji or a sticker of a community."""

from collections.abc import Mapping

from bot.adapter import Adapter
from bot.commands.command import CommandContext
from bot.errors import PlatformError, UserError
from bot.messages import Attachment
from bot.outgoing import cleaned
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import Stage
from bot.store.drawn import Purpose
from bot.words import T, Text

__all__ = ["Expressions"]


class Expressions:
    """Adds what was judged like all that the bot shows."""

    def __init__(self, adapters: Mapping[str, Adapter], chain: FilterChain) -> None:
        self._adapters = adapters
        self._chain = chain

    async def add(
        self,
        context: CommandContext,
        purpose: Purpose,
        name: str,
        picture: Attachment,
        *,
        emoji: str = "",
    ) -> Text:
        """Add a picture to the community of a channel; return what to say.

        Args:
            emoji: what a sticker stands for.

        Raises:
            UserError: a filter or the platform refuses it.
        """
        (judged,) = await cleaned((await self._judged(context, picture),))
        adapter = self._adapters[context.channel.platform]
        place, by, url = context.channel, context.author, ""
        try:
            if purpose is Purpose.EMOJI:
                await adapter.add_emoji(place, name, judged, by=by)
            else:
                url = await adapter.add_sticker(place, name, judged, emoji=emoji, by=by)
        except PlatformError as error:
            raise UserError(error.text) from error
        if url:
            return T("“{name}” is there now: {url}", name=name, url=url)
        return T("“{name}” is there now.", name=name)

    async def _judged(self, context: CommandContext, picture: Attachment) -> Attachment:
        subject = Subject(
            "", Stage.OUTPUT, context.channel, context.author, attachments=(picture,)
        )
        judgement = await self._chain.judge(subject)
        if judgement.is_blocked:
            reason = judgement.verdict.reason or judgement.verdict.category
            raise UserError(T("That picture was refused: {reason}", reason=reason))
        return picture
