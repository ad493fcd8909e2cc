"""Tables in letters of one width, or as lines with bars."""

from collections.abc import Container, Iterable

from markdown_it.token import Token
from rich.cells import cell_len

from adapters.telegram.canvas import Canvas
from adapters.telegram.entities import Kind
from adapters.telegram.inline import is_link, write_inline
from adapters.telegram.limits import MAX_COLUMNS

__all__ = ["Table"]

GAP = " | "


class Table:
    """A table that is read from its tokens, the first row being its heading."""

    def __init__(self, tokens: Iterable[Token], *, shown_urls: Container[str]) -> None:
        self._shown_urls = shown_urls
        self._rows: list[list[Token]] = []
        self._alignments: list[str] = []
        for token in tokens:
            if token.type == "tr_open":
                self._rows.append([])
            elif token.type == "th_open":
                style = str(token.attrs.get("style", ""))
                self._alignments.append(style.removeprefix("text-align:"))
            elif token.type == "inline":
                self._rows[-1].append(token)

    def write(self, canvas: Canvas, *, may_grow: bool) -> None:
        """Write it aligned, or with bars where it is wide, has links or may not grow.

        Nothing can be marked in letters of one width, so there links would be lost.
        """
        start = canvas.position
        has_links = any(_has_link(cell) for row in self._rows for cell in row)
        aligned = self._aligned() if may_grow and not has_links else None
        if aligned is None:
            self._write_lines(canvas)
        else:
            canvas.write(aligned)
            canvas.mark(Kind.PRE, start)

    def _aligned(self) -> str | None:
        """Return it laid out; None where it would be too wide.

        Widths are counted as a terminal does: two for ideographs and emoji.
        """
        rows = [[self._text(cell) for cell in row] for row in self._rows]
        widths = [max(1, *map(cell_len, column)) for column in zip(*rows, strict=True)]
        if sum(widths) + len(GAP) * (len(widths) - 1) > MAX_COLUMNS:
            return None
        heading, *lines = [
            GAP.join(map(_pad, row, widths, self._alignments)).rstrip() for row in rows
        ]
        rule = "-+-".join("-" * width for width in widths)
        return "\n".join([heading, rule, *lines])

    def _text(self, cell: Token) -> str:
        canvas = Canvas()
        write_inline(canvas, cell.children or (), shown_urls=self._shown_urls)
        return canvas.text.replace("\n", " ")

    def _write_lines(self, canvas: Canvas) -> None:
        start = canvas.position
        for number, row in enumerate(self._rows):
            if number:
                canvas.break_lines(1)
            while len(row) > 1 and not row[-1].content:
                row.pop()
            for column, cell in enumerate(row):
                canvas.write(GAP if column else "")
                write_inline(canvas, cell.children or (), shown_urls=self._shown_urls)
            if not number:
                canvas.mark(Kind.BOLD, start)


def _pad(cell: str, width: int, alignment: str) -> str:
    missing = width - cell_len(cell)
    left = {"right": missing, "center": missing // 2}.get(alignment, 0)
    return " " * left + cell + " " * (missing - left)


def _has_link(cell: Token) -> bool:
    return any(
        is_link(str(child.attrs.get("href") or child.attrs.get("src") or ""))
        for child in cell.children or ()
    )
