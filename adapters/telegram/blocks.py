"""What a text is made of: paragraphs, headings, lists, quotes, code, tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from adapters.telegram.canvas import Canvas
from adapters.telegram.entities import Kind, Rendered
from adapters.telegram.formulas import readable
from adapters.telegram.grammar import parse
from adapters.telegram.inline import is_link, write_inline
from adapters.telegram.limits import ROW
from adapters.telegram.tables import Table

__all__ = ["EXPANDABLE_LENGTH", "BlockWriter"]

EXPANDABLE_LENGTH = 600
"""A longer quote is folded: about twelve lines on a phone."""

BULLET = "•"
INDENT = "  "
QUOTE = "> "
RULE = "———"
TASKS = {"[ ]": "☐", "[x]": "☑", "[X]": "☑"}
_LANGUAGE = re.compile(r"[\w+#./-]{1,32}")
_PREFIX = re.compile(r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+")


@dataclass(slots=True)
class _List:
    """A list that is being written; `next_number` is None where its own are kept."""

    next_number: int | None


class BlockWriter:
    """Writes the blocks of one text, whose lines end in "\\n"."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._tokens = parse(text)
        self._shown_urls = self._urls_to_show()
        self._canvas = Canvas()
        self._lists: list[_List] = []
        self._starts: list[int] = []  # of the quotes and headings that are open
        self._num_quotes = 0
        self._num_outer_lists = 0  # that the outermost quote is in
        self._last_line = 0  # the one behind the last block
        self._is_behind_bullet = False

    def write(self) -> Rendered:
        """Return the whole."""
        tokens = enumerate(self._tokens)
        for index, token in tokens:
            if token.type == "table_open":
                table = Table(_table(tokens), self._lines, shown_urls=self._shown_urls)
                self._write_table(table, token)
            else:
                self._write(token, index)
        return self._canvas.finish()

    def _write(self, token: Token, index: int) -> None:
        match token.type:
            case "paragraph_open":
                self._write_paragraph(token, self._tokens[index + 1])
            case "heading_open":
                self._begin(token, num_breaks=2)
                self._starts.append(self._canvas.position)
            case "heading_close":
                self._canvas.mark(Kind.BOLD, self._starts.pop())
            case "inline":
                children = token.children or ()
                write_inline(self._canvas, children, shown_urls=self._shown_urls)
                self._end(token)
            case "fence":
                self._write_code(token)
            case "math_block":
                self._write_pre(token, readable(token.content))
            case "hr":
                self._begin(token)
                self._canvas.write(RULE)
                self._end(token)
            case "definition":
                self._write_definition(token)
            case "blockquote_open" | "blockquote_close":
                self._write_quote(token)
            case _:
                self._write_list(token, index)

    def _begin(
        self, token: Token, *, num_breaks: int = 1, is_whole_line: bool = False
    ) -> None:
        """Go to where a block starts; blank lines stay where the source has some."""
        line, _ = token.map or (0, 0)
        is_behind_bullet, self._is_behind_bullet = self._is_behind_bullet, False
        is_apart = line > self._last_line
        self._last_line = line
        if not is_behind_bullet:
            self._canvas.break_lines(2 if is_apart else num_breaks)
        elif is_whole_line:
            self._canvas.break_lines(1)
        else:
            return
        if not is_whole_line:
            depth = len(self._lists) - self._num_outer_lists
            depth -= token.type == "list_item_open"
            self._canvas.write(QUOTE * (self._num_quotes - 1) + INDENT * depth)

    def _end(self, token: Token) -> None:
        _, self._last_line = token.map or (0, self._last_line)

    def _write_code(self, token: Token) -> None:
        """Write a block of code, below what its first line says but its language."""
        attributes = unescapeAll(token.info).strip()
        language, _, rest = attributes.partition(" ")
        if not _LANGUAGE.fullmatch(language):
            language, rest = "", attributes
        if not token.content.strip():
            rest = attributes
        if rest:
            self._write_text(token, rest)
        if token.content.strip():
            self._write_pre(token, token.content, language)

    def _write_pre(self, token: Token, code: str, language: str = "") -> None:
        self._begin(token, is_whole_line=True)
        start = self._canvas.position
        self._canvas.write(code.rstrip())
        self._canvas.mark(Kind.PRE, start, language=language)
        self._end(token)

    def _write_text(self, token: Token, text: str) -> None:
        self._begin(token)
        self._canvas.write(text)
        self._end(token)

    def _write_quote(self, token: Token) -> None:
        """Mark the outermost quote; one within it has signs: quotes hold no quotes."""
        if token.nesting > 0:
            if not self._num_quotes:
                self._begin(token, is_whole_line=True)
                self._starts.append(self._canvas.position)
                self._num_outer_lists = len(self._lists)
            self._num_quotes += 1
            return
        self._num_quotes -= 1
        if not self._num_quotes:
            self._num_outer_lists = 0
            start = self._starts.pop()
            is_long = self._canvas.position - start > EXPANDABLE_LENGTH
            kind = Kind.EXPANDABLE_BLOCKQUOTE if is_long else Kind.BLOCKQUOTE
            self._canvas.mark(kind, start)

    def _write_list(self, token: Token, index: int) -> None:
        match token.type:
            case "bullet_list_open":
                self._lists.append(_List(None))
            case "ordered_list_open":
                self._lists.append(_List(self._first_number(index)))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._begin(token)
                self._canvas.write(f"{self._bullet(token, index)} ")
                self._is_behind_bullet = True
            case "list_item_close":
                self._last_line += self._is_behind_bullet  # a line with a bullet alone
                self._is_behind_bullet = False

    def _first_number(self, index: int) -> int | None:
        """Return where to count from in a list that is numbered 1. 1. 1.

        Only as far as one more digit each: that is what the bound of the length allows.
        """
        opening = self._tokens[index]
        numbers: list[str] = []
        for token in self._tokens[index + 1 :]:
            if token.level == opening.level:
                break
            if token.type == "list_item_open" and token.level == opening.level + 1:
                numbers.append(token.info)
        first, last = int(numbers[0]), int(numbers[0]) + len(numbers) - 1
        is_lazy = len(numbers) > 1 and len(set(numbers)) == 1
        is_short = len(str(last)) <= len(numbers[0]) + 1
        return first if is_lazy and is_short else None

    def _bullet(self, token: Token, index: int) -> str:
        current = self._lists[-1]
        number = token.info
        if current.next_number is not None:
            number = str(current.next_number)
            current.next_number += 1
        box = self._take_box(index)
        marker = f"{number}{token.markup}" if number else "" if box else BULLET
        return f"{marker} {box}".strip()

    def _take_box(self, index: int) -> str:
        """Take the box of a task away from an item's text; "" where it has none."""
        opening, inline = self._tokens[index + 1 : index + 3]
        if opening.type != "paragraph_open" or not inline.children:
            return ""
        first = inline.children[0]
        box = TASKS.get(first.content[:3], "")
        if first.type != "text" or not box or not first.content[3:4].isspace():
            return ""
        first.content = first.content[4:]
        return box

    def _urls_to_show(self) -> set[str]:
        """Return the targets of the definitions that are text and not markup.

        Nobody uses them, or they are footnotes, or no link can be made of them.
        """
        definitions = [token for token in self._tokens if token.type == "definition"]
        if not definitions:
            return set()
        used = {
            str(child.attrs.get("href") or child.attrs.get("src"))
            for token in self._tokens
            for child in token.children or ()
        }
        return {
            token.meta["url"]
            for token in definitions
            if token.meta["label"].startswith("^")
            or token.meta["url"] not in used
            or not is_link(token.meta["url"])
        }

    def _write_definition(self, token: Token) -> None:
        if token.meta["url"] in self._shown_urls and token.map:
            lines = self._lines[token.map[0] : token.map[1]]
            bare = (line[_prefix_length(line) :] for line in lines)
            self._write_text(token, "\n".join(bare).rstrip())

    def _write_paragraph(self, opening: Token, text: Token) -> None:
        table = None
        if text.content.startswith("|"):
            table = Table.without_rule(text, shown_urls=self._shown_urls)
        if table is None:
            self._begin(opening)
        else:
            self._write_table(table, opening)
            text.children = []

    def _write_table(self, table: Table, opening: Token) -> None:
        self._begin(opening, is_whole_line=True)
        first, last = opening.map or (0, 0)
        may_grow = all(map(ROW.match, self._lines[first:last]))
        table.write(self._canvas, may_grow=may_grow)
        self._end(opening)


def _prefix_length(line: str) -> int:
    found = _PREFIX.match(line)
    return found.end() if found else 0


def _table(tokens: Iterator[tuple[int, Token]]) -> Iterator[Token]:
    """Yield the tokens up to the end of a table."""
    for _, token in tokens:
        if token.type == "table_close":
            return
        yield token
