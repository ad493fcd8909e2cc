"""The splitter is told a length that it can rely on."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.splitter import split
from adapters.telegram.entities import Rendered
from adapters.telegram.limits import LIMITS, MAX_COLUMNS, rendered_units
from adapters.telegram.markup import render

texts = st.lists(
    st.sampled_from(
        ["|", "| a", " ", "\n", "\t", "&", "> ", "- ", "1. ", "漢", "😀", "x"]
    )
    | st.text(max_size=5)
).map("".join)

FAMILY = "👨‍👩‍👧‍👦"
SNIPPETS = [
    "word ", "Ends here. ", "\n", "\n\n", "**bold words** ", "*italic* ", "||hidden|| ",
    "`code` ", "```python\nfor x in y:\n    print(x)\n\n    return\n```\n", "- item\n",
    "> quoted words\n\n", "[a link](https://a.example) ", FAMILY, "🇩🇪", "e\u0301\u0323",
    "你好。", "العربية ", "தமிழ் ", "ภาษาไทย", "| a | b |\n|-|-|\n| c | d |\n\n",
    "x" * 50, "# Heading\n", "```\n~~~\n", "| 漢 |\n|-|\n",
]  # fmt: skip
marked_up = st.lists(st.sampled_from(SNIPPETS), min_size=5, max_size=40).map(
    lambda parts: "".join(parts) * 30
)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("", 0),
        ("abc", 3),
        ("😀漢", 3),
        ("a\nb", 4),
        ("a\tb", 6),
        ("a || b", 10),
        ("|", MAX_COLUMNS),
        ("> - |a|", MAX_COLUMNS),
        ("|" + "x" * 100, 103),
        ("| 漢 & |", MAX_COLUMNS + 1 + 2),
    ],
)
def test_length_is_bounded(text: str, units: int) -> None:
    assert rendered_units(text) == units


@given(texts, texts)
def test_length_suits_the_splitter(text: str, more: str) -> None:
    assert rendered_units(text) >= len(text)
    assert rendered_units(text + more) >= rendered_units(text)


def test_ordinary_text_fills_its_messages() -> None:
    text = "An ordinary sentence with **bold** words and `code` in it.\n\n" * 400
    pieces = [render(piece) for piece in split(text, LIMITS)]
    assert all(3000 < piece.units <= 4096 for piece in pieces[:-1])


def test_table_that_grows_most_fits() -> None:
    rows = "|a|\n" * 2000
    source = f"|{'x' * MAX_COLUMNS}|\n|-|\n{rows}"
    pieces = [render(piece) for piece in split(source, LIMITS)]
    assert all(piece.units <= 4096 for piece in pieces)
    assert sum(piece.text.count("a") for piece in pieces) == 2000


@settings(deadline=None, max_examples=50)
@given(marked_up)
def test_every_piece_of_any_text_fits_and_is_sound(
    check: Callable[[Rendered], None], text: str
) -> None:
    for piece in split(text, LIMITS):
        rendered = render(piece)
        check(rendered)
        assert rendered.units <= 4096
