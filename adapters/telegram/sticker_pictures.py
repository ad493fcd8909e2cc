"""Pictures in the one size that Telegram takes as stickers."""

import io

from PIL import Image, ImageOps

from bot.enlarging import sized
from bot.errors import PlatformError
from bot.messages import Attachment
from bot.provenance import marked
from bot.words import T

__all__ = ["MOST_BYTES", "SIDE_PX", "as_sticker"]

SIDE_PX = 512
"""One side has exactly so many, the other no more."""
MOST_BYTES = 512 * 1024
MOST_PIXELS = 50_000_000
QUALITY = 90
FORMATS = ["PNG", "JPEG", "WEBP", "GIF"]


def as_sticker(picture: Attachment) -> bytes:
    """Return a picture as a PNG whose longer side is 512 px, or as a WEBP.

    That is for what would be too large as a PNG. Of what moves, the first picture
    counts. A PNG of ours still says who made it.

    Raises:
        PlatformError: it is no picture, or a huge one.
    """
    try:
        with Image.open(io.BytesIO(picture.content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise PlatformError(
                    T("“{name}” is too large for a sticker.", name=picture.name)
                )
            upright = ImageOps.exif_transpose(opened)
            upright = upright.convert("RGBA" if opened.has_transparency_data else "RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise PlatformError(
            T("“{name}” is no picture that Telegram takes.", name=picture.name)
        ) from error
    content = sized(_saved(upright, "PNG"), SIDE_PX)
    if picture.provenance is not None:
        content = marked(content, picture.provenance)
    if len(content) <= MOST_BYTES:
        return content
    with Image.open(io.BytesIO(content), formats=["PNG"]) as large:
        return _saved(large, "WEBP")


def _saved(picture: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, quality=QUALITY)
    return file.getvalue()
