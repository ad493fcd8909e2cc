"""From pictures in memory to those that are sent."""

import io

from PIL import Image

from bot.generation.requests import Drawing
from bot.generation.sticker_upscale import upscale

__all__ = ["drawing_of", "preview_png"]

PREVIEW_PX = 128
STICKER_PX = 64
"""Cut-out pictures of this side are stickers, whose edge is to stay clean."""


def drawing_of(picture: Image.Image, upscale_px: int) -> Drawing:
    """Return a picture as a PNG, enlarged where it is smaller; 0: as it is."""
    picture = _enlarged(picture, upscale_px)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return Drawing(file.getvalue(), *picture.size)


def _enlarged(picture: Image.Image, side_px: int) -> Image.Image:
    """Bring the longer side of a smaller picture to so many pixels; 0: as it is."""
    longer = max(picture.size)
    if side_px <= longer:
        return picture
    if picture.mode == "RGBA" and picture.size == (STICKER_PX, STICKER_PX):
        return upscale(picture, side_px)
    width, height = (round(side * side_px / longer) for side in picture.size)
    # Premultiplied: nothing bleeds in from what is see-through.
    mode = "RGBa" if picture.mode == "RGBA" else picture.mode
    grown = picture.convert(mode).resize((width, height), Image.Resampling.BICUBIC)
    return grown.convert(picture.mode)


def preview_png(picture: Image.Image) -> bytes:
    """Return a picture as a small PNG."""
    small = picture.copy()
    small.thumbnail((PREVIEW_PX, PREVIEW_PX))
    file = io.BytesIO()
    small.save(file, "PNG")
    return file.getvalue()
