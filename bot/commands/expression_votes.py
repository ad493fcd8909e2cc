"""Emoji and stickers that are drawn: members choose one, a moderator adds it."""

import asyncio
import re
from dataclasses import dataclass, replace
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
from bot.commands.easel import Easel
from bot.commands.sheets import FIRST, picture_named
from bot.drawing import Wanted
from bot.enlarging import sized
from bot.errors import UserError
from bot.expressions import Expressions
from bot.messages import Attachment, Button, Role
from bot.provenance import Provenance, marked
from bot.store.drawn import DrawnRepository, Purpose, StoredDrawing, StoredSheet
from bot.store.drawn_messages import DrawnMessages
from bot.words import T

__all__ = ["Votes", "adopt_command", "choose_command"]

NUM_DRAWN = 4
EMOJI_SIZES_PX = (128, 96)
STICKER_SIZES_PX = (512, 320, 256)
EMOJI_BYTES, STICKER_BYTES = 250_000, 500_000
"""The strictest platform takes little more; what is larger comes in a smaller size."""
STANDS_FOR = "✨"
MAX_NAME = 30
ID = Parameter("id", T("Its name, as buttons say it."), is_required=True)


@dataclass(frozen=True, slots=True)
class Votes:
    """Draws some to choose from, counts who would have which, and adds one of them."""

    easel: Easel
    drawn: DrawnRepository
    messages: DrawnMessages
    expressions: Expressions

    async def open(
        self, context: CommandContext, prompt: str, purpose: Purpose
    ) -> Answer:
        """Draw, and let people choose."""
        wanted = Wanted(
            prompt,
            places=(context.channel,),
            author=context.author,
            name=f"{purpose.value}.png",
        )
        count = min(NUM_DRAWN, self.easel.drawer.max_count)
        sheet = await self.easel.draw(context, wanted, count)
        if isinstance(sheet, Answer):
            return sheet
        words = sheet.drawn[0].prompt
        sheet_id = await self.drawn.keep(
            context.scope,
            context.author,
            purpose=purpose,
            prompt=words,
            model=self.easel.drawer.model,
            pictures=sheet.stored,
            making=sheet.making,
        )
        numbers = range(FIRST, FIRST + len(sheet.drawn))
        add = self.easel.words.say(T("Add"), context.language)
        return Answer(
            sheet.missing(
                T(
                    "Which one do you like best? Press its number. A moderator adds "
                    "one with “{add}”: the one they chose, else that of most people.",
                    add=add,
                )
            ),
            buttons=(
                *(Button(f"{n}", f"/choose {sheet_id} {n}") for n in numbers),
                Button(add, f"/adopt {sheet_id}"),
            ),
            attachments=tuple(
                replace(one.attachment, name=f"{n}.png", description=f"{n}: {words}")
                for n, one in zip(numbers, sheet.drawn, strict=True)
            ),
            is_private=False,
            shown=partial(self.messages.note, sheet_id=sheet_id),
        )

    async def choose(self, context: CommandContext, arguments: Arguments) -> Answer:
        """Count whom somebody would choose; they may change it until it is added."""
        sheet, picture = await self._open(
            context, str(arguments["id"]), int(arguments["number"])
        )
        platform, person = context.channel.platform, context.author.id
        await self.drawn.vote(sheet.id, platform, person, picture.number)
        votes = await self.drawn.votes(sheet.id)
        counts = " · ".join(
            f"{one.number}: {votes.get(one.number, 0)}" for one in sheet.pictures
        )
        return Answer(
            T("You chose {n}. Votes so far: {counts}", n=picture.number, counts=counts)
        )

    async def adopt(self, context: CommandContext, arguments: Arguments) -> Answer:
        """Add one to the community, once, however many moderators press."""
        sheet_id = str(arguments["id"])
        number = arguments.get("number") or await self._wanted(context, sheet_id)
        sheet, picture = await self._open(context, sheet_id, int(number))
        if not await self.drawn.take(sheet.id, picture.number):
            raise _taken()
        has_come = False
        try:
            told = await self.expressions.add(
                context,
                sheet.purpose,
                _name(sheet),
                await asyncio.to_thread(_attachment, sheet, picture),
                emoji=str(arguments.get("emoji", STANDS_FOR)),
            )
            has_come = True
        finally:
            if not has_come:
                await self.drawn.give_back(sheet.id)
        return Answer(told, is_private=False, settles=True)

    async def _wanted(self, context: CommandContext, sheet_id: str) -> int:
        """Return what the moderator chose, else what most people did."""
        platform, person = context.channel.platform, context.author.id
        own = await self.drawn.choice(sheet_id, platform, person)
        if own is not None:
            return own
        votes = await self.drawn.votes(sheet_id)
        return min(votes, key=lambda number: (-votes[number], number), default=FIRST)

    async def _open(
        self, context: CommandContext, sheet_id: str, number: int
    ) -> tuple[StoredSheet, StoredDrawing]:
        sheet, picture = await picture_named(self.drawn, context, sheet_id, number)
        if sheet.purpose is Purpose.PICTURE:
            raise UserError(T("Those pictures are not there to be voted on."))
        if sheet.taken is not None:
            raise _taken()
        return sheet, picture


def choose_command(votes: Votes) -> Command:
    """Return the command behind the numbers below drawn emoji and stickers."""
    return Command(
        name="choose",
        summary=T("Say which drawn emoji or sticker you like best."),
        parameters=(
            ID,
            Parameter(
                "number",
                T("The number of the picture."),
                ParameterType.INTEGER,
                is_required=True,
            ),
        ),
        run=votes.choose,
        suits=_has_either,
    )


def adopt_command(votes: Votes) -> Command:
    """Return the command that adds a drawn emoji or sticker to the community."""
    return Command(
        name="adopt",
        summary=T("Add a drawn emoji or sticker to the community."),
        parameters=(
            ID,
            Parameter(
                "number",
                T("The picture; left out, your own choice or that of most people."),
                ParameterType.INTEGER,
            ),
            Parameter("emoji", T("The emoji that a sticker stands for.")),
        ),
        min_role=Role.MODERATOR,
        run=votes.adopt,
        suits=_has_either,
    )


def _has_either(adapter: Adapter) -> bool:
    return adapter.can_emoji or adapter.can_sticker


def _taken() -> UserError:
    return UserError(T("One of them was added already."))


def _name(sheet: StoredSheet) -> str:
    """Return a name that every platform takes, from the words."""
    name = re.sub(r"[^a-z0-9]+", "_", sheet.prompt.lower())[:MAX_NAME].strip("_")
    return name if len(name) > 1 else f"drawn_{sheet.id[:6]}"


def _attachment(sheet: StoredSheet, picture: StoredDrawing) -> Attachment:
    provenance = Provenance(sheet.model, picture.seed)
    is_emoji = sheet.purpose is Purpose.EMOJI
    most = EMOJI_BYTES if is_emoji else STICKER_BYTES
    content = b""
    for side_px in EMOJI_SIZES_PX if is_emoji else STICKER_SIZES_PX:
        content = marked(sized(picture.content, side_px), provenance)
        if len(content) <= most:
            break
    return Attachment(
        f"{_name(sheet)}.png",
        "image/png",
        content,
        description=sheet.prompt,
        provenance=provenance,
    )
