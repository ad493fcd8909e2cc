"""Markdown as Telegram shows it: a plain text, and entities that mark parts of it.

Built on the tokens of markdown-it-py. telegramify-markdown is faster, but it was found
to lose what people must not lose: all HTML that is not its own (`List<String>`, a
`<div>` with all that is in it), link definitions that nobody uses, and where links lead
that are relative or stand in a table; its tables are not aligned where letters are
wide, and its marks overlap code. With entities nothing has to be escaped, so no text
makes Telegram refuse a message for its markup.

Headings are bold lines, lists keep their numbers, tables are laid out in letters of one
width or, too wide for that or with links in them, stay lines with bars. What is not
markup stays: letters, digits, mentions, commands, HTML. The title of a link, which
shows only under a mouse, is markup.

A text that ends in the middle of some markup shows the signs of that markup until the
rest is there. Nothing here raises, whatever the text.
"""

import re

from adapters.telegram.blocks import BlockWriter
from adapters.telegram.entities import Kind, Rendered, utf16_units
from adapters.telegram.limits import LIMITS, rendered_units

__all__ = ["LIMITS", "plain", "render"]

_INDENTATION = re.compile(r"(?:[ \t]*\n)*(?P<blanks>(?: {4}|\t)[ \t]*)\S")
_LINE_END = re.compile(r"\r\n?")
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def render(text: str) -> Rendered:
    """Return a text as Telegram shows it; blank only where the text is blank.

    It is never longer than `rendered_units` says: what the bound does not foresee is
    shown as it was written.
    """
    text = _LINE_END.sub("\n", _UNSENDABLE.sub("\ufffd", text))
    rendered = BlockWriter(_dedent(text)).write()
    if not rendered.text or rendered.units > rendered_units(text):
        return Rendered(text.strip())
    return rendered


def _dedent(text: str) -> str:
    """Take away the indentation of the first lines.

    A piece may begin within a deep list, whose items are items only in there.
    """
    found = _INDENTATION.match(text)
    if found is None:
        return text
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if not line.startswith(found["blanks"]) and line.strip():
            break
        lines[number] = line.removeprefix(found["blanks"])
    return "\n".join(lines)


def plain(text: str) -> str:
    """Return a text without markup or entities, with its links written out.

    It is never longer than `rendered_units` says.
    """
    rendered = render(text)
    units = rendered.text.encode("utf-16-le")
    parts: list[str] = []
    start = 0
    for entity in rendered.entities:
        if entity.type is Kind.TEXT_LINK:
            parts.append(units[2 * start : 2 * entity.end].decode("utf-16-le"))
            parts.append(f" ({entity.url})")
            start = entity.end
    parts.append(units[2 * start :].decode("utf-16-le"))
    written_out = "".join(parts)
    is_short = utf16_units(written_out) <= rendered_units(text)
    return written_out if is_short else rendered.text
