"""The compositions a cover can have, and which suit which kind of post."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from PIL import Image

from bot.lettering.type import Box
from content.cover_colours import Ground, Scheme
from content.cover_fields import contours, mesh
from content.cover_scenes import dots, hills, plate, ribbons, sunrise, tiles

__all__ = ["COMPOSITIONS", "SIZES", "Composition", "Frame", "Shape", "composition_for"]


class Shape(StrEnum):
    """The shapes that platforms show well."""

    WIDE = "wide"
    """1200 x 630, as links are shown."""
    SQUARE = "square"
    """1080 x 1080, for feeds and phones."""


SIZES: Mapping[Shape, tuple[int, int]] = {
    Shape.WIDE: (1200, 630),
    Shape.SQUARE: (1080, 1080),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Where words stand.

    Attributes:
        box: all words: the kind at its top, the name at its foot, the title between.
        rise: where a short title stands: 0 under the kind, 1 above the name.
        gap_px: how far the title's room ends above the name.
        has_rule: a thin rule stands over the name.
        is_centred: lines stand in the middle rather than at a side.
    """

    box: Box
    is_centred: bool = False
    rise: float = 0.0
    gap_px: int = 36
    has_rule: bool = True

    def mirrored(self, width: int) -> "Frame":
        """Return the frame as in a mirror, for scripts that begin from the right."""
        return replace(self, box=self.box.mirrored(width))


@dataclass(frozen=True, slots=True)
class Composition:
    """A background and where words stand on it."""

    paint: Callable[[tuple[int, int], Scheme, Random], Image.Image]
    grounds: tuple[Ground, ...]
    frames: Mapping[Shape, Frame]


def _frames(wide: Frame, square: Frame) -> Mapping[Shape, Frame]:
    return {Shape.WIDE: wide, Shape.SQUARE: square}


WHOLE = _frames(
    Frame(Box(72, 64, 1128, 566), rise=0.5), Frame(Box(84, 84, 996, 996), rise=0.35)
)
COMPOSITIONS: Mapping[str, Composition] = {
    "hills": Composition(
        hills,
        (Ground.PAPER, Ground.DUSK),
        _frames(
            Frame(Box(72, 64, 1128, 590), gap_px=196, has_rule=False),
            Frame(Box(84, 84, 996, 1016), gap_px=320, has_rule=False),
        ),
    ),
    "sunrise": Composition(
        sunrise,
        (Ground.PAPER, Ground.COLOUR, Ground.DUSK),
        _frames(
            Frame(Box(72, 64, 880, 566), rise=0.3),
            Frame(Box(84, 84, 996, 996), gap_px=270),
        ),
    ),
    "ribbons": Composition(
        ribbons,
        (Ground.PAPER, Ground.DUSK, Ground.COLOUR),
        _frames(
            Frame(Box(72, 64, 770, 566), rise=0.4),
            Frame(Box(84, 84, 996, 640), rise=0.3),
        ),
    ),
    "tiles": Composition(
        tiles,
        (Ground.PAPER, Ground.DUSK, Ground.COLOUR),
        _frames(
            Frame(Box(72, 64, 762, 566), rise=0.4),
            Frame(Box(84, 436, 996, 1004), rise=0.4),
        ),
    ),
    "dots": Composition(
        dots,
        (Ground.PAPER, Ground.COLOUR),
        _frames(
            Frame(Box(72, 64, 900, 566), rise=0.3),
            Frame(Box(84, 84, 996, 996), gap_px=240),
        ),
    ),
    "plate": Composition(
        plate,
        (Ground.PAPER, Ground.DUSK),
        _frames(
            Frame(Box(180, 88, 1020, 542), is_centred=True, rise=0.5),
            Frame(Box(150, 150, 930, 930), is_centred=True, rise=0.5),
        ),
    ),
    "mesh": Composition(
        mesh,
        (Ground.DUSK, Ground.COLOUR),
        _frames(
            Frame(Box(72, 64, 1040, 566), rise=0.4),
            Frame(Box(84, 84, 996, 996), rise=0.2, gap_px=200),
        ),
    ),
    "contours": Composition(contours, (Ground.DUSK, Ground.PAPER), WHOLE),
}
EVERY = tuple(COMPOSITIONS)
SUITED: Mapping[str, tuple[str, ...]] = {
    "article": ("hills", "contours", "ribbons", "sunrise", "tiles"),
    "digest": ("tiles", "dots", "ribbons"),
    "story": ("hills", "contours", "plate"),
    "poem": ("plate", "mesh", "sunrise"),
    "quiz": ("dots", "tiles", "sunrise"),
    "lesson": ("sunrise", "contours", "dots"),
    "discussion": ("mesh", "ribbons", "dots"),
}
"""Kinds that are not named here may have any composition."""


def composition_for(kind: str, rng: Random) -> Composition:
    """Choose a composition that suits a kind of post."""
    return COMPOSITIONS[rng.choice(SUITED.get(kind, EVERY))]
