"""Making a small sticker larger, with an edge that stays clean.

Colour and alpha grow apart. Near the edge a small picture mixes its colour with what is
behind it, so the colours of what is whole are carried outward first: nothing dark or
pale is left at the rim. The outline is smoothed before it grows, or each small pixel
would be a bump of it, and made narrow again afterwards.
"""

from PIL import Image, ImageChops, ImageFilter

__all__ = ["upscale"]

SHARPENED_PERCENT = 60
AROUND_PX = 5
WHOLE = 200
"""Alpha, of 255, from which on a pixel begins to count for the colour around it."""
REACHES_PX = (8, 4, 2, 1)
"""How far colours are carried, the nearest last: it counts where there is one."""
OUTLINE_PX = 0.8
"""The standard deviation by which the outline is smoothed."""
# Alpha below the first is nothing, above the second is whole, in [0, 255]; between
# them it rises smoothly. The band narrows with the factor: an edge of one small pixel
# would else be one of many large ones.
NARROWEST = 0.08


def upscale(picture: Image.Image, side_px: int) -> Image.Image:
    """Return the picture as a square RGBA of that side, with straight alpha.

    Raises:
        ValueError: the side is not positive.
    """
    if side_px <= 0:
        raise ValueError(f"the side must be positive, not {side_px}")
    rgba = picture.convert("RGBA")
    size = (side_px, side_px)
    if rgba.size == size:
        return rgba
    factor = side_px / max(rgba.size)
    if factor <= 1:
        # Premultiplied: nothing bleeds in from what is see-through.
        return (
            rgba.convert("RGBa").resize(size, Image.Resampling.BICUBIC).convert("RGBA")
        )
    grown = _carried_outward(rgba).resize(size, Image.Resampling.BICUBIC)
    grown = grown.filter(
        ImageFilter.UnsharpMask(max(1.0, factor / 2), SHARPENED_PERCENT, threshold=0)
    )
    grown.putalpha(_grown_alpha(rgba.getchannel("A"), side_px))
    return grown


def _carried_outward(rgba: Image.Image) -> Image.Image:
    """Return the colours, those of what is whole also where it ends, as RGB."""
    whole = rgba.copy()
    whole.putalpha(rgba.getchannel("A").point(_weight))
    colours = rgba.convert("RGB")
    for reach_px in REACHES_PX:
        # Blurred premultiplied, and divided again: a mean of what is whole alone.
        blurred = whole.convert("RGBa").filter(ImageFilter.GaussianBlur(reach_px))
        around = blurred.convert("RGBA")
        is_near = around.getchannel("A").point(_near)
        colours = Image.composite(around.convert("RGB"), colours, is_near)
    return Image.composite(rgba.convert("RGB"), colours, whole.getchannel("A"))


def _weight(alpha: int) -> int:
    return max(0, round((alpha - WHOLE) * 255 / (255 - WHOLE)))


def _near(weight: int) -> int:
    return min(255, 8 * weight)


def _grown_alpha(alpha: Image.Image, side_px: int) -> Image.Image:
    """Return alpha of that side, smooth and narrow along outlines.

    Glass and smoke keep theirs: only where it goes from nothing to whole within a few
    pixels is there an outline.
    """
    size, factor = (side_px, side_px), side_px / max(alpha.size)
    smooth = alpha.filter(ImageFilter.GaussianBlur(OUTLINE_PX))
    outline = smooth.resize(size, Image.Resampling.BICUBIC).point(_smooth_step(factor))
    is_outline = ImageChops.subtract(
        alpha.filter(ImageFilter.MaxFilter(AROUND_PX)),
        alpha.filter(ImageFilter.MinFilter(AROUND_PX)),
    ).resize(size, Image.Resampling.BILINEAR)
    return Image.composite(
        outline, alpha.resize(size, Image.Resampling.BICUBIC), is_outline
    )


def _smooth_step(factor: float) -> list[int]:
    """Return a table of 256: 3t² - 2t³ over a band around half."""
    half = max(NARROWEST, 0.35 / factor**0.5)
    low = 0.5 - half
    steps = []
    for value in range(256):
        t = min(1.0, max(0.0, (value / 255 - low) / (2 * half)))
        steps.append(round(255 * t * t * (3 - 2 * t)))
    return steps
