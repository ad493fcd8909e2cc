"""Markdown becomes text with entities, and nothing that people wrote is lost."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.splitter import split
from adapters.telegram.entities import Entity, Kind, Rendered
from adapters.telegram.inline import is_link
from adapters.telegram.limits import rendered_units
from adapters.telegram.markup import LIMITS, plain, render

Check = Callable[[Rendered], None]
Marked = Callable[[Rendered], list[tuple[str, str]]]
Lost = Callable[[str, Rendered], str]

SCRIPTS = [
    "latin", "кириллица", "ελληνικά", "العربية", "עברית", "देवनागरी", "ภาษาไทย",
    "한국어", "漢字", "ひらがな", "カタカナ", "தமிழ்", "አማርኛ", "ქართული", "𝒜𝓈𝓉𝓇𝒶𝓁",
    "👨‍👩‍👧‍👦", "🇩🇪", "e\u0301\u0323",
]  # fmt: skip
MARKUP = [
    "**", "*", "_", "__", "~~", "||", "`", "``", "```", "~~~", "# ", "## ", "- ", "* ",
    "1. ", "1. ", "7) ", "> ", ">", ">> ", "- [ ] ", "- [x] ", "    ", "  ", "\t", " ",
    "\n", "\n", "\n\n", "\r\n", "\r", "---", "***", "===", "| ", " | ", "|", "|-|-|\n",
    "\n|-|\n| ", "\n| - | :-: |\n| ", "[", "](", ")", "](https://a.example/x)", "![",
    "]", "[x]: https://a.example\n", "[^1]: ", "[^1]", "[x]", "<b>", "</b>", "<br>",
    "<u>", "</u>", "<div>", "<https://a.example>", "&amp;", "&#x301;", "&nbsp;", "\\",
    "\\\n", "$", "$$", "\\(", "\\)", "\\[", "\\]", "\\frac{1}{2}", "x^2", "```python\n",
    "\n```\n", "@name", "/start", "#tag", "\ud800", "\x00", "\x1b", "\u202e", "\ufeff",
]  # fmt: skip
sources = st.lists(
    st.sampled_from(MARKUP) | st.sampled_from(SCRIPTS) | st.text(max_size=8),
    max_size=40,
).map("".join)

# Examples of the specification where letters are markup; no others may lose any.
TITLES = {307, 317, 326, 480, 498, 500, 501, 504, 505, 567, 574}
REFERENCES = {
    522, 523, 524, 525, 526, 527, 528, 529, 530, 531, 534, 535, 536, 539, 544, 560, 564,
    565, 566, 572, 577, 578,
}  # fmt: skip
CHARACTERS = {310, 311, 312, 316, 319, 321, 322, 323, 324, 325, 326, 501, 626}
TAGS = {135, 137, 611}
LETTERS_IN_MARKUP = TITLES | REFERENCES | CHARACTERS | TAGS


@pytest.mark.parametrize("source", ["", " ", "\n", " \n\t\n"])
def test_blank_text_stays_blank(source: str) -> None:
    assert not render(source).text.strip()


@pytest.mark.parametrize("source", ["#", "-", ">", "```", "```python", "[a]: b", "***"])
def test_text_of_nothing_but_markup_is_shown(source: str) -> None:
    assert render(source).text
    assert plain(source)


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("**b** __b__", "b b", [("bold", "b"), ("bold", "b")]),
        ("*i* _i_", "i i", [("italic", "i"), ("italic", "i")]),
        ("***both***", "both", [("bold", "both"), ("italic", "both")]),
        ("**a *b***", "a b", [("bold", "a b"), ("italic", "b")]),
        ("~~s~~ ~s~", "s ~s~", [("strikethrough", "s")]),
        ("||a **b**||", "a b", [("spoiler", "a b"), ("bold", "b")]),
        ("a || b || c", "a || b || c", []),
        ("||open", "||open", []),
        ("|||x|||", "|||x|||", []),
        ("`a*b*`", "a*b*", [("code", "a*b*")]),
        ("**a `b` c**", "a b c", [("bold", "a"), ("code", "b"), ("bold", "c")]),
        ("||`b`||", "b", [("spoiler", "b")]),
        ("snake_case_name 2 * 3 * 4", "snake_case_name 2 * 3 * 4", []),
        ("<b>b</b> <i>i", "b <i>i", [("bold", "b")]),
        ("<b>a *c</b> d*", "<b>a c</b> d", [("italic", "c</b> d")]),
        ("<u>a<br>b</u>", "a\nb", [("underline", "a\nb")]),
        ("<u><s>x</u>", "<s>x", [("underline", "<s>x")]),
        ("<b>**x**</b>", "x", [("bold", "x")]),
        ("List<String> &lt;", "List<String> <", []),
        ("<div>\n*x*\n</div>", "<div>\nx\n</div>", [("italic", "x")]),
        ("<script>x</script>", "<script>x</script>", []),
        ("one\ntwo\\\nthree", "one\ntwo\nthree", []),
        ("😀 **b😀**", "😀 b😀", [("bold", "b😀")]),
        ("@name /start #tag", "@name /start #tag", []),
        ("\\*no\\*", "*no*", []),
    ],
)
def test_words_are_marked(
    source: str,
    text: str,
    entities: list[tuple[str, str]],
    check: Check,
    marked: Marked,
) -> None:
    rendered = render(source)
    check(rendered)
    assert (rendered.text, marked(rendered)) == (text, entities)


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("# A *b*\ntext", "A b\ntext", [("bold", "A b"), ("italic", "b")]),
        ("text\n## A", "text\n\nA", [("bold", "A")]),
        ("# **A** `b`", "A b", [("bold", "A"), ("code", "b")]),
        ("text\n---\nmore\n===", "text\n———\nmore\n===", []),
        ("- a\n- b", "• a\n• b", []),
        ("- a\n\n- b", "• a\n\n• b", []),
        ("- a\n  - b\n    1. c\n- d", "• a\n  • b\n    1. c\n• d", []),
        ("- - a\n-\n- b", "• • a\n•\n• b", []),
        ("- a\n\n  b", "• a\n\n  b", []),
        ("    - a\n    - b", "• a\n• b", []),
        ("\n\t- a\n\n\t- b\n- c", "• a\n\n• b\n• c", []),
        ("- a\n    - b\n    - c\n        - d", "• a\n  • b\n  • c\n    • d", []),
        ("    ```c\n      x\n    ```", "  x", [("pre", "  x")]),
        ("7. a\n8. b", "7. a\n8. b", []),
        ("7) a\n\n9) b", "7) a\n\n9) b", []),
        ("1. a\n1. b", "1. a\n2. b", []),
        ("- [ ] a\n- [x] b\n- [X] *c*", "☐ a\n☑ b\n☑ c", [("italic", "c")]),
        ("1. [ ] a", "1. ☐ a", []),
        ("- [x](https://a.example)", "• x", [("text_link", "x")]),
        ("- [ ]a\n- [ ]", "• [ ]a\n• [ ]", []),
        ("> a\n> b\n\nc", "a\nb\n\nc", [("blockquote", "a\nb")]),
        ("> a\n> > b\n> > > c", "a\n> b\n> > c", [("blockquote", "a\n> b\n> > c")]),
        ("- > q\n- z", "•\nq\n• z", [("blockquote", "q")]),
        (
            "> ```c\n> x\n> ```\n> y",
            "x\ny",
            [("blockquote", "x\ny"), ("pre", "x")],
        ),
        ("> " + "x" * 601, "x" * 601, [("expandable_blockquote", "x" * 601)]),
        ("```\n  a\n\n b\n```", "  a\n\n b", [("pre", "  a\n\n b")]),
        ("a\n```\n*x*\n```\nb", "a\n*x*\nb", [("pre", "*x*")]),
        ("- a\n  ```\n  x\n    y\n  ```", "• a\nx\n  y", [("pre", "x\n  y")]),
        ("- ```\n  x\n  ```", "•\nx", [("pre", "x")]),
        ("```\n\n```\nx", "x", []),
        ("a\n\n    b", "a\n\nb", []),
    ],
)
def test_blocks_are_laid_out(
    source: str,
    text: str,
    entities: list[tuple[str, str]],
    check: Check,
    marked: Marked,
) -> None:
    rendered = render(source)
    check(rendered)
    lines = [line.rstrip() for line in rendered.text.split("\n")]
    assert ("\n".join(lines), marked(rendered)) == (text, entities)


@pytest.mark.parametrize(
    ("source", "text", "urls"),
    [
        ("[a](https://x.example/y)", "a", ["https://x.example/y"]),
        ("[`a`](https://x.example)", "a", ["https://x.example"]),
        ("[a **b**](tg://user?id=5)", "a b", ["tg://user?id=5"]),
        ('[a](https://x.example "t")', "a", ["https://x.example"]),
        ("<https://x.example> https://y.example", None, []),
        ("[https://x.example](https://x.example)", "https://x.example", []),
        ("[](https://x.example)", "https://x.example", []),
        ("[a](/relative) [b](#part)", "a (/relative) b (#part)", []),
        ("[a](http://localhost:80)", "a (http://localhost:80)", []),
        ("[a](mailto:a@b.example) <a@b.example>", "a (a@b.example) a@b.example", []),
        ("[a](javascript:alert)", "[a](javascript:alert)", []),
        ("[a]()", "a", []),
        ("![a *b*](https://x.example/p.png)", "🖼 a b", ["https://x.example/p.png"]),
        ("![](https://x.example/p.png)", "🖼", ["https://x.example/p.png"]),
        (
            "[![a](https://x.example)](https://y.example)",
            "🖼 a",
            ["https://y.example"],
        ),
        ("[a][1]\n\n[1]: https://x.example", "a", ["https://x.example"]),
        ("[1]: https://x.example", "[1]: https://x.example", []),
        ("[a][1]\n\n[1]: /x", "a\n\n[1]: /x", []),
        ("- [1]: word\n> [2]: word", "• [1]: word\n[2]: word", []),
        ("x[^1]\n\n[^1]: Smith", "x^1\n\n[^1]: Smith", []),
        ("x[^1]\n\n[^1]: J. Smith, 1999", "x[^1]\n\n[^1]: J. Smith, 1999", []),
    ],
)
def test_links_lead_where_they_should(
    source: str, text: str | None, urls: list[str], check: Check
) -> None:
    rendered = render(source)
    check(rendered)
    assert rendered.text == (text or source.replace("<", "").replace(">", ""))
    assert [e.url for e in rendered.entities if e.type is Kind.TEXT_LINK] == urls


@pytest.mark.parametrize(
    "url", ["", "x", "http://", "https://[", "https://.", "ftp://x.y"]
)
def test_link_that_telegram_drops_is_none(url: str) -> None:
    assert not is_link(url)


def test_block_of_code_keeps_its_language() -> None:
    (entity,) = render("```python\nprint(1)\n```").entities
    assert entity == Entity(Kind.PRE, 0, 8, language="python")


def test_what_follows_the_language_stands_above_the_code(marked: Marked) -> None:
    rendered = render("a\n```c title=x\ny\n```\n~~~ !no language\nz\n~~~")
    assert rendered.text == "a\ntitle=x\ny\n!no language\nz"
    assert marked(rendered) == [("pre", "y"), ("pre", "z")]


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("Costs $5 or $10, $PATH", "Costs $5 or $10, $PATH", []),
        ("It is $E = mc^2$.", "It is E = mc².", []),
        (r"\(\frac{1}{2}\) and \[x_1\]", "½ and x₁", []),
        (r"$\sqrt[3]{x}$", r"\sqrt[3]{x}", ["code"]),
        ("$$\na_1\n\n- b\n$$\nc", "a₁\n- b\nc", ["pre"]),
        ("\\[\na*b*c\n\\]", "a*b*c", ["pre"]),
        ("$$\nopen\n\nend", "$$\nopen\n\nend", []),
        (r"\( open \) a \) and \[ open", "open a ) and [ open", []),
        ("$$ 5 $ $$ and $ 5$ x", "$$ 5 $ $$ and $ 5$ x", []),
        ("\\(\na\n\\)", "a", []),
        ("$$x$$ $$ $$ \\( \\)", "x $$ $$ ( )", []),
        ("> $$\nx", "$$\nx", ["blockquote"]),
        ("$$ a\nb $$ c", "a\nb c", []),
        ("$" + "x^2" * 200 + "$", "x^2" * 200, []),
    ],
)
def test_formulas_are_readable(source: str, text: str, kinds: list[str]) -> None:
    rendered = render(source)
    assert rendered.text == text
    assert [entity.type.value for entity in rendered.entities] == kinds


def test_tables_are_aligned_whatever_the_script(marked: Marked) -> None:
    source = (
        "| Name | n |\n|---|--:|\n| 東京 | 5 |\n| **a** \\| b | 100 |\n| 👨‍👩‍👧 | `x` |"
    )
    rendered = render(source)
    assert rendered.text.split("\n") == [
        "Name  |   n",
        "------+----",
        "東京  |   5",
        "a | b | 100",
        "👨‍👩‍👧    |   x",
    ]
    assert marked(rendered) == [("pre", rendered.text)]


def test_tables_are_centred() -> None:
    assert (
        render("| a | b |\n|:-:|---|\n| xxx | y |").text == " a  | b\n----+--\nxxx | y"
    )


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        (f"| a | {'b' * 60} |\n|-|-|\n| c | |", f"a | {'b' * 60}\nc", ["bold"]),
        (
            "| a |\n|-|\n| [l](https://x.example) |",
            "a\nl",
            ["bold", "text_link"],
        ),
        ("a | b\n-|-\n1 |", "a | b\n1", ["bold"]),
        ("| a | b |\n|-|-|\n| 1<br>2 |", "a   | b\n----+--\n1 2 |", ["pre"]),
    ],
)
def test_tables_that_cannot_be_aligned_stay_lines(
    source: str, text: str, kinds: list[str]
) -> None:
    rendered = render(source)
    assert rendered.text == text
    assert [entity.type.value for entity in rendered.entities] == kinds


def test_cells_without_a_column_are_kept() -> None:
    source = "> | a |\n> |---|\n> | b | **c** | |\n> | d | | |\n> e"
    assert render(source).text == "a\nb | c\nd\ne"
    assert render("| a |\n|---|\n| b | c |").text == "a\n-----\nb | c"


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("| a | bb", "| a | bb", []),
        ("x\n\n| a | bb |", "x\n\na | bb", ["pre"]),
        ("| a | b |\n| cc | d |", "a  | b\ncc | d", ["pre"]),
        ("- | a | b |\n  | 東 | d |\n", "•\na  | b\n東 | d", ["pre"]),
        ("| a | b | c |\n| d |", "| a | b | c |\n| d |", []),
        ("| a | [l](https://x.example) |", "a | l", ["text_link"]),
        ("| a \\| b |", "a | b", ["pre"]),
        ("||a|| and ||b||", "a and b", ["spoiler", "spoiler"]),
        ("|x|", "|x|", []),
    ],
)
def test_rows_without_a_heading_are_a_table(
    source: str, text: str, kinds: list[str]
) -> None:
    rendered = render(source)
    lines = [line.rstrip() for line in rendered.text.split("\n")]
    assert "\n".join(lines) == text
    assert [entity.type.value for entity in rendered.entities] == kinds


def test_plain_text_shows_where_links_lead() -> None:
    source = "**A** [link](https://x.example) 😀 and ![p](https://y.example)."
    assert plain(source) == (
        "A link (https://x.example) 😀 and 🖼 p (https://y.example)."
    )


def test_plain_text_stays_short() -> None:
    source = "[a] " * 20 + "\n\n[a]: https://x.example/"
    assert plain(source) == ("a " * 20).strip()


def test_at_most_a_hundred_entities_are_sent_the_important_ones() -> None:
    source = "*i* " * 90 + "`c` " * 40 + "**b** " * 20
    rendered = render(source)
    assert len(rendered.entities) == 150
    sent = rendered.to_telegram()
    assert [entity.type for entity in sent] == ["italic"] * 40 + ["code"] * 40 + [
        "bold"
    ] * 20


def test_entities_become_the_sdks_own() -> None:
    rendered = render("[a](https://x.example)\n```c\nx\n```")
    link, code = rendered.to_telegram()
    assert (link.type, link.offset, link.length) == ("text_link", 0, 1)
    assert (link.url, link.language) == ("https://x.example", None)
    assert (code.url, code.language) == (None, "c")


def test_specification_loses_no_letter(
    examples: list[str], check: Check, lost: Lost
) -> None:
    losing: set[int] = set()
    for number, source in enumerate(examples):
        rendered = render(source)
        check(rendered)
        assert rendered.units <= rendered_units(source)
        if lost(source, rendered):
            losing.add(number)
    assert losing == LETTERS_IN_MARKUP


@settings(deadline=None)
@given(sources)
@example("1. a\n" * 30)
@example("|a|\n|-|\n" + "|a\n" * 50)
@example("|\ta|b|\n|-|-|\n|e\u0301\u0301\u0301\u0301|x")
@example("$" + "{" * 490 + "^$")
@example("> " * 60 + "x")
@example("- " * 60 + "x")
def test_any_text_is_rendered_and_its_pieces_fit(source: str) -> None:
    rendered = render(source)
    assert rendered.units <= rendered_units(source)
    assert bool(rendered.text.strip()) or not source.strip()
    assert len(plain(source)) <= rendered_units(source)
    for piece in split(source * 10, LIMITS):
        assert render(piece).units <= LIMITS.text_units


@settings(deadline=None)
@given(source=sources)
def test_any_text_is_as_telegram_wants_it(source: str, check: Check) -> None:
    check(render(source))


@settings(deadline=None)
@given(
    words=st.lists(st.sampled_from(SCRIPTS), min_size=1, max_size=12), data=st.data()
)
def test_words_of_any_script_stay_in_order(
    words: list[str], data: st.DataObject, lost: Lost
) -> None:
    signs = [sign for sign in MARKUP if not any(map(str.isalnum, sign))]
    between = st.lists(st.sampled_from(signs), max_size=3).map("".join)
    source = "".join(data.draw(between) + word for word in words)
    rendered = render(source + data.draw(between))
    assert not lost(source.replace("\x00", ""), rendered)


@settings(deadline=None)
@given(sources)
def test_any_beginning_of_a_text_is_rendered(source: str) -> None:
    for end in range(len(source)):
        assert render(source[:end]).text or not source[:end].strip()
