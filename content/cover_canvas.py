"""What covers are painted with: smooth shapes, gradients, lines of equal height, grain.

Pictures are RGB. Shapes are drawn FINE times larger and reduced, which smooths edges;
coordinates are those of the finished picture.
"""

from collections.abc import Sequence
from random import Random

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from bot.lettering.colour import RGB

__all__ = ["FloatArray", "Point", "Sketch", "blended", "gradient", "grained", "resized"]

FINE = 3
GRAIN = 3.2
"""How strong the grain of paper is, in 255ths."""

FloatArray = npt.NDArray[np.float32]
Point = tuple[float, float]


class Sketch:
    """A picture that shapes are drawn on, with smooth edges."""

    def __init__(self, size: tuple[int, int], ground: RGB | Image.Image) -> None:
        fine = (size[0] * FINE, size[1] * FINE)
        if isinstance(ground, Image.Image):
            self._fine = ground.resize(fine, Image.Resampling.NEAREST)
        else:
            self._fine = Image.new("RGB", fine, ground)
        self._pen = ImageDraw.Draw(self._fine)

    def polygon(self, points: Sequence[Point], colour: RGB) -> None:
        """Fill a shape."""
        self._pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=colour)

    def rectangle(
        self, left: float, top: float, right: float, bottom: float, colour: RGB
    ) -> None:
        """Fill a rectangle, up to but not with its right and bottom edge."""
        if right > left and bottom > top:
            box = (left * FINE, top * FINE, right * FINE - 1, bottom * FINE - 1)
            self._pen.rectangle(box, fill=colour)

    def circle(self, centre: Point, radius: float, colour: RGB) -> None:
        """Fill a circle."""
        (x, y), r = (centre[0] * FINE, centre[1] * FINE), radius * FINE
        self._pen.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def sector(
        self, centre: Point, radius: float, degrees: tuple[int, int], colour: RGB
    ) -> None:
        """Fill a slice of a circle; 0 degrees is to the right, then clockwise."""
        (x, y), r = (centre[0] * FINE, centre[1] * FINE), radius * FINE
        self._pen.pieslice((x - r, y - r, x + r, y + r), *degrees, fill=colour)

    def picture(self) -> Image.Image:
        """Return what was drawn, smooth."""
        return self._fine.reduce(FINE)


def gradient(size: tuple[int, int], stops: Sequence[tuple[float, RGB]]) -> Image.Image:
    """Return colours that go from the top to the bottom.

    Args:
        stops: places from 0 (top) to 1 with their colour, in order.
    """
    width, height = size
    places = np.linspace(0, 1, height)
    xs = [place for place, _ in stops]
    channels = [np.interp(places, xs, [rgb[i] for _, rgb in stops]) for i in range(3)]
    column = np.stack(channels, axis=1)[:, None, :]  # (height, 1, 3)
    rows = np.broadcast_to(column, (height, width, 3))
    return Image.fromarray(np.rint(rows).astype(np.uint8))


def resized(field: FloatArray, size: tuple[int, int]) -> FloatArray:
    """Return a field of heights, (h, w), at another size, smooth in between."""
    picture = Image.fromarray(field.astype(np.float32))
    return np.asarray(picture.resize(size, Image.Resampling.BICUBIC), np.float32)


def blended(under: FloatArray, colour: RGB, strength: FloatArray | float) -> FloatArray:
    """Lay a colour over pixels, (h, w, 3); strength, (h, w), is 0 to 1."""
    if not isinstance(strength, float):
        strength = strength[..., None]
    over = np.asarray(colour, np.float32)
    return (under + (over - under) * strength).astype(np.float32)


def grained(
    pixels: FloatArray | Image.Image, rng: Random, amount: float = 1.0
) -> Image.Image:
    """Return a picture with the grain of paper, which also hides gradients' steps."""
    values = np.asarray(pixels, np.float32)
    noise = np.random.default_rng(rng.getrandbits(64))
    grain = noise.standard_normal(values.shape[:2], np.float32) * (GRAIN * amount)
    values = values + grain[..., None]
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
