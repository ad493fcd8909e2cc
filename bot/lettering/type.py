"""Letters as they stand in a picture: pieces, lines, and the pen that draws them.

Letters are drawn twice as large as they are shown and then reduced, so that they stand
where they belong to half a pixel. Emoji are pictures, and are drawn as such.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from PIL import Image, ImageDraw

from bot.lettering.bidi import levels_of, visual_order
from bot.lettering.colour import RGB
from bot.lettering.font_files import Face
from bot.lettering.fonts import Fonts, Letter

__all__ = ["Align", "Box", "Line", "Pen", "Piece", "Style", "TypeSetting", "pieces_of"]

FINE = 2
"""How many times larger letters are drawn than they are shown."""
EMOJI_SCALE = 0.94
EMOJI_DROP = 0.2
"""How far an emoji reaches below the line, as a share of its height."""


class Align(StrEnum):
    """At which side of their box lines stand."""

    LEFT = "left"
    """For scripts that begin there."""
    RIGHT = "right"
    """For scripts that begin there."""
    CENTRE = "centre"
    """Both sides are left the same room."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """From top to bottom."""
        return self.bottom - self.top

    def mirrored(self, width: int) -> "Box":
        """Return the box as in a mirror, in a picture of a width."""
        return Box(width - self.right, self.top, width - self.left, self.bottom)


@dataclass(frozen=True, slots=True)
class Style:
    """How large letters may be, and how they stand.

    Attributes:
        rise: where a text lower than its box stands: 0 at its top, 1 at its bottom.
        tracking: space between letters, as a share of the size.
    """

    largest_px: int
    smallest_px: int
    max_lines: int = 1
    align: Align = Align.LEFT
    rise: float = 0.0
    tracking: float = 0.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line in one font and one direction."""

    text: str
    face: Face
    is_right_to_left: bool

    @property
    def direction(self) -> str:
        """The direction as the shaper calls it."""
        return "rtl" if self.is_right_to_left else "ltr"


def pieces_of(
    letters: Sequence[Letter], *, base: int, is_spaced: bool = False
) -> list[Piece]:
    """Cut a line into pieces, as they are seen from left to right.

    Args:
        base: 1 where the text begins from the right, else 0.
        is_spaced: each letter is a piece.
    """
    levels = levels_of([letter.text for letter in letters], base=base)
    keys = [
        (letter.face, level, index if is_spaced or letter.face.is_emoji else 0)
        for index, (letter, level) in enumerate(zip(letters, levels, strict=True))
    ]
    runs: list[tuple[Piece, int]] = []
    for key, group in groupby(range(len(letters)), key=keys.__getitem__):
        text = "".join(letters[index].text for index in group)
        runs.append((Piece(text, key[0], key[1] % 2 == 1), key[1]))
    return [runs[index][0] for index in visual_order([level for _, level in runs])]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is placed.

    Attributes:
        pieces: from left to right, each with its left end.
        ink: what its letters cover.
    """

    text: str
    pieces: tuple[tuple[Piece, float], ...]
    baseline: float
    ink: Box


@dataclass(frozen=True, slots=True)
class TypeSetting:
    """A text, set.

    Attributes:
        is_cut: it was too long and ends with an ellipsis.
    """

    lines: tuple[Line, ...]
    size_px: int
    is_right_to_left: bool
    is_cut: bool

    @property
    def ink(self) -> Box:
        """What its letters cover."""
        boxes = [line.ink for line in self.lines]
        return Box(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )


class Pen:
    """Measures and draws pieces with the fonts of this machine."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts

    def advance(self, piece: Piece, size_px: float) -> float:
        """Return how far a piece moves the pen, at a size."""
        face = piece.face
        if face.is_emoji and face.strike_px:
            bitmap = self._fonts.at(face, face.strike_px)
            share = size_px * EMOJI_SCALE / face.strike_px
            return bitmap.getlength(piece.text) * share
        px = max(1, round(size_px * face.scale * FINE))
        font = self._fonts.at(face, px)
        return font.getlength(piece.text, direction=piece.direction) / FINE

    def ink(self, piece: Piece, size_px: float) -> tuple[float, float, float, float]:
        """Return the box that a piece covers, around the pen's place on the line."""
        if piece.face.is_emoji:
            height = size_px * EMOJI_SCALE * 1.1
            width = self.advance(piece, size_px)
            return 0.0, -height * (1 - EMOJI_DROP), width, height * EMOJI_DROP
        px = max(1, round(size_px * piece.face.scale * FINE))
        font = self._fonts.at(piece.face, px)
        left, top, right, bottom = font.getbbox(
            piece.text, direction=piece.direction, anchor="ls"
        )
        return left / FINE, top / FINE, right / FINE, bottom / FINE

    def draw(self, picture: Image.Image, setting: TypeSetting, colour: RGB) -> None:
        """Draw a text that is set onto a picture."""
        mask = Image.new("L", (picture.width * FINE, picture.height * FINE))
        pen = ImageDraw.Draw(mask)
        for line in setting.lines:
            for piece, left in line.pieces:
                if not piece.face.is_emoji:
                    px = max(1, round(setting.size_px * piece.face.scale * FINE))
                    pen.text(
                        (left * FINE, line.baseline * FINE),
                        piece.text,
                        fill=255,
                        font=self._fonts.at(piece.face, px),
                        anchor="ls",
                        direction=piece.direction,
                    )
        picture.paste(colour, mask=mask.reduce(FINE))
        for line in setting.lines:
            for piece, left in line.pieces:
                if piece.face.is_emoji:
                    self._draw_emoji(picture, piece, left, line.baseline, setting)

    def _draw_emoji(
        self,
        picture: Image.Image,
        piece: Piece,
        left: float,
        baseline: float,
        setting: TypeSetting,
    ) -> None:
        px = piece.face.strike_px or setting.size_px * FINE
        font = self._fonts.at(piece.face, px)
        box = font.getbbox(piece.text, anchor="ls")
        size = (max(1, round(box[2] - box[0])), max(1, round(box[3] - box[1])))
        tile = Image.new("RGBA", size)
        ImageDraw.Draw(tile).text(
            (-box[0], -box[1]), piece.text, font=font, anchor="ls", embedded_color=True
        )
        _, top, width, bottom = self.ink(piece, setting.size_px)
        share = min(width / size[0], (bottom - top) / size[1])
        shown = (max(1, round(size[0] * share)), max(1, round(size[1] * share)))
        tile = tile.resize(shown, Image.Resampling.LANCZOS)
        place = (
            round(left + (width - shown[0]) / 2),
            round(baseline + (top + bottom - shown[1]) / 2),
        )
        picture.paste(tile, place, mask=tile)
