"""Backgrounds made of fields: a mesh of soft colours, and a map's lines of height."""

from random import Random

import numpy as np
from PIL import Image

from content.cover_canvas import FloatArray, blended, grained, resized
from content.cover_colours import Scheme

__all__ = ["contours", "mesh"]

Size = tuple[int, int]
COARSE = 4
"""Soft fields are reckoned this many times smaller."""


def _grid(size: Size) -> tuple[FloatArray, FloatArray]:
    """Return x and y of every coarse pixel, as shares of the picture's shorter side."""
    width, height = size
    short = min(size)
    xs = np.linspace(0, width / short, width // COARSE, dtype=np.float32)
    ys = np.linspace(0, height / short, height // COARSE, dtype=np.float32)
    x, y = np.meshgrid(xs, ys)
    return x, y


def mesh(size: Size, scheme: Scheme, rng: Random) -> Image.Image:
    """Paint soft colours that run into each other, calm where the title stands."""
    x, y = _grid(size)
    wide, high = float(x.max()), float(y.max())
    swirl = rng.uniform(0.05, 0.12)
    start = rng.uniform(0, 6.3)
    x, y = x + swirl * np.sin(4 * y + start), y + swirl * np.sin(3 * x + start)
    coarse = (size[0] // COARSE, size[1] // COARSE)
    pixels = np.empty((coarse[1], coarse[0], 3), np.float32)
    pixels[:] = scheme.ground
    spots = [  # across, down, reach, how far from the ground's colour
        (1.02, 0.0, 0.5, 0.3),
        (0.8, 0.5, 0.4, 0.16),
        (0.08, 1.15, 0.45, 0.2),
        (0.62, 1.18, 0.46, 0.5),
        (1.02, 1.05, 0.52, 0.8),
    ]
    for across, down, reach, share in spots:
        left = (across + rng.uniform(-0.08, 0.06)) * wide
        top = (down + rng.uniform(-0.08, 0.08)) * high
        reach *= rng.uniform(0.85, 1.15)
        far = ((x - left) ** 2 + (y - top) ** 2) / reach**2
        strength = np.exp(-1.6 * far).astype(np.float32)
        pixels = blended(
            pixels, scheme.ramp(share + rng.uniform(-0.06, 0.06)), strength
        )
    planes = [resized(pixels[..., channel], size) for channel in range(3)]
    return grained(np.stack(planes, axis=-1), rng, 1.3)


def contours(size: Size, scheme: Scheme, rng: Random) -> Image.Image:
    """Paint a map of a landscape: a tint for each height, a thin line between them."""
    x, y = _grid(size)
    wide, high = float(x.max()), float(y.max())
    field = np.zeros_like(x)
    for _ in range(7):
        left = rng.uniform(0.35, 1.1) * wide
        top = rng.uniform(-0.1, 1.1) * high
        reach = rng.uniform(0.22, 0.5)
        far = ((x - left) ** 2 + 1.3 * (y - top) ** 2) / reach**2
        field += rng.uniform(0.5, 1.0) * np.exp(-far)
    field += 0.1 * np.sin(2.3 * x + rng.uniform(0, 6.3)) * np.cos(2.9 * y)
    field += 0.35 * x / wide + 0.15 * y / high
    heights = resized(field.astype(np.float32), size) * 9.0
    down, across = np.gradient(heights)
    slope = np.hypot(down, across) + 1e-4
    pixels = np.empty((*heights.shape, 3), np.float32)
    pixels[:] = scheme.ground
    steps = np.clip(np.floor(heights) / 13.0, 0, 1).astype(np.float32)
    pixels = blended(pixels, scheme.ramp(0.3), steps * 0.6)
    for every, thickness, share, strength in (
        (1, 1.1, 0.36, 0.55),
        (4, 2.0, 0.55, 0.75),
    ):
        off = np.abs((heights / every + 0.5) % 1 - 0.5) * every / slope  # in pixels
        line = np.clip(thickness / 2 + 0.5 - off, 0, 1).astype(np.float32)
        pixels = blended(pixels, scheme.ramp(share), line * strength)
    return grained(pixels, rng, 0.6)
