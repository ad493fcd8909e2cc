"""Seeing to it that text can be read on whatever was painted behind it."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.lettering.colour import RGB
from bot.lettering.type import Box
from content.cover_colours import READABLE, contrast, luminance

__all__ = ["readable_ink", "worst_contrast"]

PADDING_PX = 6
FEATHER_PX = 24
VEILS = (0.35, 0.55, 0.7, 0.8, 0.9, 1.0)
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
_SHARES = np.arange(256) / 255
LINEAR = np.where(
    _SHARES <= 0.04045, _SHARES / 12.92, ((_SHARES + 0.055) / 1.055) ** 2.4
)
"""The light of each of a channel's 256 values."""


def worst_contrast(picture: Image.Image, box: Box, ink: RGB) -> float:
    """Return WCAG's contrast of an ink with the pixel of a box that is most like it."""
    part = picture.crop((box.left, box.top, box.right, box.bottom))
    values = LINEAR[np.asarray(part)] @ np.array([0.2126, 0.7152, 0.0722])
    own = luminance(ink)
    lightest, darkest = float(values.max()), float(values.min())
    if darkest <= own <= lightest:
        return 1.0
    return min(contrast(own, lightest), contrast(own, darkest))


def readable_ink(
    picture: Image.Image, boxes: Sequence[Box], inks: Sequence[RGB], *, ground: RGB
) -> tuple[Image.Image, RGB]:
    """Choose an ink for text in some boxes, and veil what is behind it where need be.

    Args:
        boxes: what the text covers, one box a line.
        inks: the first that can be read is taken, else the one that comes nearest.
        ground: what a veil is made of, where it is far enough from the ink.

    Returns:
        The picture, veiled or not, and the ink; READABLE is reached in any case.
    """
    padded = [_padded(box, picture.size) for box in boxes]

    def worst(shown: Image.Image, ink: RGB) -> float:
        return min(worst_contrast(shown, box, ink) for box in padded)

    for ink in inks:
        if worst(picture, ink) >= READABLE:
            return picture, ink
    best = max(inks, key=lambda ink: _typical(picture, padded, ink))
    mask = _feathered(picture.size, padded)
    for veil_colour in (ground, WHITE if luminance(best) < 0.18 else BLACK):
        for strength in VEILS:
            veiled = _veiled(picture, mask, veil_colour, strength)
            if worst(veiled, best) >= READABLE:
                return veiled, best
    return veiled, best


def _padded(box: Box, size: tuple[int, int]) -> Box:
    left = min(max(0, box.left - PADDING_PX), size[0] - 1)
    top = min(max(0, box.top - PADDING_PX), size[1] - 1)
    return Box(
        left,
        top,
        max(left + 1, min(size[0], box.right + PADDING_PX)),
        max(top + 1, min(size[1], box.bottom + PADDING_PX)),
    )


def _typical(picture: Image.Image, boxes: Sequence[Box], ink: RGB) -> float:
    values = []
    for box in boxes:
        part = picture.crop((box.left, box.top, box.right, box.bottom))
        red, green, blue = np.asarray(part).reshape(-1, 3).mean(axis=0)
        mean = (round(red), round(green), round(blue))
        values.append(contrast(luminance(ink), luminance(mean)))
    return min(values)


def _veiled(
    picture: Image.Image, mask: Image.Image, colour: RGB, strength: float
) -> Image.Image:
    veiled = Image.composite(Image.new("RGB", picture.size, colour), picture, mask)
    return Image.blend(picture, veiled, strength)


def _feathered(size: tuple[int, int], boxes: Sequence[Box]) -> Image.Image:
    """Return a mask that is full under the boxes and thins out around them."""
    mask = Image.new("L", size)
    pen = ImageDraw.Draw(mask)
    for box in boxes:
        reach = FEATHER_PX * 3
        outer = (
            box.left - reach,
            box.top - reach // 2,
            box.right + reach,
            box.bottom + reach // 2,
        )
        pen.rounded_rectangle(outer, reach, fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(FEATHER_PX))
    full = Image.new("L", size)
    pen = ImageDraw.Draw(full)
    for box in boxes:
        pen.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), fill=255)
    return ImageChops.lighter(mask, full)
