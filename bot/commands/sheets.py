"""Finding a picture that was drawn before, as buttons name it."""

from bot.commands.command import CommandContext
from bot.errors import UserError
from bot.store.drawn import DrawnRepository, StoredDrawing, StoredSheet
from bot.words import T

__all__ = ["FIRST", "picture_named"]

FIRST = 1


async def picture_named(
    drawn: DrawnRepository,
    context: CommandContext,
    sheet_id: str,
    number: str | int = FIRST,
) -> tuple[StoredSheet, StoredDrawing]:
    """Return a picture that was drawn here, with what was drawn together.

    Raises:
        UserError: there is none, or not any more.
    """
    sheet = await drawn.get(sheet_id, context.scope)
    if sheet is None:
        raise UserError(
            T("I no longer have those pictures here. Let me draw them again, please.")
        )
    try:
        picture = sheet.picture(int(number))
    except ValueError:
        picture = None
    if picture is None:
        raise UserError(
            T("There are the pictures 1 to {max}.", max=len(sheet.pictures))
        )
    return sheet, picture
