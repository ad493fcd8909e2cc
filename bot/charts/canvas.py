"""What charts are drawn on: paper of their own, so that they read well on any page."""

import io

from PIL import Image, ImageDraw

from bot.lettering.colour import RGB
from bot.lettering.fonts import Fonts, cleaned_title
from bot.lettering.setting import TypeSetter
from bot.lettering.type import Align, Box, Pen, Style

__all__ = [
    "COLOURS",
    "INK",
    "MARGIN_PX",
    "PAPER",
    "SOFT",
    "TITLE_PX",
    "TRACK",
    "WIDTH_PX",
    "Canvas",
]

WIDTH_PX, MARGIN_PX = 1000, 48
TITLE_PX = 38
ROUND_PX = 7
FINE = 3
"""How many times larger round corners are drawn than they are shown."""
PAPER, INK, SOFT, TRACK = (251, 248, 243), (44, 37, 32), (111, 100, 89), (238, 230, 219)
COLOURS: tuple[RGB, ...] = ((184, 71, 31), (240, 169, 92), (74, 122, 120))
LATIN_STAND_IN = "?"


class Canvas:
    """A picture with a title, and fonts of its own: they are for one thread."""

    def __init__(self, title: str, height_px: int) -> None:
        self._fonts = fonts = Fonts()
        self._setter = TypeSetter(fonts)
        self._pen = Pen(fonts)
        self._picture = Image.new("RGB", (WIDTH_PX, height_px), PAPER)
        top, right = MARGIN_PX - 8, WIDTH_PX - MARGIN_PX
        self.write(title, Box(MARGIN_PX, top, right, top + 48), TITLE_PX, INK)

    def png(self) -> bytes:
        """Return it as a file."""
        file = io.BytesIO()
        self._picture.save(file, "PNG", optimize=True)
        return file.getvalue()

    def write(
        self,
        text: str,
        box: Box,
        size_px: int,
        colour: RGB,
        *,
        align: Align = Align.LEFT,
    ) -> int:
        """Write a text into a box, cut where it is too long; return where it ends."""
        cleaned = cleaned_title(text)
        letters = self._fonts.letters(cleaned, is_small=True)
        letters = letters or self._fonts.letters(LATIN_STAND_IN, is_small=True)
        if not letters:
            return box.left
        style = Style(size_px, size_px, align=align, rise=0.5)
        setting = self._setter.set(letters, box, style)
        self._pen.draw(self._picture, setting, colour)
        return setting.ink.right

    def fill(self, box: Box, colour: RGB) -> None:
        """Fill a rectangle with round corners, smoothly."""
        if box.width <= 0 or box.height <= 0:
            return
        size = (box.width * FINE, box.height * FINE)
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).rounded_rectangle(
            (0, 0, size[0] - 1, size[1] - 1), radius=ROUND_PX * FINE, fill=255
        )
        self._picture.paste(colour, (box.left, box.top), mask=mask.reduce(FINE))
