"""How long a piece of Markdown can become as a Telegram message.

Telegram counts what is left when the markup is gone. What comes next can turn text into
markup, so the true length goes up and down while a text grows, and a splitter cannot
work with that. Here is a bound instead: never less than the true length, one unit or
more for each code point, and never less for a longer text. Where it is above the
true length by the markup itself, a message is a little shorter than it might be.

What makes a text longer than its source, and what the bound adds for it:

- a row of a table is padded to at most `MAX_COLUMNS`: each line that may be one counts
  as that long, and each code point in it that may be narrower than its units for more;
- cells of other tables stand between " | ": two units for each bar;
- a list numbered 1. 1. 1. counts on: one unit for each line;
- a tab may become blanks: three units.
"""

import re

from adapters.telegram.entities import utf16_units
from bot.adapter import Limits

__all__ = ["CAPTION_UNITS", "LIMITS", "MAX_COLUMNS", "ROW", "rendered_units"]

CAPTION_UNITS = 1024
"""The longest text with a file."""

MAX_COLUMNS = 48
"""The widest table that is laid out: a wider one wraps into chaos on a phone."""

ROW = re.compile(r"^[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+\|.*+", re.MULTILINE)
"""A line that may be a row of a table that is laid out."""


def rendered_units(text: str) -> int:
    """Return a bound of the UTF-16 units that a text takes when it is rendered."""
    units = utf16_units(text) + 3 * text.count("\t") + text.count("\n")
    if "|" in text:
        units += 2 * text.count("|")
        units += sum(_padding(found[0]) for found in ROW.finditer(text))
    return units


def _padding(line: str) -> int:
    """Return a bound of what a row that is laid out takes beyond its units and bars."""
    units = utf16_units(line)
    wide = 0 if line.isascii() else units - len(line.encode("ascii", "ignore"))
    longest = MAX_COLUMNS + wide + 2 * line.count("&")
    return max(0, longest - units - 2 * line.count("|"))


LIMITS = Limits(text_units=4096, count_units=rendered_units)
