"""Tables, which Discord does not know, in ways that it shows.

A narrow one becomes a block of code with its columns aligned, a wide one a list of
"header: value" lines, since lines that wrap cannot be read as columns.
"""

import html
from dataclasses import dataclass

import regex
from rich.cells import cell_len

from adapters.discord.inline import escaped, inline

__all__ = ["GAP", "MAX_WIDTH", "Table", "cells", "is_row", "is_rule"]

MAX_WIDTH = 60
"""The widest table, in the width of a letter, that is shown with columns."""

_BAR = regex.compile(r"(?<!\\)\|")
_RULE = regex.compile(
    r"[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?\s*+"
)
GAP = " │ "
"""What stands between two columns."""

_MARKS = regex.compile(
    r"(?P<mark>\*\*|__|~~|`++)(?P<text>(?:(?!(?P=mark)).)++)(?P=mark)"
)
_LINK = regex.compile(r"!?\[(?P<label>[^\[\]]*+)\]\((?P<url>[^()\s]++)\)")
_BREAK = regex.compile(r"<br[ \t]*+/?>", regex.IGNORECASE)
_TAG = regex.compile(
    r"</?(?:b|i|u|s|em|strong|del|code|sub|sup|p|span)>", regex.IGNORECASE
)
_ENTITY = regex.compile(r"&(?:amp|lt|gt|quot|apos|nbsp);")


def is_row(line: str) -> bool:
    """Whether a line may be a row of a table."""
    return "|" in line and _BAR.search(line) is not None


def is_rule(line: str) -> bool:
    """Whether a line is the one between the head of a table and its rows."""
    return "|" in line and "-" in line and _RULE.fullmatch(line) is not None


def cells(line: str) -> list[str]:
    """Return what stands in the cells of a row."""
    parts = _BAR.split(line.strip())
    if not parts[0].strip():
        parts = parts[1:]
    if parts and not parts[-1].strip():
        parts = parts[:-1]
    return [part.strip() for part in parts]


@dataclass(slots=True)
class Table:
    """A table as its lines say; `head` is None where a message starts within one."""

    head: list[str] | None
    rows: list[list[str]]
    sides: list[str]  # "<", ">" or "^" for each column, as far as they are said

    @classmethod
    def read(cls, lines: list[str]) -> "Table":
        """Read a table's lines."""
        head = None
        sides: list[str] = []
        if len(lines) > 1 and is_rule(lines[1]) and not is_rule(lines[0]):
            head = cells(lines[0])
            sides = [_side(rule) for rule in cells(lines[1])]
            lines = lines[2:]
        rows = [cells(line) for line in lines if head is not None or not is_rule(line)]
        return cls(head, rows, sides)

    def shown(self, *, can_unfurl: bool) -> str:
        """Return the table as Discord shows it."""
        rows = ([] if self.head is None else [self.head]) + self.rows
        plain = [[_plain(cell) for cell in row] for row in rows]
        if any("```" in cell for row in rows for cell in row):
            return self._listed(can_unfurl=can_unfurl)
        num_columns = max((len(row) for row in plain), default=0)
        for row in plain:
            row += [""] * (num_columns - len(row))
        widths = [max(map(cell_len, column)) for column in zip(*plain, strict=True)]
        if sum(widths) + len(GAP) * (num_columns - 1) > MAX_WIDTH:
            return self._listed(can_unfurl=can_unfurl)
        return self._aligned(plain, widths)

    def _aligned(self, rows: list[list[str]], widths: list[int]) -> str:
        sides = self.sides + ["<"] * (len(widths) - len(self.sides))
        lines = [GAP.join(map(_padded, row, widths, sides)).rstrip() for row in rows]
        if self.head is not None:
            lines.insert(1, "─┼─".join("─" * width for width in widths))
        return "\n".join(["```", *lines, "```"])

    def _listed(self, *, can_unfurl: bool) -> str:
        head = self.head or []
        names = [_plain(name) for name in head]
        lines = ["**" + " · ".join(names) + "**"] if any(names) else []
        for row in self.rows:
            indent = ""
            for number, cell in enumerate(row):
                name = names[number] if number < len(names) else ""
                label = f"**{name}:** " if name else ""
                lines.append(f"{indent}- {label}{inline(cell, can_unfurl=can_unfurl)}")
                indent = "  "
        return "\n".join(lines)


def _side(rule: str) -> str:
    if rule.endswith(":"):
        return "^" if rule.startswith(":") else ">"
    return "<"


def _padded(cell: str, width: int, side: str) -> str:
    missing = width - cell_len(cell)
    left = {"<": 0, ">": missing, "^": missing // 2}[side]
    return " " * left + cell + " " * (missing - left)


def _plain(cell: str) -> str:
    """Return a cell without the marks that a block of code would show."""
    cell = _BREAK.sub(" / ", cell.replace("\\|", "|"))
    cell = _LINK.sub(lambda found: f"{found['label']} ({found['url']})".strip(), cell)
    cell = _MARKS.sub(r"\g<text>", _TAG.sub("", cell))
    return escaped(_ENTITY.sub(lambda found: html.unescape(found[0]), cell)).strip()
