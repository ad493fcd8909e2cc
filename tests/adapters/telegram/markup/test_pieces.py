"""Rendered texts are cut without breaking anything, and grow without changing."""

from collections.abc import Callable

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.telegram.entities import Kind, Rendered
from adapters.telegram.limits import CAPTION_UNITS
from adapters.telegram.markup import render
from adapters.telegram.pieces import GrowingText, render_pieces, split_rendered

Check = Callable[[Rendered], None]
Marked = Callable[[Rendered], list[tuple[str, str]]]

FAMILY = "👨‍👩‍👧‍👦"
SNIPPETS = [
    "word ", "Ends here. ", "\n", "\n\n", "**bold words** ", "*italic* ", "||hidden|| ",
    "`code` ", "```python\nfor x in y:\n    print(x)\n\n    return\n```\n", "- item\n",
    "> quoted words\n\n", "[a link](https://a.example) ", FAMILY, "🇩🇪", "e\u0301\u0323",
    "你好。", "العربية ", "தமிழ் ", "ภาษาไทย", "| a | b |\n|-|-|\n| c | d |\n\n",
    "x" * 50, "# Heading\n", "```\n~~~\n", "| 漢 |\n|-|\n",
]  # fmt: skip
sources = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=9), max_size=40).map(
    "".join
)


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("limit", [-1, 0, 1])
def test_limit_without_room_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match="leaves no room"):
        split_rendered(Rendered("ab"), limit)


@settings(deadline=None)
@given(source=sources, limit=st.integers(2, 200))
@example(source="```\n" * 9 + "x" * 100, limit=20)
@example(source="~~~\n```\n```\n```\n```\n```\n~~~", limit=5)
@example(source="e" + "\u0301" * 100, limit=10)
@example(source=FAMILY * 3, limit=5)
def test_pieces_fit_and_lose_nothing(source: str, limit: int, check: Check) -> None:
    rendered = render(source)
    pieces = split_rendered(rendered, limit)
    for piece in pieces:
        check(piece)
        assert piece.units <= limit
        assert piece.text.strip()
    assert bare("".join(piece.text for piece in pieces)) == bare(rendered.text)


@settings(deadline=None)
@given(source=sources, limit=st.integers(40, 200))
def test_pieces_keep_what_is_marked(source: str, limit: int, marked: Marked) -> None:
    rendered = render(source)
    for kind in Kind:
        whole, parts = (
            bare("".join(text for name, text in found if name == kind))
            for found in (
                marked(rendered),
                [
                    pair
                    for piece in split_rendered(rendered, limit)
                    for pair in marked(piece)
                ],
            )
        )
        assert parts == whole


def test_specification_is_split_at_any_limit(examples: list[str], check: Check) -> None:
    for number, source in enumerate(examples):
        rendered = render(source)
        for limit in {2 + number % 7, 10 + number % 30}:
            pieces = split_rendered(rendered, limit)
            for piece in pieces:
                check(piece)
                assert piece.units <= limit
            assert bare("".join(p.text for p in pieces)) == bare(rendered.text)


def test_text_that_fits_is_one_piece_unchanged() -> None:
    rendered = render("# Head\n\n**bold** `code`")
    assert split_rendered(rendered, rendered.units) == [rendered]


def test_clusters_are_not_cut() -> None:
    pieces = split_rendered(Rendered(FAMILY * 200), CAPTION_UNITS)
    assert all(set(regex.findall(r"\X", piece.text)) == {FAMILY} for piece in pieces)
    assert sum(piece.units for piece in pieces) == 200 * len(FAMILY) + 200 * 4


def test_entities_go_on_in_the_next_piece(marked: Marked) -> None:
    source = "**[one two](https://a.example)**\n```python\nx = 1\n\n    y = 2\n```"
    pieces = split_rendered(render(source), 6)
    assert [marked(piece) for piece in pieces] == [
        [("text_link", "one"), ("bold", "one")],
        [("text_link", "two"), ("bold", "two")],
        [("pre", "x = 1")],
        [("pre", "    y")],
        [("pre", "= 2")],
    ]
    urls = [e.url for piece in pieces for e in piece.entities if e.url]
    languages = [e.language for piece in pieces for e in piece.entities if e.language]
    assert (urls, languages) == (["https://a.example"] * 2, ["python"] * 3)


def test_block_of_code_is_rather_left_whole() -> None:
    source = "Some words before it,\n- an item\n```\na\n\nb\n\nc\n```"
    first, second = split_rendered(render(source), 34)
    assert (first.text, second.text) == (
        "Some words before it,\n• an item",
        "a\n\nb\n\nc",
    )


def test_empty_text_has_no_pieces() -> None:
    assert split_rendered(Rendered("")) == []
    assert render_pieces(" \n ") == []


@settings(deadline=None)
@given(source=sources.map(lambda text: text * 30), data=st.data())
def test_what_is_finished_of_a_growing_text_stays(
    source: str, data: st.DataObject
) -> None:
    growing = GrowingText()
    position = 0
    finished: list[Rendered] = []
    while position < len(source):
        step = data.draw(st.integers(1, 4000))
        growing.feed(source[position : position + step])
        position += step
        pieces = growing.pieces()
        assert all(0 < piece.units <= 4096 for piece in pieces)
        assert pieces[: len(finished)] == finished
        finished = pieces[:-3]  # the rest takes no more than twice the limit
    assert growing.pieces() == render_pieces(source)
    assert growing.finish(source) == render_pieces(source)
    assert growing.pieces() == []
