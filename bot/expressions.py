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

__all__ = ["Expressions", "has_own"]


def has_own(adapter: Adapter, purpose: Purpose) -> bool:
    """Return whether a platform knows a community's own emoji, or stickers."""
    return adapter.can_emoji if purpose is Purpose.EMOJI else adapter.can_sticker


class Expressions:
    """Adds what was judged like all that the bot shows."""

    def __init__(self, adapters: Mapping[str, Adapter], chain: FilterChain) -> None:
        self._adapters = adapters
        self._chain = chain

    def demand(
        self, context: CommandContext, purpose: Purpose, *, can_draw: bool
    ) -> None:
        """Refuse what the platform of a channel has none of, and say what else to do.

        Raises:
            UserError: it has none.
        """
        adapter = self._adapters[context.channel.platform]
        if has_own(adapter, purpose):
            return
        if has_own(adapter, Purpose.STICKER):
            raise UserError(
                T(
                    "Communities have no emoji of their own here. Make it a sticker "
                    "instead: /sticker"
                )
            )
        if can_draw:
            raise UserError(
                T(
                    "Here I can add no emoji and no stickers. I can draw you a picture "
                    "instead: /imagine"
                )
            )
        raise UserError(T("Here I can add no emoji and no stickers."))

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
