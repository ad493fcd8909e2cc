"""Tables in letters of one width, or as lines with bars."""

import re
from collections.abc import Container, Iterable, Sequence

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from rich.cells import cell_len

from adapters.telegram.canvas import Canvas
from adapters.telegram.entities import Kind
from adapters.telegram.grammar import parse, parse_inline
from adapters.telegram.inline import is_link, write_inline
from adapters.telegram.limits import MAX_COLUMNS

__all__ = ["Table"]

GAP = " | "

_ROW = re.compile(r"\|[^|]+\|.*\|")


class Table:
    """A table that is read from its tokens.

    `lines` are those of the text that the tokens were made of. Without a heading the
    first row is like the others.
    """

    def __init__(
        self,
        tokens: Iterable[Token],
        lines: Sequence[str],
        *,
        shown_urls: Container[str],
        has_heading: bool = True,
    ) -> None:
        self._shown_urls = shown_urls
        self._has_heading = has_heading
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
            elif token.type == "tr_close":
                self._keep_surplus(self._rows[-1], lines)

    def _keep_surplus(self, row: list[Token], lines: Sequence[str]) -> None:
        """Put cells that the heading has no column for into the last one."""
        line, _ = row[-1].map or (0, 0)
        surplus = _split_cells(lines[line].lstrip(" \t>"))[len(row) :]
        text = GAP.join(cell.strip() for cell in surplus).rstrip("| ")
        if len(self._rows) > 1 and text:
            row[-1].content += text
            row[-1].children = [*(row[-1].children or ()), *parse_inline(GAP + text)]

    @classmethod
    def without_rule(
        cls, paragraph: Token, *, shown_urls: Container[str]
    ) -> "Table | None":
        """Return the table that a paragraph would be below a heading, if it is one.

        It is the start of one that still grows, or the rest of one that was cut.
        """
        lines = [line.strip() for line in paragraph.content.split("\n")]
        kinds = {child.type for child in paragraph.children or ()}
        if "spoiler_open" in kinds or not all(map(_ROW.fullmatch, lines)):
            return None
        lines.insert(1, "|" + "-|" * len(_split_cells(lines[0])))
        tokens = parse("\n".join(lines))
        if {tokens[0].type, tokens[-1].type} != {"table_open", "table_close"}:
            return None
        return cls(tokens, lines, shown_urls=shown_urls, has_heading=False)

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
        lines = [
            GAP.join(map(_pad, row, widths, self._alignments)).rstrip() for row in rows
        ]
        if self._has_heading:
            lines.insert(1, "-+-".join("-" * width for width in widths))
        return "\n".join(lines)

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
            if not number and self._has_heading:
                canvas.mark(Kind.BOLD, start)


def _split_cells(line: str) -> list[str]:
    """Return the cells of a row, as the parser finds them."""
    cells = escapedSplit(line.strip())
    first = 1 if cells[0] == "" else 0
    last = len(cells) - 1 if len(cells) > 1 and cells[-1] == "" else len(cells)
    return cells[first:last]


def _pad(cell: str, width: int, alignment: str) -> str:
    missing = width - cell_len(cell)
    left = {"right": missing, "center": missing // 2}.get(alignment, 0)
    return " " * left + cell + " " * (missing - left)


def _has_link(cell: Token) -> bool:
    return any(
        is_link(str(child.attrs.get("href") or child.attrs.get("src") or ""))
        for child in cell.children or ()
    )
