"""Columns side by side: how much there was on each day, of one thing or several."""

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

__all__ = ["Panel", "draw_columns"]

HEAD_PX, FOOT_PX = 124, 24
NAME_PX, COLUMNS_PX, LABELS_PX = 44, 190, 56
"""How high the parts of a panel are: its name, its columns, the labels below them."""
TEXT_PX, SMALL_PX = 27, 20
NUMBER_PX = 30
"""So much room the number above a column has."""
LEAST_PX = 6
WIDEST_PX = 46
FLOOR_PX = 3


@dataclass(frozen=True, slots=True)
class Panel:
    """One thing that was counted, with a number for each label of the chart."""

    name: str
    numbers: tuple[int, ...]


async def draw_columns(
    title: str, labels: Sequence[str], panels: Sequence[Panel]
) -> Attachment:
    """Return a PNG, drawn in a thread: panels below each other, each to its scale."""
    content = await asyncio.to_thread(_drawn, title, labels, panels)
    return Attachment("chart.png", "image/png", content)


def _drawn(title: str, labels: Sequence[str], panels: Sequence[Panel]) -> bytes:
    each_px = NAME_PX + COLUMNS_PX + LABELS_PX
    height = HEAD_PX + each_px * len(panels) + FOOT_PX
    canvas = Canvas(title, height)
    for number, panel in enumerate(panels):
        colour = COLOURS[(0, 2, 1)[number % len(COLOURS)]]
        _panel(canvas, panel, labels, HEAD_PX + number * each_px, colour)
    return canvas.png()


def _panel(
    canvas: Canvas,
    panel: Panel,
    labels: Sequence[str],
    top: int,
    colour: tuple[int, int, int],
) -> None:
    right = WIDTH_PX - MARGIN_PX
    canvas.write(panel.name, Box(MARGIN_PX, top, right, top + 36), TEXT_PX, INK)
    floor = top + NAME_PX + COLUMNS_PX
    canvas.fill(Box(MARGIN_PX, floor, right, floor + FLOOR_PX), TRACK)
    most = max(1, *panel.numbers) if panel.numbers else 1
    step = (right - MARGIN_PX) / max(1, len(labels))
    half = min(WIDEST_PX, round(step * 0.7)) // 2
    for index, (label, number) in enumerate(zip(labels, panel.numbers, strict=True)):
        left, end = (round(MARGIN_PX + step * (index + part)) for part in (0, 1))
        middle = (left + end) // 2
        room = COLUMNS_PX - NUMBER_PX
        high = max(LEAST_PX, round(room * number / most)) if number else 0
        canvas.fill(Box(middle - half, floor - high, middle + half, floor), colour)
        if number:
            above = Box(left, floor - high - NUMBER_PX, end, floor - high - 2)
            canvas.write(f"{number}", above, SMALL_PX, INK, align=Align.CENTRE)
        below = Box(left, floor + 8, end, floor + 34)
        canvas.write(label, below, SMALL_PX, SOFT, align=Align.CENTRE)
