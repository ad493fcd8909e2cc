"""How much room a Markdown text may take once Discord's own is made of it.

The rendered length falls at times while a text grows: marks that were open are closed
and left out, a table turns out to be narrow. A bound that never falls is what a
splitter can work with. So each line is counted for the most that its start and its
signs can bring, and a table for the larger of its two forms, row by row.
"""

from functools import lru_cache

import regex
from rich.cells import cell_len

from adapters.discord.blocks import BlockKind, blocks
from adapters.discord.tables import GAP, MAX_WIDTH, cells, is_row

__all__ = ["rendered_units", "units"]

_RULE = regex.compile(r"[ \t]*+(?:([-*_])(?:[ \t]*+\1){2}|={3})")
_ITEM = regex.compile(r"(?P<indent>[ \t]*+)(?:[-*+]|\d{1,9}[.)])[ \t]")
_QUOTE = regex.compile(r"[ \t]*+(?:>[ \t]?)++")
_FENCE = regex.compile(r"(?P<prefix>[ \t>*+\-\d.)]*+)(?:`{3}|~{3})")
_FORMULA = regex.compile(r"[ \t]*+(?:\$\$|\\\[)")
_TABLE_RULE = regex.compile(r"[ \t]*+(?:\|[ \t]*+:?-|:?-++:?[ \t]*+\|)")
_LONGEST_RULE, _FORMULA_FENCES, _CODE_FENCE = 12, 9, 5
_LIST_MARKS = len("  - **:** ") + 1


def rendered_units(text: str) -> int:
    """Return an upper bound of the length of the rendered text, in UTF-16 units.

    Each code point counts one or more, and a longer text is never found shorter.
    """
    lines = text.split("\n")
    total = number = 0
    tables: list[tuple[int, _Table]] = []
    for block in blocks(text):
        is_text = block.kind in {BlockKind.TEXT, BlockKind.TABLE}
        for position, line in enumerate(block.lines):
            if is_text and is_row(line):
                if _may_start_table(lines, number):
                    tables.append((total, _Table()))
            else:
                tables.clear()
            is_opening = is_text or position == 0
            total += (_line_units(line) if is_opening else units(line)) + 1
            number += 1
            for before, table in tables:
                total = max(total, before + table.add(line) + 1)
        total += block.kind is BlockKind.MATH and block.is_closed
    return total - 1  # the last line has no line end


def units(text: str) -> int:
    """Return the length in UTF-16 units.

    Discord's API counts code points, says its staff; the input box of its own client
    counts UTF-16 units. These are never fewer, so they are the safe side.
    """
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Table:
    """An upper bound of what a table takes, line by line.

    The bound of a cell is made of what is written in it, marks included.
    """

    def __init__(self) -> None:
        self._widths: list[int] = []
        self._num_lines = 0
        self._surplus = 0  # what is written without taking any width
        self._above: list[str] = []
        self._names: list[int] = []
        self._nums_cells: list[int] = []
        self._values = 0
        self._must_list = False

    def add(self, line: str) -> int:
        """Add a line and return the bound of the whole table so far."""
        row = cells(line)
        if _TABLE_RULE.match(line):
            self._add_names(self._above)
        self._above = row
        self._num_lines += 1
        for number, cell in enumerate(row):
            self._add_cell(number, cell)
        width = sum(self._widths) + len(GAP) * max(0, len(self._widths) - 1)
        line_units = min(width, MAX_WIDTH) + 1
        aligned = 8 + (self._num_lines + 1) * line_units + self._surplus
        if width <= MAX_WIDTH and not self._must_list:
            return aligned
        return max(aligned, self._listed())

    def _listed(self) -> int:
        named = sum(
            name * (num_cells + 1)
            for name, num_cells in zip(self._names, self._nums_cells, strict=False)
        )
        return 4 + self._values + named + _LIST_MARKS * sum(self._nums_cells)

    def _add_names(self, row: list[str]) -> None:
        self._names += [0] * (len(row) - len(self._names))
        for number, cell in enumerate(row):
            self._names[number] = max(self._names[number], _inline_units(cell))

    def _add_cell(self, number: int, cell: str) -> None:
        if number == len(self._widths):
            self._widths.append(0)
            self._nums_cells.append(0)
        is_simple = cell.isascii() and cell.isprintable()
        width = len(cell) if is_simple else sum(map(_room, cell))
        self._widths[number] = max(self._widths[number], width)
        self._nums_cells[number] += 1
        self._values += _inline_units(cell)
        self._surplus += cell.count("@") + (0 if is_simple else units(cell))
        self._must_list = self._must_list or "```" in cell


def _may_start_table(lines: list[str], number: int) -> bool:
    if number + 1 == len(lines):
        return False
    if _TABLE_RULE.match(lines[number + 1]):
        return True
    return number == 0 and all(line.lstrip().startswith("|") for line in lines[:2])


def _line_units(line: str) -> int:
    """Return an upper bound for a line of text, or one that opens a block.

    What its start may bring is counted as soon as the start is there, and stays.
    """
    total = _inline_units(line)
    if not line or line[0].isalpha():
        return total
    total += _FORMULA_FENCES if _FORMULA.match(line) else 0
    fence = _FENCE.match(line)
    total += _CODE_FENCE + len(fence["prefix"]) if fence else 0
    quote = _QUOTE.match(line)
    start = quote.end() if quote else 0
    total += 1 if quote else 0
    total += _LONGEST_RULE if _RULE.match(line, start) else 0
    item = _ITEM.match(line, start)
    return total + (2 * len(item["indent"].expandtabs(4)) if item else 0)


def _inline_units(text: str) -> int:
    # An invisible blank in a mention, brackets around an address.
    return units(text) + 2 * text.count("@") + 2 * text.count("://")


@lru_cache(maxsize=4096)
def _room(letter: str) -> int:
    return max(units(letter), cell_len(letter))
