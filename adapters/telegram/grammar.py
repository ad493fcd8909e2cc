"""The Markdown that models write, for markdown-it-py.

CommonMark with tables and strikethrough, and with these differences:

- `||spoilers||`, a few tags without attributes such as `<b>` and `<br>`, and
  formulas between `$`, `$$`, `\\(` or `\\[` are known. All other HTML is text.
- Four blanks do not make code: models fence their code, while the items of a deep list
  that was cut in two are indented as much.
- A line under a text does not make it a heading: while an answer grows, the sign of
  a list item would flicker as one.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from adapters.telegram.entities import Kind

__all__ = ["TAGS", "parse", "parse_inline"]

TAGS = {
    "b": Kind.BOLD,
    "strong": Kind.BOLD,
    "i": Kind.ITALIC,
    "em": Kind.ITALIC,
    "u": Kind.UNDERLINE,
    "ins": Kind.UNDERLINE,
    "s": Kind.STRIKETHROUGH,
    "del": Kind.STRIKETHROUGH,
    "tg-spoiler": Kind.SPOILER,
}
"""The tags that mark a text, and the kind of entity that each stands for."""

_TAG = re.compile(rf"</?(?:{'|'.join(TAGS)})>|<br ?/?>", re.IGNORECASE)
_MATH_ENDS = {"$$": "$$", r"\(": r"\)", r"\[": r"\]"}
# As pandoc has it, so that prices stay prices.
_MATH = re.compile(r"\$(?![\s$])(?P<content>(?:[^$\n\\]|\\.)*)(?<!\s)\$(?![\d$])")
_BAR = ord("|")


def parse(text: str) -> list[Token]:
    """Return the tokens of a text; link definitions are tokens too."""
    return _PARSER.parse(text)


def parse_inline(text: str) -> list[Token]:
    """Return the tokens of a text that stands within a line."""
    return _PARSER.parseInline(text)[0].children or []


def _tag(state: StateInline, silent: bool) -> bool:
    found = _TAG.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("tag", "", 0).content = found[0].lower()
    state.pos = found.end()
    return True


def _math(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    content, end = _formula(state.src, state.pos, state.posMax)
    if not content.strip():
        return False
    if not silent:
        state.push("math", "", 0).content = content.strip()
    state.pos = end
    return True


def _formula(text: str, start: int, limit: int) -> tuple[str, int]:
    """Return the formula that starts at a position and where it ends; "" for none."""
    closing = _MATH_ENDS.get(text[start : start + 2])
    if closing is None:
        found = _MATH.match(text, start, limit)
        return (found["content"], found.end()) if found else ("", start)
    end = text.find(closing, start + 2, limit)
    content = text[start + 2 : max(end, 0)]
    return ("" if closing == "$$" and "$" in content else content), end + 2


def _math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take the lines from `$$` to `$$`, whatever is in them."""
    first = state.getLines(start, start + 1, state.blkIndent, False).strip()
    closing = _MATH_ENDS.get(first[:2])
    if closing is None or first.startswith(r"\(") or closing in first[2:]:
        return False
    for line in range(start + 1, end):
        if state.sCount[line] < state.blkIndent:
            return False
        if closing in state.getLines(line, line + 1, state.blkIndent, False):
            break
    else:
        return False
    text = state.getLines(start, line + 1, state.blkIndent, False).strip()
    if not text.endswith(closing):
        return False
    if not silent:
        token = state.push("math_block", "", 0)
        token.content = text[2:-2].strip("\n")
        token.map = [start, line + 1]
    state.line = line + 1
    return True


def _spoiler(state: StateInline, silent: bool) -> bool:
    if silent or not state.src.startswith("||", state.pos):
        return False
    scanned = state.scanDelims(state.pos, True)
    state.push("text", "", 0).content = "|" * scanned.length
    state.pos += scanned.length
    if scanned.length != 2:
        return True
    state.delimiters.append(
        Delimiter(
            marker=_BAR,
            length=0,
            token=len(state.tokens) - 1,
            end=-1,
            open=scanned.can_open,
            close=scanned.can_close,
        )
    )
    return True


def _pair_spoilers(state: StateInline) -> None:
    for meta in ({"delimiters": state.delimiters}, *state.tokens_meta):
        delimiters: list[Delimiter] = meta["delimiters"] if meta else []
        for opening in delimiters:
            if opening.marker == _BAR and opening.end >= 0:
                closing = delimiters[opening.end]
                _turn(state.tokens[opening.token], "spoiler_open", 1)
                _turn(state.tokens[closing.token], "spoiler_close", -1)


def _turn(token: Token, kind: str, nesting: int) -> None:
    token.type, token.content = kind, ""
    token.nesting = 1 if nesting > 0 else -1


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "inline_definitions": True})
    parser.enable(["table", "strikethrough"])
    parser.disable(["code", "lheading", "html_block", "html_inline"])
    parser.inline.add_terminator_char("|")
    parser.inline.ruler.before("escape", "math", _math)
    parser.inline.ruler.before("emphasis", "spoiler", _spoiler)
    parser.inline.ruler.after("autolink", "tag", _tag)
    parser.inline.ruler2.before("emphasis", "spoiler", _pair_spoilers)
    parser.block.ruler.before(
        "fence", "math_block", _math_block, {"alt": ["paragraph", "blockquote", "list"]}
    )
    return parser


_PARSER = _parser()
