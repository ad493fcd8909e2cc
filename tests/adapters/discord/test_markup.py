"""A model's Markdown becomes what Discord shows; nothing is lost, nobody is pinged."""

import itertools
import re
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from adapters.discord.bounds import rendered_units, units
from adapters.discord.markup import (
    LIMITS,
    MAX_LIST_LEVEL,
    MAX_MESSAGES,
    as_file,
    is_better_as_file,
    render,
)
from adapters.splitter import Splitter, split
from bot.adapter import Limits

SMALL = Limits(text_units=120, count_units=rendered_units)
MENTION = re.compile(r"@(everyone|here|[!&]?\d{17,20})")

# Bits that a model's answer is made of, the odd ones in plenty.
BITS = st.sampled_from(
    [
        "#### Deep", "# Top", "plain words", "| a | b |", "|---|--:|", "| 长 | 😀 x |",
        "|---", "| open", "- [ ] do", "    * deep", "\t+ plus", "1) one", "---", "***",
        "===", "> said", "> ---", ">     - ", ">>> x = 1", "```python", "```", "~~~",
        "    code", "$$",
        r"\[", r"\]", r"x_1 = \frac{1}{2}", "`co|de`", "![p](https://x.y/z.png)",
        "[t](https://x.y/a_(b))", "https://a.b/@everyone", "<https://c.d>", "<b>",
        "</b>", "<br>", "&lt;", "@", "everyone", "<@&", "123456789012345678", ">",
        "$E=mc^2$",
        "**", "**bold**", "`", "|", " ", "  ", "\\", "a" * 70, "👩‍👩‍👧", "e\u0301",
        "- ", "$", "<", "中文，标点。", "||", "\u200b", "<@123456789012345678>",
    ]
)  # fmt: skip
TEXTS = st.lists(st.tuples(BITS, st.sampled_from(["", " ", "\n", "\n\n"]))).map(
    lambda parts: "".join(itertools.chain.from_iterable(parts))
)
ROWS = st.lists(BITS, min_size=1, max_size=4).map(
    lambda row: "| " + " | ".join(row).replace("\n", " ") + " |"
)
# Tables of all widths, also after a line of text, also with a rule further down.
TABLES = st.tuples(
    st.sampled_from(["", "so:\n", "| odd\n"]),
    ROWS,
    st.sampled_from(["|---|--:|", "--- | ---", "|-", "| x |"]),
    st.lists(st.one_of(ROWS, st.sampled_from(["|---|", "", "| cut"])), max_size=6),
).map(lambda parts: "\n".join([parts[0] + parts[1], parts[2], *parts[3]]))
PLAIN_TEXTS = (TEXTS | TABLES).filter(lambda text: not re.search(r"</?b|&lt", text))


def letters(text: str) -> list[str]:
    return [letter for letter in text if letter.isalnum()]


def is_within(wanted: list[str], found: list[str]) -> bool:
    rest = iter(found)
    return all(letter in rest for letter in wanted)


@given(PLAIN_TEXTS, st.booleans())
def test_no_letter_is_lost(text: str, can_unfurl: bool) -> None:
    # "%40" and the name of a language are added, nothing is taken away.
    shown = render(text, can_unfurl=can_unfurl)
    assert is_within(letters(text), letters(shown)), shown


@settings(deadline=None)
@given(TEXTS | TABLES, st.booleans())
def test_a_text_takes_no_more_room_than_was_counted(
    text: str, can_unfurl: bool
) -> None:
    assert units(render(text, can_unfurl=can_unfurl)) <= rendered_units(text)


@settings(deadline=None)
@given(TEXTS | TABLES)
def test_a_longer_text_is_never_counted_shorter(text: str) -> None:
    counts = [rendered_units(text[:end]) for end in range(len(text) + 1)]
    assert counts == sorted(counts)
    assert all(count >= end for end, count in enumerate(counts))
    assert counts[0] == 0


@settings(deadline=None)
@given(TEXTS | TABLES)
def test_each_piece_of_a_text_fits_when_rendered(text: str) -> None:
    for piece in split(text, SMALL):
        assert units(render(piece, can_unfurl=False)) <= SMALL.text_units


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_a_growing_text_can_be_shown_at_any_time(text: str) -> None:
    splitter = Splitter(SMALL)
    for letter in text:
        for piece in splitter.feed(letter) + splitter.peek():
            render(piece)


