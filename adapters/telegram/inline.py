"""What stands within a line: words, emphasis, links, code."""

from collections.abc import Container, Sequence
from urllib.parse import urlsplit

from markdown_it.common.normalize_url import normalizeLinkText
from markdown_it.token import Token

from adapters.telegram.canvas import Canvas
from adapters.telegram.entities import Kind
from adapters.telegram.formulas import readable
from adapters.telegram.grammar import TAGS

__all__ = ["is_link", "write_inline"]

PICTURE = "🖼"

MARKS = {
    "strong": Kind.BOLD,
    "em": Kind.ITALIC,
    "s": Kind.STRIKETHROUGH,
    "spoiler": Kind.SPOILER,
}


def is_link(url: str) -> bool:
    """Whether Telegram would make a link of it; it drops others without a word."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme in {"tg", "ton"}:
        return True
    return parts.scheme in {"http", "https"} and "." in host.strip(".")


def write_inline(
    canvas: Canvas, tokens: Sequence[Token], *, shown_urls: Container[str] = ()
) -> None:
    """Write the tokens of a line onto a canvas.

    A link that Telegram would not take is written out behind its text, unless it is
    one of those that are shown elsewhere.
    """
    tags = _paired_tags(tokens)
    opened: list[tuple[Token, int]] = []
    for index, token in enumerate(tokens):
        nesting = tags.get(index, token.nesting)
        if nesting > 0:
            opened.append((token, canvas.position))
        elif nesting < 0:
            opening, start = opened.pop()
            if opening.type == "link_open":
                _end_link(canvas, str(opening.attrs["href"]), start, shown_urls)
            else:
                canvas.mark(_kind(opening), start)
        else:
            start = canvas.position
            _write_leaf(canvas, token)
            is_linked = any(_leads_somewhere(opening) for opening, _ in opened)
            if token.type == "image" and not is_linked:
                _end_link(canvas, str(token.attrs["src"]), start, shown_urls)


def _leads_somewhere(opening: Token) -> bool:
    return opening.type == "link_open" and is_link(str(opening.attrs["href"]))


def _paired_tags(tokens: Sequence[Token]) -> dict[int, int]:
    """Return 1 for each tag that is closed within what it stands in, -1 for its end."""
    paired: dict[int, int] = {}
    frames: list[list[int]] = [[]]
    for index, token in enumerate(tokens):
        if token.nesting > 0:
            frames.append([])
        elif token.nesting < 0:
            frames.pop()
        elif token.type == "tag" and token.content.startswith("</"):
            opening = f"<{token.content[2:]}"
            frame = frames[-1]
            while any(tokens[other].content == opening for other in frame):
                other = frame.pop()
                if tokens[other].content == opening:
                    paired |= {other: 1, index: -1}
                    break
        elif token.type == "tag":
            frames[-1].append(index)
    return paired


def _kind(opening: Token) -> Kind:
    if opening.type == "tag":
        return TAGS[opening.content.strip("<>")]
    return MARKS[opening.type.removesuffix("_open")]


def _write_leaf(canvas: Canvas, token: Token) -> None:
    start = canvas.position
    match token.type:
        case "softbreak" | "hardbreak":
            canvas.write("\n")
        case "tag" if token.content.startswith("<br"):
            canvas.write("\n")
        case "image":
            label = Canvas()
            write_inline(label, token.children or ())
            canvas.write(f"{PICTURE} {label.text}".rstrip())
        case "code_inline":
            canvas.write(token.content)
            canvas.mark(Kind.CODE, start)
        case "math":
            formula = readable(token.content)
            canvas.write(formula)
            if "\\" in formula:
                canvas.mark(Kind.CODE, start)
        case _:
            canvas.write(token.content)


def _end_link(canvas: Canvas, url: str, start: int, shown_urls: Container[str]) -> None:
    """Make a link of what stands since a position."""
    text = canvas.text_since(start).strip()
    shown = normalizeLinkText(url.removeprefix("mailto:").removeprefix("tel:"))
    if is_link(url):
        if not text:
            canvas.write(url)
        elif text != url:
            canvas.mark(Kind.TEXT_LINK, start, url=url)
    elif shown != text and shown and url not in shown_urls:
        canvas.write(f" ({shown})" if text else shown)
