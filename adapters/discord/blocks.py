"""The blocks of a Markdown text that Discord does not show as they are.

A line's block depends on the lines before it, never on what follows, but for the head
of a table: the line below it tells. So the blocks of a growing text stay what they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import regex

from adapters.discord.tables import is_row, is_rule
from adapters.fences import Fence, opened_by

__all__ = ["Block", "BlockKind", "blocks"]

_MATH_ENDS = {"$$": "$$", r"\[": r"\]"}
_HEADLESS_ROW = regex.compile(r"[ \t]*+\|.*\|[ \t]*+")


class BlockKind(StrEnum):
    """What the lines of a block are."""

    TEXT = "text"
    """One line of ordinary text."""
    CODE = "code"
    """A block of code with its fences; the closing one may not be there yet."""
    MATH = "math"
    """Formulas between `$$` or `\\[ \\]` on lines of their own, with these lines."""
    TABLE = "table"
    """A table; it starts with rows where a message starts within one."""


@dataclass(slots=True)
class Block:
    """Lines that belong together, without their line ends.

    Attributes:
        fence: how a block of code was opened.
        is_closed: whether the line that ends code or formulas is there.
    """

    kind: BlockKind
    lines: list[str] = field(repr=False)
    fence: Fence | None = None
    is_closed: bool = False


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a text in order; joined by line ends they are the text."""
    lines = text.split("\n")
    position = 0
    while position < len(lines):
        block = _block_at(lines, position)
        yield block
        position += len(block.lines)


def _block_at(lines: list[str], start: int) -> Block:
    line = lines[start]
    fence = opened_by(line)
    if fence is not None:
        return _code(lines, start, fence)
    if line.strip() in _MATH_ENDS:
        return _math(lines, start)
    if _is_table(lines, start):
        end = start + 1
        while end < len(lines) and is_row(lines[end]) and opened_by(lines[end]) is None:
            end += 1
        return Block(BlockKind.TABLE, lines[start:end])
    return Block(BlockKind.TEXT, [line])


def _code(lines: list[str], start: int, fence: Fence) -> Block:
    for end in range(start + 1, len(lines)):
        if fence.is_left_by(lines[end]):
            return Block(BlockKind.CODE, lines[start:end], fence)
        if fence.is_closed_by(lines[end]):
            return Block(BlockKind.CODE, lines[start : end + 1], fence, is_closed=True)
    return Block(BlockKind.CODE, lines[start:], fence)


def _math(lines: list[str], start: int) -> Block:
    closing = _MATH_ENDS[lines[start].strip()]
    for end in range(start + 1, len(lines)):
        if lines[end].strip() == closing:
            return Block(BlockKind.MATH, lines[start : end + 1], is_closed=True)
        # No formula has a blank line: a lone sign does not swallow the rest.
        if not lines[end].strip():
            return Block(BlockKind.MATH, lines[start:end])
    return Block(BlockKind.MATH, lines[start:])


def _is_table(lines: list[str], start: int) -> bool:
    if start + 1 >= len(lines) or not is_row(lines[start]):
        return False
    if is_rule(lines[start + 1]):
        return True
    return start == 0 and all(_HEADLESS_ROW.fullmatch(line) for line in lines[:2])