@given(TEXTS)
def test_no_mention_works_outside_code(text: str) -> None:
    if "```" not in text and "~~~" not in text and "$$" not in text:
        assert not MENTION.search(render(text)) or r"\[" in text


@given(TEXTS)
def test_a_text_that_says_something_is_never_empty(text: str) -> None:
    assert bool(render(text).strip()) == bool(text.strip())


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("#### Deep", "**Deep**"),
        ("###### **Deep** ##", "**Deep**"),
        ("### Third", "### Third"),
        ("####no heading", "####no heading"),
        ("---", "─" * 12),
        ("* * *", "─" * 12),
        ("Title\n=====", "Title\n" + "─" * 12),
        ("- [ ] a\n- [x] b\n* [X] c", "- ☐ a\n- ☑ b\n* ☑ c"),
        ("+ a\n1) b", "- a\n1. b"),
        ("- a\n    - b\n        - c\n- d", "- a\n  - b\n    - c\n- d"),
        ("1. a\n   - b\n\ntext\n   - c", "1. a\n  - b\n\ntext\n- c"),
        (">said", "> said"),
        ("> #### said", "> **said**"),
        (">>> x = 1\nmore", "\\>>> x = 1\nmore"),
        ("  >>> x = 1", "  \\>>> x = 1"),
        ("> ===\n>   - [ ] a", "> " + "─" * 12 + "\n> - ☐ a"),
        ("![a cat](https://x.y/c.png)", "[a cat](https://x.y/c.png)"),
        ("![](https://x.y/c.png)", "https://x.y/c.png"),
        ("a<br>b <b>c</b> <i>d</i><hr>", "a\nb **c** *d*───"),
        ("<p>a</p><ul><li>b</li></ul>", "a\n- b"),
        ("x<sup>2</sup> H<sub>2</sub>O", "x^2 H2O"),
        ('<a href="https://x.y" rel="z">here</a>', "[here](https://x.y)"),
        ("list<str> and <stdio.h> &amp; R&D", "list<str> and <stdio.h> & R&D"),
        (r"area \( \pi r^2 \)", r"area `\pi r^2`"),
        ("$E = mc^2$ costs $5 to $10", "`E = mc^2` costs $5 to $10"),
        ("$$\nx_1\n$$", "```tex\nx_1\n```"),
        ("\\[\nx_1\n\\]\nso", "```tex\nx_1\n```\nso"),
        ("a\n$$\n\nb", "a\n```tex\n```\n\nb"),
        ("`<b> #### @x $a^b$`", "`<b> #### @x $a^b$`"),
        ("a || hidden || b", "a || hidden || b"),
        ("one\r\ntwo", "one\ntwo"),
        ("<span></span>", "<span></span>"),
    ],
)
def test_what_discord_lacks_becomes_what_it_has(source: str, shown: str) -> None:
    assert render(source) == shown


def test_a_list_stops_going_deeper_but_goes_on() -> None:
    source = "\n".join(f"{'  ' * level}- {level}" for level in range(9))
    lines = render(source).split("\n")
    assert [line.strip() for line in lines] == [f"- {level}" for level in range(9)]
    assert max(len(line) - len(line.lstrip()) for line in lines) == 2 * MAX_LIST_LEVEL


CODE = "#### no\n| a |\n|---|\n<b>@everyone</b> ![x](y) $a^b$\n\n    - [ ] z  "


@pytest.mark.parametrize("marks", ["```", "````", "~~~"])
def test_code_is_never_changed_inside(marks: str) -> None:
    assert render(f"{marks}md\n{CODE}\n{marks}\n---") == (
        f"```md\n{CODE}\n```\n" + "─" * 12
    )


def test_code_that_is_still_being_written_is_shown_as_code() -> None:
    assert render("so:\n```py\nx = 1\n") == "so:\n```py\nx = 1\n```"
    assert render("> ```\n> x\nafter") == "> ```\n> x\n> ```\nafter"


