from pathlib import Path

import pytest

from content.sources.errors import NotReadableError
from content.sources.page import read_page

WORDS = (
    "Tomatoes want their water in the morning, at the root and not on the leaves.",
    "In a heat wave they may want it twice a day, and a little shade at noon.",
    "Straw on the ground keeps the water where it is for much longer.",
)
PAGE = (
    "<html><head><meta charset=windows-1251><title>T</title></head><body>"
    "<nav><a href=/>Home</a><a href=/b>Other things to read</a></nav><article>"
    "<h1>Watering tomatoes</h1>{}</article><footer>All rights reserved</footer>"
    "<script>steal()</script></body></html>"
)


@pytest.mark.parametrize("media_type", ["text/html", "text/plain"])
def test_page_without_text_is_said(media_type: str) -> None:
    with pytest.raises(NotReadableError, match="no text"):
        read_page(b"  ", media_type=media_type, charset="")


def test_page_of_plain_text_is_its_text() -> None:
    text = read_page(
        "Größe\r\n\r\n<b>two</b>".encode("cp1252"),
        media_type="text/plain",
        charset="iso-8859-1",
    )
    assert text == "Größe\n<b>two</b>"


def test_article_is_taken_without_what_stands_around_it() -> None:
    page = PAGE.format("".join(f"<p>{words}</p>" for words in WORDS))
    text = read_page(page.encode(), media_type="text/html", charset="")
    assert all(words in text for words in WORDS)
    assert not any(word in text for word in ("Home", "rights", "steal", "<p>"))


def test_long_page_is_read_up_to_its_limit() -> None:
    sentences = (
        f"<p>{WORDS[n % 3]} That is thought number {n}.</p>" for n in range(900)
    )
    page = PAGE.format("".join(sentences))
    text = read_page(page.encode(), media_type="text/html", charset="")
    assert 10_000 < len(text) <= 20_000


def test_module_is_light_until_a_page_is_read() -> None:
    source = Path(__file__).parents[3] / "content" / "sources" / "page.py"
    assert "\nimport trafilatura" not in source.read_text("utf-8")
