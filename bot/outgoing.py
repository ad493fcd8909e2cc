"""What every file goes through before the bot sends it."""

import asyncio

from bot.messages import Attachment
from bot.safety.pictures.metadata import strip_metadata

__all__ = ["cleaned"]


async def cleaned(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Return the files without what pictures carry beside their pixels.

    Raises:
        PictureRefusedError: a picture is damaged or of a kind that cannot be cleaned.
    """
    if not attachments:
        return ()
    return await asyncio.to_thread(_cleaned, attachments)


def _cleaned(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    return tuple(
        strip_metadata(attachment, number=number)
        for number, attachment in enumerate(attachments, start=1)
    )
