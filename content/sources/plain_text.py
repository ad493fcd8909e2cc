"""Text from outside made plain: without markup, and without what cannot be seen."""

import re
import unicodedata
from html.parser import HTMLParser

from typing_extensions import override

__all__ = ["one_line", "plain_lines", "shortened", "without_markup"]

MAX_MARKUP = 50_000
"""Characters of markup that are read; what is longer is a page and not a summary."""

_SILENT = frozenset({"script", "style", "template", "noscript", "head", "svg", "math"})
_BLOCK = re.compile(
    "address|article|aside|blockquote|br|d[dlt]|div|fig(?:caption|ure)|footer|h[1-6]|"
    "header|hr|li|main|[ou]l|p|pre|section|table|t[dhr]"
)
_JOINERS = "\u200c\u200d"  # Persian and emoji need them
_END = re.compile(r"[.!?…。！？]['\"”’)]*(?=\s|$)|[。！？]")


class _Reader(HTMLParser):
    """Keeps the text that people would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._num_silent = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._num_silent += tag in _SILENT
        if _BLOCK.fullmatch(tag):
            self.parts.append("\n")

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if _BLOCK.fullmatch(tag):
            self.parts.append("\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._num_silent:
            self._num_silent -= 1
        if _BLOCK.fullmatch(tag):
            self.parts.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        if not self._num_silent:
            self.parts.append(data)


def without_markup(html: str) -> str:
    """Return what of a piece of HTML people would read, a line for each block."""
    reader = _Reader()
    reader.feed(html[:MAX_MARKUP])
    reader.close()
    return plain_lines("".join(reader.parts))


def plain_lines(text: str) -> str:
    """Return a text's lines without what cannot be seen, and without empty ones."""
    lines = (one_line(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """Return a text in one line, without signs that only steer or hide."""
    seen = "".join(map(_visible, unicodedata.normalize("NFC", text)))
    return " ".join(seen.split())


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    is_unseen = category in ("Cf", "Cs", "Co", "Cn") and character not in _JOINERS
    return "" if is_unseen else character


def shortened(text: str, max_chars: int) -> str:
    """Return a text, or its beginning: whole sentences, else whole words."""
    if len(text) <= max_chars:
        return text
    head = text[:max_chars]
    ends = [match.end() for match in _END.finditer(head) if match.end() < max_chars]
    if ends and ends[-1] >= max_chars // 2:
        return head[: ends[-1]].rstrip()
    words, space, _ = head.rpartition(" ")
    return f"{(words if space else head[:-1]).rstrip()}…"
