"""A chart of what people made of posts, to be looked at in a chat."""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bot.messages import Attachment
from content.cover_colours import RGB
from content.cover_fonts import Fonts, cleaned_title
from content.cover_setting import TypeSetter
from content.cover_type import Align, Box, Pen, Style

__all__ = ["Bar", "StatsChart"]

WIDTH_PX, MARGIN_PX = 1000, 48
HEAD_PX, ROW_PX, FOOT_PX = 168, 96, 30
TITLE_PX, LABEL_PX, SMALL_PX = 38, 27, 24
BAR_PX, DOT_PX, GAP_PX = 26, 20, 3
LEAST_PX = 11.0
NUMBER_PX = 84
ROUND_PX = 7
FINE = 3
PAPER, INK, SOFT, TRACK = (251, 248, 243), (44, 37, 32), (111, 100, 89), (238, 230, 219)
COLOURS: tuple[RGB, ...] = ((184, 71, 31), (240, 169, 92), (74, 122, 120))
LATIN_STAND_IN = "?"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a label, and numbers that stand one after the other."""

    label: str
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.parts)


class StatsChart:
    """Draws bars beside the event loop, one chart at a time."""

    def __init__(self, fonts: Fonts | None = None) -> None:
        self._fonts = fonts or Fonts()
        self._setter = TypeSetter(self._fonts)
        self._pen = Pen(self._fonts)
        self._turn = asyncio.Lock()

    async def draw(
        self, title: str, names: Sequence[str], bars: Sequence[Bar]
    ) -> Attachment:
        """Return a PNG; `names` says what the parts of each bar are."""
        async with self._turn:
            content = await asyncio.to_thread(self._drawn, title, names, bars)
        return Attachment("stats.png", "image/png", content)

    def _drawn(self, title: str, names: Sequence[str], bars: Sequence[Bar]) -> bytes:
        height = HEAD_PX + ROW_PX * len(bars) + FOOT_PX
        picture = Image.new("RGB", (WIDTH_PX, height), PAPER)
        top = MARGIN_PX - 8
        right = WIDTH_PX - MARGIN_PX
        self._write(picture, title, Box(MARGIN_PX, top, right, top + 48), TITLE_PX, INK)
        self._legend(picture, names)
        most = max((bar.total for bar in bars), default=0)
        for number, bar in enumerate(bars):
            self._row(picture, bar, HEAD_PX + number * ROW_PX, most)
        file = io.BytesIO()
        picture.save(file, "PNG", optimize=True)
        return file.getvalue()

    def _legend(self, picture: Image.Image, names: Sequence[str]) -> None:
        left, top = MARGIN_PX, MARGIN_PX + 62
        for name, colour in zip(names, COLOURS, strict=False):
            _rounded(picture, (left, top + 4, left + DOT_PX, top + 4 + DOT_PX), colour)
            box = Box(left + DOT_PX + 10, top, WIDTH_PX - MARGIN_PX, top + 30)
            left = self._write(picture, name, box, SMALL_PX, SOFT) + 34

    def _row(self, picture: Image.Image, bar: Bar, top: int, most: int) -> None:
        right = WIDTH_PX - MARGIN_PX
        label = Box(MARGIN_PX, top, right - NUMBER_PX, top + 36)
        self._write(picture, bar.label, label, LABEL_PX, INK)
        under = top + 44
        end = right - NUMBER_PX
        _rounded(picture, (MARGIN_PX, under, end, under + BAR_PX), TRACK)
        self._parts(picture, bar, (MARGIN_PX, under, end), most)
        number = Box(end + 14, under - 3, right, under + BAR_PX + 6)
        self._write(picture, str(bar.total), number, LABEL_PX, INK, align=Align.RIGHT)

    def _parts(
        self, picture: Image.Image, bar: Bar, place: tuple[int, int, int], most: int
    ) -> None:
        """Draw the coloured parts of a bar; what is not nothing can be seen."""
        left, top, end = place
        widths = _widths(bar.parts, (end - left) * bar.total / max(1, most))
        at = float(left)
        for width, colour in zip(widths, COLOURS, strict=False):
            if width:
                box = (round(at), top, round(at + width - GAP_PX), top + BAR_PX)
                _rounded(picture, box, colour)
                at += width

    def _write(
        self,
        picture: Image.Image,
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
        self._pen.draw(picture, setting, colour)
        return setting.ink.right


def _widths(parts: Sequence[int], length_px: float) -> list[float]:
    """Return how long each part of a bar is; a small one takes from the longest."""
    total = max(1, sum(parts))
    widths = [
        max(LEAST_PX, length_px * part / total) if part else 0.0 for part in parts
    ]
    longest = widths.index(max(widths))
    too_long = max(0.0, sum(widths) - max(length_px, LEAST_PX))
    widths[longest] = max(LEAST_PX, widths[longest] - too_long) if any(parts) else 0.0
    return widths


def _rounded(picture: Image.Image, box: tuple[int, int, int, int], colour: RGB) -> None:
    """Fill a rectangle with round corners, smoothly."""
    left, top, right, bottom = box
    if right <= left:
        return
    size = ((right - left) * FINE, (bottom - top) * FINE)
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, size[0] - 1, size[1] - 1), radius=ROUND_PX * FINE, fill=255
    )
    picture.paste(colour, (left, top), mask=mask.reduce(FINE))
