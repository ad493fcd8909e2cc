"""What every file goes through before the bot sends it."""

import asyncio
from dataclasses import replace

from bot.messages import Attachment
from bot.provenance import marked
from bot.safety.pictures.metadata import strip_metadata

__all__ = ["cleaned"]


async def cleaned(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Return the files without what pictures carry beside their pixels.

    What we drew says still, or again, that it was made by AI.

    Raises:
        PictureRefusedError: a picture is damaged or of a kind that cannot be cleaned.
    """
    if not attachments:
        return ()
    return await asyncio.to_thread(_cleaned, attachments)


def _cleaned(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    return tuple(
        _marked_anew(strip_metadata(attachment, number=number), attachment)
        for number, attachment in enumerate(attachments, start=1)
    )


def _marked_anew(clean: Attachment, before: Attachment) -> Attachment:
    content = clean.content
    if before.provenance is not None:
        content = marked(content, before.provenance)
    return replace(
        clean,
        content=content,
        is_voice=before.is_voice,
        description=before.description,
        provenance=before.provenance,
    )
