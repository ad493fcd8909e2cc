"""/upscale: a picture that was drawn here, larger."""

import asyncio
from functools import partial

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.commands.sheets import FIRST, picture_named
from bot.enlarging import MAX_SIDE_PX, side_of, sized
from bot.errors import UserError
from bot.messages import Attachment
from bot.pause import Output
from bot.provenance import Provenance, marked
from bot.store.drawn import DrawnRepository
from bot.store.drawn_messages import DrawnMessages
from bot.words import T

__all__ = ["upscale_command"]


def upscale_command(drawn: DrawnRepository, messages: DrawnMessages) -> Command:
    """Return the command that enlarges pictures. They were judged when drawn."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        number = int(arguments.get("number", FIRST))
        sheet_id = str(arguments["id"])
        sheet, picture = await picture_named(drawn, context, sheet_id, number)
        side_px = await asyncio.to_thread(side_of, picture.content)
        if side_px >= MAX_SIDE_PX:
            raise UserError(T("That picture is as large as I can make it."))
        larger_px = min(2 * side_px, MAX_SIDE_PX)
        larger = await asyncio.to_thread(sized, picture.content, larger_px)
        provenance = Provenance(sheet.model, picture.seed)
        attachment = Attachment(
            f"picture-{number}-{larger_px}.png",
            "image/png",
            marked(larger, provenance),
            description=sheet.prompt,
            provenance=provenance,
        )
        return Answer(
            T("{side} px, from seed {seed}.", side=larger_px, seed=picture.seed),
            attachments=(attachment,),
            is_private=False,
            shown=partial(
                messages.note,
                sheet_id=sheet.id,
                number=picture.number,
                side_px=larger_px,
            ),
        )

    return Command(
        name="upscale",
        summary=T("Show a picture that I drew here in a larger size."),
        parameters=(
            Parameter("id", T("Its name, as buttons say it."), is_required=True),
            Parameter(
                "number", T("Which of several; the first."), ParameterType.INTEGER
            ),
        ),
        run=run,
        makes=Output.PICTURES,
    )
