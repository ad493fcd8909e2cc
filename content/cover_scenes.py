"""Backgrounds of shapes: hills, a rising sun, ribbons, tiles, dots, a framed plate."""

import math
from random import Random

from PIL import Image

from bot.lettering.colour import RGB
from content.cover_canvas import Point, Sketch, gradient, grained
from content.cover_colours import Scheme, luminance

__all__ = ["dots", "hills", "plate", "ribbons", "sunrise", "tiles"]

Size = tuple[int, int]
CURVE_STEP = 6


def _is_dark(scheme: Scheme) -> bool:
    return luminance(scheme.ground) < luminance(scheme.ink)


def _wave(
    rng: Random, length: float, height: float
) -> list[tuple[float, float, float]]:
    """Return swings (how often, how high, from where) that make a gentle line."""
    return [
        (
            rng.uniform(0.7, 1.3) * times * math.tau / length,
            height * share,
            rng.uniform(0, 6.3),
        )
        for times, share in ((0.8, 0.62), (1.9, 0.26), (3.7, 0.12))
    ]


def _at(swings: list[tuple[float, float, float]], x: float) -> float:
    return sum(height * math.sin(often * x + start) for often, height, start in swings)


def hills(size: Size, scheme: Scheme, rng: Random) -> Image.Image:
    """Paint layers of hills under a low sun."""
    width, height = size
    dark = _is_dark(scheme)
    glow = scheme.ramp(0.2 if dark else 0.1)
    sky = gradient(
        size, [(0, scheme.ground), (0.3, scheme.ground), (0.72, glow), (1, glow)]
    )
    sketch = Sketch(size, sky)
    side = rng.uniform(0.74, 0.86)
    sun = (width * side, height * rng.uniform(0.62, 0.65))
    radius = min(size) * rng.uniform(0.1, 0.125)
    halo, disc = (0.3, 0.62) if dark else (0.14, 0.34)
    sketch.circle(sun, radius * 1.42, scheme.ramp(halo))
    sketch.circle(sun, radius, scheme.ramp(disc))
    far, near = (0.42, 0.0) if dark else (0.36, 1.0)
    layers = 5
    for layer in range(layers):
        share = layer / (layers - 1)
        base = height * (0.645 + 0.185 * share)
        swings = _wave(
            rng, width * (1.15 - 0.3 * share), height * (0.055 - 0.035 * share)
        )
        line: list[Point] = [
            (x, base + _at(swings, x))
            for x in range(-CURVE_STEP, width + 2 * CURVE_STEP, CURVE_STEP)
        ]
        line += [(width + CURVE_STEP, height), (-CURVE_STEP, height)]
        sketch.polygon(line, scheme.ramp(far + (near - far) * share))
    return grained(sketch.picture(), rng, 0.6)


def sunrise(size: Size, scheme: Scheme, rng: Random) -> Image.Image:
    """Paint rings around a sun that comes up at the lower right."""
    width, height = size
    sketch = Sketch(size, scheme.ground)
    is_wide = width > height
    centre = (
        width * (rng.uniform(0.8, 0.9) if is_wide else rng.uniform(0.62, 0.8)),
        height * rng.uniform(1.0, 1.06),
    )
    reach = height * (0.86 if is_wide else 0.66)
    rings = rng.choice((6, 7, 8))
    for ring in range(rings):
        share = ring / (rings - 1)
        radius = reach * (1 - share) ** 0.9 + reach * 0.16 * share
        sketch.circle(centre, radius, scheme.ramp(0.04 + 0.78 * share**1.15))
    return grained(sketch.picture(), rng, 0.8)


def ribbons(size: Size, scheme: Scheme, rng: Random) -> Image.Image:
    """Paint ribbons that flow down one side (of a square: along its foot)."""
    width, height = size
    is_wide = width > height
    long, across = (height, width) if is_wide else (width, height)
    sketch = Sketch(size, scheme.ground)
    swings = _wave(rng, long * 2.4, across * 0.06)[:2]
    turn = rng.uniform(0.25, 0.5)
    ribbons_shown = 7
    first, last = (0.68, 1.02) if is_wide else (0.66, 1.0)
    for ribbon in range(ribbons_shown):
        share = ribbon / (ribbons_shown - 1)
        base = across * (first + (last - first) * share**0.92)
        shift = ribbon * turn * long * 0.16
        line: list[Point] = []
        for along in range(-CURVE_STEP, long + 2 * CURVE_STEP, CURVE_STEP):
            lean = (along / long - 0.5) * across * (-0.07 if is_wide else -0.04)
            side = base + _at(swings, along + shift) * (1 + 0.35 * share) + lean
            line.append((side, along) if is_wide else (along, side))
        line += (
            [(width + 9, height + 9), (width + 9, -9)]
            if is_wide
            else [(width + 9, height + 9), (-9, height + 9)]
        )
        sketch.polygon(line, scheme.ramp(0.1 + 0.82 * share))
    return grained(sketch.picture(), rng, 0.8)


