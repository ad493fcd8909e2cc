"""Colours of covers: OKLCH, WCAG contrast, and schemes made from one or two colours.

OKLCH is a colour as lightness (0 to 1), chroma (0: grey) and hue (degrees), spaced as
the eye sees it, so that steps of a ramp look even whatever the community's colours are.
The conversion is Björn Ottosson's.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import UserError
from bot.lettering.colour import RGB
from bot.words import T

__all__ = [
    "HEARTH_COLOURS",
    "READABLE",
    "Ground",
    "OkLch",
    "Scheme",
    "contrast",
    "luminance",
    "oklch_of",
    "parse_colour",
    "scheme_of",
]

HEARTH_COLOURS: tuple[str, str] = ("#b8471f", "#f0a95c")
"""Ember and flame, for communities that chose none."""
READABLE = 4.5
"""WCAG's least contrast (AA) of text on what is behind it."""
CHROMA_STEPS = 12
NEIGHBOUR_DEGREES = 42.0
GREY = 0.008  # below it a hue means nothing


@dataclass(frozen=True, slots=True)
class OkLch:
    """A colour as the eye sees it.

    Attributes:
        light: 0 (black) to 1 (white).
        chroma: 0 (grey) to about 0.37.
        hue: in degrees.
    """

    light: float
    chroma: float
    hue: float

    @property
    def rgb(self) -> RGB:
        """The nearest colour of the same lightness and hue that a screen can show."""
        low, high = 0.0, self.chroma
        if _is_shown(_linear(self)):
            low = high
        for _ in range(CHROMA_STEPS if low != high else 0):
            middle = (low + high) / 2
            if _is_shown(_linear(OkLch(self.light, middle, self.hue))):
                low = middle
            else:
                high = middle
        red, green, blue = map(_encoded, _linear(OkLch(self.light, low, self.hue)))
        return red, green, blue


def _linear(colour: OkLch) -> tuple[float, float, float]:
    a = colour.chroma * math.cos(math.radians(colour.hue))
    b = colour.chroma * math.sin(math.radians(colour.hue))
    long = (colour.light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _is_shown(linear: Sequence[float]) -> bool:
    return all(-1e-4 <= value <= 1 + 1e-4 for value in linear)


def _encoded(value: float) -> int:
    value = min(1.0, max(0.0, value))
    curved = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * curved)


