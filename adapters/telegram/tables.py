"""Tables in letters of one width."""

from rich.cells import cell_len

__all__ = ["MAX_COLUMNS", "lay_out"]

MAX_COLUMNS = 48
"""The widest table that is laid out: a wider one wraps into chaos on a phone."""

GAP = " | "


def lay_out(rows: list[list[str]], alignments: list[str]) -> str | None:
    """Return a table, its first row the heading; None where it would be too wide.

    Each alignment is "left", "center" or "right". Widths are counted as a terminal
    does: two for ideographs and emoji.
    """
    widths = [max(1, *map(cell_len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + len(GAP) * (len(widths) - 1) > MAX_COLUMNS:
        return None
    lines = [
        GAP.join(_pad(*cell) for cell in zip(row, widths, alignments, strict=True))
        for row in rows
    ]
    rule = "-+-".join("-" * width for width in widths)
    return "\n".join(line.rstrip() for line in [lines[0], rule, *lines[1:]])


def _pad(cell: str, width: int, alignment: str) -> str:
    missing = width - cell_len(cell)
    left = {"right": missing, "center": missing // 2}.get(alignment, 0)
    return " " * left + cell + " " * (missing - left)
