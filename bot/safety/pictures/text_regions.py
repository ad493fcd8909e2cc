"""Finding the lines in a map that says for each pixel how likely text is there."""

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.safety.pictures.text_in_picture import Place

if TYPE_CHECKING:
    import numpy as np

__all__ = ["find_lines"]

IS_TEXT = 0.3
"""How likely text must be at a pixel, and on average in a whole line:"""
IS_LINE = 0.5
GROWTH = 1.6
"""The map shows lines thinner than they are; area times this by outline makes up."""
MIN_PX = 3
MAX_RUNS = 30_000
"""Pieces of rows; noise has more, a page of small print some thousands."""
SLANTED = 3.0
"""A line must be so many times longer than high before its slant is trusted."""


def find_lines(likely: "np.ndarray") -> list[Place]:
    """Return where lines stand.

    Args:
        likely: (height, width) float32, 0 to 1.

    Returns:
        Places in pixels of the map; they may reach a little beyond it.
    """
    import numpy as np

    runs = _runs(likely > IS_TEXT)[:MAX_RUNS]
    sums = np.pad(likely.astype(np.float64).cumsum(axis=1), ((0, 0), (1, 0)))
    heat = sums[runs[:, 0], runs[:, 2]] - sums[runs[:, 0], runs[:, 1]]
    places: list[Place] = []
    for members in _regions(runs):
        region = runs[members]
        num_pixels = int((region[:, 2] - region[:, 1]).sum())
        if heat[members].sum() >= IS_LINE * num_pixels:
            place = _place(region)
            if place is not None:
                places.append(place)
    return places


def _runs(is_text: "np.ndarray") -> "np.ndarray":
    """Return the pieces of rows that are text, from the top.

    Returns:
        (number, 3) int64: row, first column, column after the last.
    """
    import numpy as np

    edges = np.diff(np.pad(is_text.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    return np.stack([rows, starts, ends], axis=1)


def _regions(runs: "np.ndarray") -> list[list[int]]:
    """Return the numbers of runs that touch from row to row, together."""
    parents = list(range(len(runs)))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    above, rows = 0, runs.tolist()
    for number, (row, start, end) in enumerate(rows):
        # Both rows are sorted, so what ended before this run's start stays behind.
        while rows[above][0] < row - 1 or (
            rows[above][0] == row - 1 and rows[above][2] < start
        ):
            above += 1
        other = above
        while rows[other][0] == row - 1 and rows[other][1] <= end:
            parents[root(number)] = root(other)
            other += 1
    regions: defaultdict[int, list[int]] = defaultdict(list)
    for number in range(len(runs)):
        regions[root(number)].append(number)
    return list(regions.values())


def _place(region: "np.ndarray") -> Place | None:
    """Return the corners around the runs of a region, None if it is too small."""
    import numpy as np

    rows = np.concatenate([region[:, 0], region[:, 0] + 1])
    corners = np.concatenate(
        [np.stack([np.tile(region[:, column], 2), rows], axis=1) for column in (1, 2)]
    ).astype(np.float64)  # (points, 2): x, y
    middle = corners.mean(axis=0)
    along = np.asarray([1.0, 0.0])
    spread = np.linalg.eigh(np.cov((corners - middle).T))
    if spread.eigenvalues[1] > SLANTED**2 * max(spread.eigenvalues[0], 1e-9):
        slant = spread.eigenvectors[:, 1]
        slant = slant if slant[0] >= 0 else -slant
        if abs(slant[1]) < slant[0]:  # steeper text is rather turned by a quarter
            along = slant
    across = np.asarray([-along[1], along[0]])
    lengths = (corners - middle) @ np.stack([along, across], axis=1)  # (points, 2)
    low, high = lengths.min(axis=0), lengths.max(axis=0)
    width, height = high - low
    if min(width, height) < MIN_PX:
        return None
    growth = GROWTH * width * height / (2 * (width + height))
    (left, top), (right, bottom) = low - growth, high + growth
    points = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return Place(
        tuple(
            (float(x), float(y))
            for x, y in (middle + a * along + b * across for a, b in points)
        )
    )
