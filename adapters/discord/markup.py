"""A model's Markdown as Discord shows it.

Discord's Markdown has no tables, no headings below the third level, no rules, no task
lists, no pictures, no formulas. What it lacks becomes the nearest that it has; no
letter is lost, and no block of code is changed inside.
"""

import mimetypes

import regex

from adapters.discord.blocks import Block, BlockKind, blocks
from adapters.discord.bounds import rendered_units
from adapters.discord.inline import escaped, inline
from adapters.discord.tables import Table
from adapters.fences import Fence
from bot.adapter import Limits
from bot.messages import Attachment

__all__ = [
    "LIMITS",
    "MAX_LIST_LEVEL",
    "MAX_MESSAGES",
    "as_file",
    "is_better_as_file",
    "render",
    "rendered_units",
]

MAX_LIST_LEVEL = 5
"""How deep a list goes on a telephone's screen; what is deeper stays at this level."""

MAX_MESSAGES = 4
"""A text that takes more messages than this reads better as a file."""

_RULE_LINE = "─" * 12
_HEADING = regex.compile(r"#{4,6}[ \t]++(?P<title>\S.*?)(?:[ \t]++#++)?[ \t]*")
_RULE = regex.compile(r"[ \t]*+(?:([-*_])[ \t]*+(?:\1[ \t]*+){2,}+|={3,}+[ \t]*+)")
_ITEM = regex.compile(
    r"(?P<indent>[ \t]*+)(?:(?P<bullet>[-*+])|(?P<number>\d{1,9})[.)])[ \t]++"
    r"(?P<task>\[[ xX]\][ \t]++)?"
)
_QUOTE = regex.compile(r"[ \t]*+(?:>[ \t]?)++")


def render(text: str, *, can_unfurl: bool = True) -> str:
    """Return a text for a message; a text that still grows may be handed in.

    `can_unfurl=False` keeps Discord from showing previews of the links.
    """
    reader = _Lines(can_unfurl=can_unfurl)
    shown = "\n".join(reader.shown(block) for block in blocks(_unified(text)))
    # A message of nothing but tags would be empty, which Discord refuses.
    return shown if shown.strip() else escaped(text)


LIMITS = Limits(text_units=2000, count_units=rendered_units, edit_interval_s=1.2)
"""What a message takes. The answer's source is cut by it, each piece is rendered."""


def is_better_as_file(text: str) -> bool:
    """Whether a text reads better as a file than as messages.

    That is so where it takes more than MAX_MESSAGES messages, or where one of its
    blocks of code is longer than a message and would be torn.
    """
    if rendered_units(text) > MAX_MESSAGES * LIMITS.text_units:
        return True
    return any(
        block.kind is BlockKind.CODE
        and rendered_units("\n".join(block.lines)) > LIMITS.text_units
        for block in blocks(text)
    )


def as_file(text: str, name: str) -> Attachment:
    """Return a text as a file, unchanged."""
    media_type = mimetypes.guess_type(name)[0] or "text/plain"
    return Attachment(name, media_type, text.encode(errors="replace"))


class _Lines:
    """Shows the blocks of one text in order; knows how deep its lists are."""

    def __init__(self, *, can_unfurl: bool) -> None:
        self._can_unfurl = can_unfurl
        self._indents: list[int] = []

    def shown(self, block: Block) -> str:
        if block.fence is not None:
            return _code(block, block.fence)
        if block.kind is BlockKind.MATH:
            return _math(block)
        if block.kind is BlockKind.TABLE:
            return Table.read(block.lines).shown(can_unfurl=self._can_unfurl)
        return self._line(block.lines[0])

    def _line(self, line: str) -> str:
        quote = _QUOTE.match(line)
        if quote is None:
            return self._body(line)
        sign = quote[0]
        if sign.lstrip().startswith(">>>"):
            # Three of them would make a quote of all that follows.
            return sign.replace(">", "\\>", 1) + self._inline(line[quote.end() :])
        body = self._body(line[quote.end() :])
        return (sign if sign.endswith((" ", "\t")) else sign + " ") + body

    def _body(self, line: str) -> str:
        heading = _HEADING.fullmatch(line)
        if heading:
            return f"**{self._inline(heading['title'].replace('**', ''))}**"
        if _RULE.fullmatch(line):
            return _RULE_LINE
        item = _ITEM.match(line)
        if item is None:
            if line.strip() and not line.startswith((" ", "\t")):
                self._indents.clear()
            return self._inline(line)
        marker = "-" if item["bullet"] == "+" else item["bullet"]
        marker = marker or f"{item['number']}."
        box = ""
        if item["task"]:
            box = "☐ " if item["task"][1] == " " else "☑ "
        indent = "  " * self._level(item["indent"])
        return f"{indent}{marker} {box}{self._inline(line[item.end() :])}"

    def _level(self, indent: str) -> int:
        width = len(indent.expandtabs(4))
        while self._indents and width < self._indents[-1]:
            self._indents.pop()
        if not self._indents or width > self._indents[-1]:
            self._indents.append(width)
        return min(len(self._indents) - 1, MAX_LIST_LEVEL)

    def _inline(self, text: str) -> str:
        return inline(text, can_unfurl=self._can_unfurl)


def _unified(text: str) -> str:
    return text.replace("\r\n", "\n")


def _code(block: Block, fence: Fence) -> str:
    """Return a block of code between three backticks, the only fence of Discord."""
    opening = block.lines[0].replace(fence.marks, "```", 1)
    inside = block.lines[1:-1] if block.is_closed else block.lines[1:]
    if not block.is_closed and inside and not inside[-1].strip():
        inside = inside[:-1]
    return "\n".join([opening, *inside, f"{fence.prefix}```"])


def _math(block: Block) -> str:
    inside = block.lines[1:-1] if block.is_closed else block.lines[1:]
    return "\n".join(["```tex", *inside, "```"])
