"""Bars one below the other: how much of each there is, and of what it is made."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.charts.canvas import (
    COLOURS,
    INK,
    MARGIN_PX,
    SOFT,
    TRACK,
    WIDTH_PX,
    Canvas,
)
from bot.lettering.type import Align, Box
from bot.messages import Attachment

__all__ = ["Bar", "draw_bars"]

HEAD_PX, ROW_PX, FOOT_PX = 168, 96, 30
LABEL_PX, SMALL_PX = 27, 24
BAR_PX, DOT_PX, GAP_PX = 26, 20, 3
LEAST_PX = 11.0
NUMBER_PX = 84


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a label, and numbers that stand one after the other."""

    label: str
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.parts)


async def draw_bars(
    title: str, names: Sequence[str], bars: Sequence[Bar]
) -> Attachment:
    """Return a PNG, drawn in a thread; `names` says what the parts of each bar are."""
    content = await asyncio.to_thread(_drawn, title, names, bars)
    return Attachment("stats.png", "image/png", content)


def _drawn(title: str, names: Sequence[str], bars: Sequence[Bar]) -> bytes:
    height = HEAD_PX + ROW_PX * len(bars) + FOOT_PX
    canvas = Canvas(title, height)
    _legend(canvas, names)
    most = max((bar.total for bar in bars), default=0)
    for number, bar in enumerate(bars):
        _row(canvas, bar, HEAD_PX + number * ROW_PX, most)
    return canvas.png()


def _legend(canvas: Canvas, names: Sequence[str]) -> None:
    left, top = MARGIN_PX, MARGIN_PX + 62
    for name, colour in zip(names, COLOURS, strict=False):
        canvas.fill(Box(left, top + 4, left + DOT_PX, top + 4 + DOT_PX), colour)
        box = Box(left + DOT_PX + 10, top, WIDTH_PX - MARGIN_PX, top + 30)
        left = canvas.write(name, box, SMALL_PX, SOFT) + 34


def _row(canvas: Canvas, bar: Bar, top: int, most: int) -> None:
    right = WIDTH_PX - MARGIN_PX
    label = Box(MARGIN_PX, top, right - NUMBER_PX, top + 36)
    canvas.write(bar.label, label, LABEL_PX, INK)
    under = top + 44
    end = right - NUMBER_PX
    whole = Box(MARGIN_PX, under, end, under + BAR_PX)
    canvas.fill(whole, TRACK)
    _parts(canvas, bar, whole, most)
    number = Box(end + 14, under - 3, right, under + BAR_PX + 6)
    canvas.write(str(bar.total), number, LABEL_PX, INK, align=Align.RIGHT)


def _parts(canvas: Canvas, bar: Bar, whole: Box, most: int) -> None:
    """Draw the coloured parts of a bar; what is not nothing can be seen."""
    widths = _widths(bar.parts, whole.width * bar.total / max(1, most))
    at = float(whole.left)
    for width, colour in zip(widths, COLOURS, strict=False):
        if width:
            end = round(at + width - GAP_PX)
            canvas.fill(Box(round(at), whole.top, end, whole.bottom), colour)
            at += width


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
