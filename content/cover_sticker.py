"""A sticker beside the title of a cover: cut out, with a white rim and a shadow."""

import io
from collections.abc import Mapping
from random import Random

from PIL import Image, ImageFilter

from bot.lettering.type import Box
from content.cover_compositions import COMPOSITIONS, Composition, Frame, Shape

__all__ = ["STICKER_BOXES", "beside_sticker", "cut_out", "stuck_on"]

GROUNDS = ("mesh", "contours")
"""Compositions that are quiet enough for something to lie on them."""

STICKER_BOXES: Mapping[Shape, Box] = {
    Shape.WIDE: Box(712, 95, 1136, 535),
    Shape.SQUARE: Box(300, 84, 996, 560),
}
"""Where the sticker lies."""

FRAMES: Mapping[Shape, Frame] = {
    Shape.WIDE: Frame(Box(72, 64, 676, 566), rise=0.4),
    Shape.SQUARE: Frame(Box(84, 596, 996, 1004), rise=0.4),
}

LEAST_SEE_THROUGH = 0.04
"""Of a sticker so much is ground; what is full to the edges is a whole picture."""
SOLID = 128  # alpha from which on something counts as there
RIM_LEVEL = 28  # how much of a blur is left as far out as it is wide
RIM_SHARE = 0.022  # of the sticker's longer side; so the shadow
SHADOW_SHARE = 0.03
SHADOW_STRENGTH = 0.38
RIM = (255, 255, 255)
SHADOW = (30, 18, 12)
MOST_TILT = 5.0  # degrees


def beside_sticker(rng: Random) -> Composition:
    """Choose a quiet ground that leaves room for a sticker beside the words."""
    chosen = COMPOSITIONS[rng.choice(GROUNDS)]
    return Composition(chosen.paint, chosen.grounds, FRAMES)


def cut_out(png: bytes) -> Image.Image | None:
    """Return what a PNG shows without the see-through ground around it.

    None where it is no sticker: it has no such ground, or nothing on it.
    """
    opened = Image.open(io.BytesIO(png))
    if opened.mode not in ("RGBA", "LA", "PA") and "transparency" not in opened.info:
        return None
    picture = opened.convert("RGBA")
    solid = picture.getchannel("A").point(lambda alpha: 255 * (alpha >= SOLID))
    box = solid.getbbox()
    share = solid.histogram()[0] / (picture.width * picture.height)
    if box is None or share < LEAST_SEE_THROUGH:
        return None
    return picture.crop(box)


def stuck_on(
    picture: Image.Image, sticker: Image.Image, room: Box, rng: Random
) -> Image.Image:
    """Return the picture with the sticker in the middle of a box, a little askew."""
    longest = max(room.width, room.height)
    rim, blur = round(longest * RIM_SHARE), round(longest * SHADOW_SHARE)
    margin = rim + 2 * blur
    turned = sticker.rotate(
        rng.uniform(-MOST_TILT, MOST_TILT), Image.Resampling.BICUBIC, expand=True
    )
    scale = min(
        (room.width - 2 * rim) / turned.width, (room.height - 2 * rim) / turned.height
    )
    size = (
        max(1, round(turned.width * scale)),
        max(1, round(turned.height * scale)),
    )
    turned = turned.resize(size, Image.Resampling.LANCZOS)
    whole = (size[0] + 2 * margin, size[1] + 2 * margin)
    drawn = Image.new("RGBA", whole)
    drawn.paste(turned, (margin, margin))
    outline = _grown(drawn.getchannel("A"), rim)
    layer = Image.new("RGBA", whole, (*SHADOW, 0))
    shadow = outline.filter(ImageFilter.GaussianBlur(blur)).point(
        lambda alpha: round(alpha * SHADOW_STRENGTH)
    )
    layer.putalpha(_shifted(shadow, rim))
    layer.paste(RIM, (0, 0), outline)
    layer.alpha_composite(drawn)
    left = room.left + (room.width - whole[0]) // 2
    top = room.top + (room.height - whole[1]) // 2
    result = picture.convert("RGBA")
    whole_layer = Image.new("RGBA", result.size)
    whole_layer.paste(layer, (left, top))
    return Image.alpha_composite(result, whole_layer).convert("RGB")


def _grown(alpha: Image.Image, by_px: int) -> Image.Image:
    """Return what is there and a rim around it, with round corners and soft edges."""
    solid = alpha.point(lambda value: 255 * (value >= SOLID))
    blurred = solid.filter(ImageFilter.GaussianBlur(by_px))
    return blurred.point(lambda value: max(0, min(255, (value - RIM_LEVEL) * 9)))


def _shifted(mask: Image.Image, down_px: int) -> Image.Image:
    shifted = Image.new("L", mask.size)
    shifted.paste(mask, (0, down_px))
    return shifted