def test_a_table_is_aligned_by_what_is_seen() -> None:
    source = (
        "| Name | 年龄 | Note |\n|:--|--:|:-:|\n| Ann | 3 | **ok** 👍 |\n"
        "| 王小明 | 12 | `x\\|y`<br>z |\n| 👩‍👩‍👧 |"
    )
    shown = render(source).split("\n")
    assert shown[0] == shown[-1] == "```"
    bars = [
        [cell_len(line[: found.start()]) for found in re.finditer("[│┼]", line)]
        for line in shown[1:-1]
    ]
    assert bars == [bars[0]] * 5
    assert "Ann    │    3 │  ok 👍" in shown
    assert "王小明 │   12 │ x|y / z" in shown


def test_a_table_too_wide_for_a_line_becomes_a_list() -> None:
    wide = "word " * 12
    assert render(f"| A | B |\n|---|---|\n| 1 | {wide}|\n| 2 | **b** |\n") == (
        f"**A · B**\n- **A:** 1\n  - **B:** {wide.strip()}\n"
        "- **A:** 2\n  - **B:** **b**\n"
    )


def test_a_table_with_backticks_cannot_be_code() -> None:
    assert render("| A |\n|---|\n| ```x``` |") == "**A**\n- **A:** ```x```"


def test_a_message_that_starts_within_a_table_goes_on_with_it() -> None:
    assert render("| a | bb |\n| ccc | d |\n") == ("```\na   │ bb\nccc │ d\n```\n")


def test_rows_below_a_text_without_a_rule_stay_text() -> None:
    assert render("text\na | b\nc | d") == "text\na | b\nc | d"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("see https://a.b/c.", "see <https://a.b/c>."),
        ("(https://a.b/c_(d))", "(<https://a.b/c_(d)>)"),
        ("[t](https://a.b)", "[t](<https://a.b>)"),
        ("[t](#part)", "[t](#part)"),
        ('[t](https://a.b "c")', '[t](<https://a.b> "c")'),
        ("<https://a.b>", "<https://a.b>"),
        ("看https://a.b/c。好", "看<https://a.b/c>。好"),
        ('<a href="https://a.b">t</a>', "[t](<https://a.b>)"),
        ("`https://a.b`", "`https://a.b`"),
    ],
)
def test_links_can_be_kept_from_unfurling(source: str, shown: str) -> None:
    assert render(source, can_unfurl=False) == shown


@pytest.mark.parametrize(
    "source",
    [
        "@everyone @here",
        "<@123456789012345678> <@!123456789012345678> <@&123456789012345678>",
        "&lt;@123456789012345678&gt;",
        "@<span></span>everyone",
        "`@here`",
        "| a |\n|---|\n| @everyone |",
        "https://a.b/@everyone",
        "[@here](https://a.b/@123456789012345678)",
    ],
)
def test_a_mention_is_only_text(source: str) -> None:
    shown = render(source)
    assert not MENTION.search(shown)
    plain = re.sub(r"<span></span>|&lt;|&gt;", "", source)
    assert is_within(letters(plain), letters(shown))


def test_a_character_counts_as_its_utf16_units() -> None:
    assert (units("a中"), units("👍"), rendered_units("👍👍")) == (2, 2, 4)
    assert LIMITS.count_units("a" * 2000) == LIMITS.text_units


def test_a_long_answer_reads_better_as_a_file() -> None:
    room = MAX_MESSAGES * LIMITS.text_units
    assert not is_better_as_file("a" * room)
    assert is_better_as_file("a" * (room + 1))


def test_code_longer_than_a_message_reads_better_as_a_file() -> None:
    line = "x = 1\n"
    assert not is_better_as_file(f"```py\n{line * 300}```\n" * 2)
    assert is_better_as_file(f"so:\n```py\n{line * 340}```")


def test_a_file_holds_the_text_as_it_was() -> None:
    file = as_file("#### ä\n", "answer.md")
    assert (file.name, file.content) == ("answer.md", "#### ä\n".encode())
    assert file.media_type == "text/markdown"
    assert as_file("", PurePath("x").name).media_type == "text/plain"
