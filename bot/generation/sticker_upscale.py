"""Making a small sticker larger, with an edge that stays clean.

Colours are scaled premultiplied, so that nothing dark bleeds in from what is
transparent; then the soft edge, which scaling has widened, is made narrow again.
"""

from PIL import Image, ImageChops, ImageFilter

__all__ = ["upscale"]

SHARPENED_PERCENT = 60
AROUND_PX = 5
# Alpha below the first is nothing, above the second is whole, in [0, 255]; between
# them it rises smoothly. The band narrows with the factor: an edge of one small pixel
# would else be one of many large ones.
NARROWEST = 0.12


def upscale(picture: Image.Image, side_px: int) -> Image.Image:
    """Return the picture as a square RGBA of that side, with straight alpha.

    Raises:
        ValueError: the side is not positive.
    """
    if side_px <= 0:
        raise ValueError(f"the side must be positive, not {side_px}")
    rgba = picture.convert("RGBA")
    if side_px == rgba.width == rgba.height:
        return rgba
    premultiplied = rgba.convert("RGBa")
    grown = premultiplied.resize((side_px, side_px), Image.Resampling.BICUBIC)
    straight = grown.convert("RGBA")
    factor = side_px / max(rgba.size)
    if factor <= 1:
        return straight
    alpha = straight.getchannel("A")
    # Glass and smoke keep their alpha: only where it goes from nothing to whole within
    # a few pixels is there an edge.
    small = rgba.getchannel("A")
    edges = ImageChops.subtract(
        small.filter(ImageFilter.MaxFilter(AROUND_PX)),
        small.filter(ImageFilter.MinFilter(AROUND_PX)),
    ).resize((side_px, side_px), Image.Resampling.BILINEAR)
    alpha = Image.composite(alpha.point(_smooth_step(factor)), alpha, edges)
    radius = max(1.0, factor / 2)
    # A colour image is sharpened alone: an edge of alpha needs none.
    colours = straight.convert("RGB").filter(
        ImageFilter.UnsharpMask(radius=radius, percent=SHARPENED_PERCENT, threshold=0)
    )
    colours.putalpha(alpha)
    return colours


def _smooth_step(factor: float) -> list[int]:
    """Return a table of 256: 3t² - 2t³ over a band around half."""
    half = max(NARROWEST, 0.5 / factor**0.5)
    low = 0.5 - half
    steps = []
    for value in range(256):
        t = min(1.0, max(0.0, (value / 255 - low) / (2 * half)))
        steps.append(round(255 * t * t * (3 - 2 * t)))
    return steps
