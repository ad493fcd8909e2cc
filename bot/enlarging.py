"""Pictures in another size: stickers with a clean edge, others as they are."""

import io

from PIL import Image

from bot.generation.sticker_upscale import upscale

__all__ = ["MAX_SIDE_PX", "side_of", "size_of", "sized"]

MAX_SIDE_PX = 2048
STICKER_PX = 64
"""A square that has alpha and is no larger was drawn as a sticker."""


def size_of(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG of ours, in pixels."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        return picture.size


def side_of(png: bytes) -> int:
    """Return the longer side of a PNG of ours, in pixels."""
    return max(size_of(png))


def sized(png: bytes, side_px: int) -> bytes:
    """Return a PNG of ours whose longer side has so many pixels."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
        picture = opened.copy()
    longer = max(picture.size)
    is_square = picture.width == picture.height
    if picture.mode == "RGBA" and is_square and longer <= STICKER_PX:
        picture = upscale(picture, side_px)
    elif longer != side_px:
        width, height = (max(1, round(s * side_px / longer)) for s in picture.size)
        # Premultiplied: nothing bleeds in from what is see-through.
        mode = "RGBa" if picture.mode == "RGBA" else picture.mode
        grown = picture.convert(mode).resize((width, height), Image.Resampling.LANCZOS)
        picture = grown.convert(picture.mode)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()