def tiles(size: Size, scheme: Scheme, rng: Random) -> Image.Image:
    """Paint a panel of geometric tiles: at the right, of a square at the top."""
    width, height = size
    is_wide = width > height
    side = height / 5 if is_wide else width / 6
    columns, rows = (3, 5) if is_wide else (6, 2)
    left = width - columns * side if is_wide else 0.0
    sketch = Sketch(size, scheme.ground)
    shades = [scheme.ramp(share) for share in (0.06, 0.3, 0.5, 0.68, 0.9)]
    before: tuple[RGB, RGB] | None = None
    for row in range(rows):
        for column in range(columns):
            pair = _pair(shades, rng, before)
            before = pair
            corner = (left + column * side, row * side)
            _tile(sketch, corner, side, pair, rng)
    return grained(sketch.picture(), rng, 0.7)


def _pair(
    shades: list[RGB], rng: Random, before: tuple[RGB, RGB] | None
) -> tuple[RGB, RGB]:
    while True:
        first, second = rng.sample(range(len(shades)), 2)
        pair = (shades[first], shades[second])
        if abs(first - second) >= 2 and (before is None or pair[0] != before[0]):
            return pair


def _tile(
    sketch: Sketch, corner: Point, side: float, pair: tuple[RGB, RGB], rng: Random
) -> None:
    (x, y), (back, front) = corner, pair
    sketch.rectangle(x, y, x + side, y + side, back)
    turn = rng.randrange(4)
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    centre = (x + side / 2, y + side / 2)
    quarter = (90 * turn, 90 * turn + 90)
    shape = rng.choice(
        ("quarter", "leaf", "rings", "circle", "half", "triangle", "bars")
    )
    if shape == "quarter":
        sketch.sector(corners[turn], side, quarter, front)
    elif shape == "leaf":
        _leaf(sketch, corners, turn, side, front)
    elif shape == "rings":
        for share, colour in ((1.0, front), (0.68, back), (0.36, front)):
            sketch.sector(corners[turn], side * share, quarter, colour)
    elif shape == "circle":
        sketch.circle(centre, side * 0.38, front)
        sketch.circle(centre, side * 0.15, back)
    elif shape == "half":
        middle = (
            (corners[turn][0] + corners[(turn + 1) % 4][0]) / 2,
            (corners[turn][1] + corners[(turn + 1) % 4][1]) / 2,
        )
        sketch.sector(middle, side / 2, (90 * turn, 90 * turn + 180), front)
    elif shape == "triangle":
        sketch.polygon(
            [corners[turn], corners[(turn + 1) % 4], corners[(turn + 2) % 4]], front
        )
    else:
        for bar in range(3):
            start = side * (2 * bar + 0.5) / 6
            if turn % 2:
                sketch.rectangle(x + start, y, x + start + side / 6, y + side, front)
            else:
                sketch.rectangle(x, y + start, x + side, y + start + side / 6, front)


def _leaf(
    sketch: Sketch, corners: list[Point], turn: int, side: float, colour: RGB
) -> None:
    """Fill what two quarter circles of opposite corners have in common."""
    points: list[Point] = []
    for corner, start in (
        (corners[turn], 90 * turn),
        (corners[(turn + 2) % 4], 90 * turn + 180),
    ):
        for step in range(25):
            angle = math.radians(start + 90 * step / 24)
            points.append(
                (corner[0] + side * math.cos(angle), corner[1] + side * math.sin(angle))
            )
    sketch.polygon(points, colour)


def dots(size: Size, scheme: Scheme, rng: Random) -> Image.Image:
    """Paint dots that grow towards a corner, as in an old print."""
    width, height = size
    step = 30.0
    sketch = Sketch(size, scheme.ground)
    centre = (width * rng.uniform(0.9, 1.0), height * rng.uniform(0.86, 1.05))
    reach = min(size) * (0.98 if width > height else 0.72)
    for row in range(int(height / step * 1.2) + 3):
        for column in range(int(width / step) + 3):
            x = column * step + (row % 2) * step / 2 - step
            y = row * step * 0.866 - step
            near = 1 - math.dist((x, y), centre) / reach
            if near > 0.04:
                radius = step * 0.56 * min(1.0, near) ** 0.75
                sketch.circle((x, y), radius, scheme.ramp(0.1 + 0.75 * near))
    return grained(sketch.picture(), rng, 0.8)


def plate(size: Size, scheme: Scheme, rng: Random) -> Image.Image:
    """Paint a framed plate with quarter suns in its corners."""
    width, height = size
    inset = min(size) * 0.045
    reach = min(size) * rng.uniform(0.19, 0.23)
    sketch = Sketch(size, scheme.ramp(0.62))
    sketch.rectangle(inset, inset, width - inset, height - inset, scheme.ground)
    corners = [
        (inset, inset),
        (width - inset, inset),
        (width - inset, height - inset),
        (inset, height - inset),
    ]
    chosen = rng.choice(((0, 1, 2, 3), (1, 3), (0, 2), (2, 3)))
    shades = (0.22, 0.42, 0.62, 0.82)
    for corner in chosen:
        for ring, share in enumerate((1.0, 0.74, 0.48, 0.24)):
            sketch.sector(
                corners[corner],
                reach * share,
                (90 * corner, 90 * corner + 90),
                scheme.ramp(shades[ring]),
            )
    return grained(sketch.picture(), rng, 1.1)
