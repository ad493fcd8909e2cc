"""/emoji and /sticker: a community's own, from a picture or from words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.adapter import Adapter
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.commands.expression_votes import Votes
from bot.errors import UserError
from bot.expressions import Expressions, has_own
from bot.messages import Attachment, Role
from bot.pause import Output
from bot.safety.filter import FilterChain
from bot.store.drawn import Purpose
from bot.words import T, Text

__all__ = ["emoji_command", "sticker_command"]


def emoji_command(
    adapters: Mapping[str, Adapter], chain: FilterChain, votes: Votes | None = None
) -> Command:
    """Return the command for emoji; without `votes`, nothing draws any."""
    adding = _Adding(Expressions(adapters, chain), votes, Purpose.EMOJI)
    return adding.command(
        T("Add an emoji of our own, from the attached picture.")
        if votes is None
        else T("Add an emoji of our own: attach a picture, or say what I am to draw."),
        T(
            "What I am to draw, in a few words. With a picture attached: what it is "
            "called."
        ),
    )


def sticker_command(
    adapters: Mapping[str, Adapter], chain: FilterChain, votes: Votes | None = None
) -> Command:
    """Return the command for stickers; without `votes`, nothing draws any."""
    adding = _Adding(Expressions(adapters, chain), votes, Purpose.STICKER)
    return adding.command(
        T("Add a sticker of our own, from the attached picture.")
        if votes is None
        else T("Add a sticker of our own: attach a picture, or say what I am to draw."),
        T(
            "What I am to draw, in a few words. With a picture attached: what it is "
            "called, and the emoji that it stands for."
        ),
    )


@dataclass(frozen=True, slots=True)
class _Adding:
    expressions: Expressions
    votes: Votes | None
    purpose: Purpose

    def command(self, summary: Text, words: Text) -> Command:
        can_draw = self.votes is not None
        return Command(
            name=self.purpose.value,
            summary=summary,
            parameters=(
                Parameter("words", words, ParameterType.REST, is_required=True),
            ),
            min_role=Role.MEMBER if can_draw else Role.MODERATOR,
            floor=Role.MEMBER,
            run=self._run,
            makes=Output.PICTURES if can_draw else None,
            steers=True,
            suits=partial(has_own, purpose=self.purpose),
        )

    async def _run(self, context: CommandContext, arguments: Arguments) -> Answer:
        self.expressions.demand(context, self.purpose, can_draw=self.votes is not None)
        words = str(arguments["words"]).strip()
        pictures = [
            one for one in context.attachments if one.media_type.startswith("image/")
        ]
        if pictures:
            return await self._add(context, words, pictures[0])
        if self.votes is None:
            raise UserError(T("Attach the picture to the command, please."))
        return await self.votes.open(context, words, self.purpose)

    async def _add(
        self, context: CommandContext, words: str, picture: Attachment
    ) -> Answer:
        if context.author.role < Role.MODERATOR:
            raise UserError(
                T(
                    "Only moderators may add pictures of their own. Leave it out, and "
                    "I draw what you describe."
                )
            )
        name, emoji = words.strip('"“”„«»'), ""
        if self.purpose is Purpose.STICKER:
            name, _, emoji = words.rpartition(" ")
            name = name.strip().strip('"“”„«»')
            if not name:
                raise UserError(
                    T(
                        "Say what the sticker is called and which emoji it stands for, "
                        "such as: /sticker Fox 🦊"
                    )
                )
        return Answer(
            await self.expressions.add(
                context, self.purpose, name, picture, emoji=emoji
            ),
            is_private=False,
        )
