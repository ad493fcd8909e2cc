"""The text of a page: what an article says, without what stands around it."""

from bot.words import T
from content.sources.charsets import decoded
from content.sources.errors import NotReadableError
from content.sources.plain_text import plain_lines, shortened

__all__ = ["read_page"]

MAX_TEXT = 20_000  # characters


def read_page(content: bytes, *, media_type: str, charset: str) -> str:
    """Return the text of a page, a line for each paragraph. Blocks.

    Raises:
        NotReadableError: there is no text in it.
    """
    text = decoded(content, declared=charset)
    if media_type != "text/plain":
        text = _article(text)
    if not (lines := plain_lines(text)):
        raise NotReadableError(T("there is no text on the page"))
    return shortened(lines, MAX_TEXT)


def _article(html: str) -> str:
    from trafilatura import extract  # heavy: only the process that reads needs it

    return extract(html, include_comments=False, include_tables=False, fast=True) or ""
