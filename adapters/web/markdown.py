"""Markdown as HTML that is safe to put into a page.

Two walls: the renderer never lets HTML of the writer through, and what it makes is
cleaned once more against a short list. No picture is ever loaded from elsewhere.
"""

from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from typing_extensions import override

__all__ = ["render_markdown", "render_plain"]

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "target"},
    "code": {"class"},
    "ol": {"start"},
    "span": {"tabindex"},
    "td": {"style"},
    "th": {"style"},
}
SCHEMES = {"http", "https", "mailto"}
BARS, SPOILER = "||", "spoiler"


class _Renderer(RendererHTML):
    """Shows pictures as links, and opens links in a new tab."""

    @override
    def image(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        token = tokens[idx]
        label = nh3.clean_text(token.content or "🖼")
        source = nh3.clean_text(str(token.attrGet("src") or ""))
        return f'<a href="{source}" target="_blank">{label}</a>'

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Render the start of a link."""
        tokens[idx].attrSet("target", "_blank")
        return self.renderToken(tokens, idx, options, env)


def _spoiler(state: StateInline, silent: bool) -> bool:
    """Read ||what is hidden|| until one wants to see it."""
    start = state.pos + len(BARS)
    if not state.src.startswith(BARS, state.pos):
        return False
    end = state.src.find(BARS, start, state.posMax)
    if end <= start:
        return False
    if not silent:
        opened = state.push("spoiler_open", "span", 1)
        # It can be reached by keyboard as well: focus shows it.
        opened.attrs = {"class": SPOILER, "tabindex": "0"}
        whole, state.pos, state.posMax = state.posMax, start, end
        state.md.inline.tokenize(state)
        state.posMax = whole
        state.push("spoiler_close", "span", -1)
    state.pos = end + len(BARS)
    return True


PARSER = MarkdownIt(
    "commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer
).enable(["table", "strikethrough"])
PARSER.inline.add_terminator_char("|")
PARSER.inline.ruler.before("emphasis", "spoiler", _spoiler)


def render_markdown(text: str) -> str:
    """Return the HTML of a Markdown text, with nothing in it that could run."""
    return nh3.clean(
        PARSER.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        url_relative="deny",  # they would lead around on the page itself
        filter_style_properties={"text-align"},
        link_rel="noopener noreferrer nofollow ugc",
        allowed_classes={"span": {SPOILER}},
    )


def render_plain(text: str) -> str:
    """Return the HTML of a text as it is, line by line."""
    lines = "<br>".join(nh3.clean_text(line) for line in text.split("\n"))
    return f"<p>{lines}</p>"
