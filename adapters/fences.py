"""Code fences: the lines of backticks or tildes around a block of code."""

from dataclasses import dataclass

import regex

__all__ = ["Fence", "opened_by"]

_OPENING = regex.compile(
    r"(?P<prefix>[ \t]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++|>[ \t]*+)*+)"
    r"(?P<marks>`{3,}+|~{3,}+)(?P<info>[^\r\n]*+)\r?\n?"
)
_CLOSING = regex.compile(r"[ \t>]*+(?P<marks>`{3,}+|~{3,}+)[ \t]*+\r?\n?")


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of code that is open.

    Attributes:
        prefix: what stands before the marks: an indentation, the signs of a quote.
        marks: three or more backticks or tildes.
        info: the language and whatever else follows the marks.
    """

    prefix: str
    marks: str
    info: str

    @property
    def opening(self) -> str:
        """The line that opens the block again, with its line end."""
        return f"{self.prefix}{self.marks}{self.info}\n"

    @property
    def closing(self) -> str:
        """The line that closes the block, without a line end."""
        return f"{self.prefix}{self.marks}"

    def is_closed_by(self, line: str) -> bool:
        """Whether a line ends this block."""
        found = _CLOSING.fullmatch(line)
        return found is not None and found["marks"].startswith(self.marks)

    def is_left_by(self, line: str) -> bool:
        """Whether a line stands outside the quote that the block is in."""
        return ">" in self.prefix and not line.lstrip().startswith(">")


def opened_by(line: str) -> Fence | None:
    """Return the block that a line opens, or None.

    Any indentation is taken, since models indent the blocks inside their lists.
    """
    found = _OPENING.fullmatch(line)
    if found is None or (found["marks"][0] == "`" and "`" in found["info"]):
        return None
    # In a list the next piece is indented as the item's text is, without its marker.
    prefix = regex.sub(r"[^\s>]", " ", found["prefix"])
    return Fence(prefix, found["marks"], found["info"])