def _decoded(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def oklch_of(colour: RGB) -> OkLch:
    """Return an sRGB colour as the eye sees it."""
    red, green, blue = map(_decoded, colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    return OkLch(light, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def parse_colour(text: str) -> RGB:
    """Read "#c2410c" or "#c40".

    Raises:
        UserError: it is not a colour written so.
    """
    digits = text.strip().removeprefix("#")
    if re.fullmatch(r"[0-9A-Fa-f]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", digits):
        raise UserError(
            T("“{text}” is not a colour. Write it like #c2410c.", text=text[:40])
        )
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def luminance(colour: RGB) -> float:
    """Return WCAG's relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = map(_decoded, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    """Return WCAG's contrast of two luminances, 1 (none) to 21."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


class Ground(StrEnum):
    """What a cover is painted on."""

    PAPER = "paper"
    """Nearly white, with a breath of the first colour."""
    DUSK = "dusk"
    """Nearly black, with a breath of the first colour."""
    COLOUR = "colour"
    """The first colour itself, as deep as light text needs."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """The colours of one cover.

    Attributes:
        ground: what is behind everything.
        ink: for text on the ground.
        other_ink: for text where the picture is as the ink itself.
        accent: a stronger colour that can be read on the ground.
        stops: from the ground's neighbour to the colour farthest from it.
    """

    ground: RGB
    ink: RGB
    other_ink: RGB
    accent: RGB
    stops: tuple[OkLch, ...]

    def ramp(self, share: float) -> RGB:
        """Return the colour at a share of the way (0 to 1) away from the ground."""
        place = min(1.0, max(0.0, share)) * (len(self.stops) - 1)
        index = min(int(place), len(self.stops) - 2)
        return _between(self.stops[index], self.stops[index + 1], place - index).rgb


def _between(one: OkLch, other: OkLch, share: float) -> OkLch:
    # The shorter way round the wheel; a grey has no hue of its own.
    turn = (other.hue - one.hue + 180) % 360 - 180
    start = one.hue
    if one.chroma < GREY:
        start, turn = other.hue, 0.0
    elif other.chroma < GREY:
        turn = 0.0
    return OkLch(
        one.light + (other.light - one.light) * share,
        one.chroma + (other.chroma - one.chroma) * share,
        (start + turn * share) % 360,
    )


def scheme_of(colours: Sequence[str], ground: Ground) -> Scheme:
    """Make the colours of a cover from the community's one or two.

    Raises:
        UserError: one of them is not a colour.
    """
    chosen = [oklch_of(parse_colour(text)) for text in colours or HEARTH_COLOURS][:2]
    one = chosen[0]
    two = chosen[1] if len(chosen) > 1 else _neighbour(one)
    if ground is Ground.PAPER:
        return _on_paper(one, two)
    if ground is Ground.DUSK:
        return _on_dark(one, two, OkLch(0.225, min(one.chroma * 0.3, 0.04), one.hue))
    deep = _deepened(OkLch(min(one.light, 0.55), one.chroma, one.hue), 6.0)
    return _on_dark(one, two, deep)


def _neighbour(one: OkLch) -> OkLch:
    return OkLch(
        min(0.84, one.light + 0.2), one.chroma, (one.hue + NEIGHBOUR_DEGREES) % 360
    )


def _on_paper(one: OkLch, two: OkLch) -> Scheme:
    ground = OkLch(0.966, min(0.013, one.chroma), (one.hue + two.hue) / 2)
    if abs(one.hue - two.hue) > 180:  # the middle lies on the other side of the wheel
        ground = OkLch(ground.light, ground.chroma, (ground.hue + 180) % 360)
    middle = _between(two, one, 0.5)
    stops = (
        OkLch(0.92, min(two.chroma, 0.05), two.hue),
        OkLch(0.845, min(two.chroma, 0.1), two.hue),
        OkLch(0.745, min(two.chroma, 0.15), two.hue),
        OkLch(0.64, middle.chroma, middle.hue),
        OkLch(0.53, one.chroma, one.hue),
        OkLch(0.40, one.chroma * 0.72, one.hue),
        OkLch(0.285, one.chroma * 0.45, one.hue),
    )
    ink = OkLch(0.225, min(one.chroma * 0.25, 0.03), one.hue)
    accent = _deepened(OkLch(min(one.light, 0.58), one.chroma, one.hue), 5.2)
    return Scheme(ground.rgb, ink.rgb, ground.rgb, accent.rgb, stops)


def _on_dark(one: OkLch, two: OkLch, ground: OkLch) -> Scheme:
    middle = _between(one, two, 0.5)
    low = ground.light
    stops = (
        OkLch(low + 0.035, max(ground.chroma, one.chroma * 0.45), one.hue),
        OkLch(low + (0.52 - low) * 0.4, one.chroma * 0.7, one.hue),
        OkLch(low + (0.58 - low) * 0.8, one.chroma, one.hue),
        OkLch(0.64, middle.chroma, middle.hue),
        OkLch(0.74, min(two.chroma, 0.16), two.hue),
        OkLch(0.83, min(two.chroma, 0.12), two.hue),
        OkLch(0.91, min(two.chroma, 0.06), two.hue),
    )
    ink = OkLch(0.972, min(two.chroma, 0.016), two.hue)
    accent = OkLch(0.82, min(two.chroma, 0.12), two.hue)
    back = luminance(ground.rgb)
    while contrast(luminance(accent.rgb), back) < 5.2 and accent.light < 0.97:
        accent = OkLch(accent.light + 0.02, accent.chroma * 0.9, accent.hue)
    dark = OkLch(0.2, min(one.chroma * 0.25, 0.03), one.hue)
    return Scheme(ground.rgb, ink.rgb, dark.rgb, accent.rgb, stops)


def _deepened(colour: OkLch, wanted: float) -> OkLch:
    """Return the colour, as dark as it has to be for white text on it."""
    while contrast(luminance(colour.rgb), 0.9) < wanted and colour.light > 0.05:
        colour = OkLch(colour.light - 0.015, colour.chroma, colour.hue)
    return colour
