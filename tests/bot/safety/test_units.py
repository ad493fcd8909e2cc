import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.units import MAX_FENCE, MAX_HOLD, Units

# Pieces that make sentences, lists, fences, mentions and what nearly is one.
ANSWERS = st.lists(
    st.sampled_from(
        [
            *(
                "Hello",
                " ",
                " ",
                "\n",
                "\r\n",
                ".",
                "...",
                "!",
                "?!",
                "…",
                "Dr",
                "e.g.",
            ),
            *("3.14", "1. ", "- ", "> ", "# Head", "|a|b|", '"', ")", "**", "_", "`"),
            *("``", "```", "```py", "````", "~~~", "~~", "code = 1"),
            *("你好", "。", "！", "」", "नमस्ते", "।", "؟", "@everyone", "<@&1>", "@"),
            *("👨‍👩‍👧", "e\u0301", "🇩🇪🇫🇷", "x" * 30, "，", ", ", "\u200b", "\ud800"),
        ]
    ),
    max_size=60,
).map("".join)


def units_of(text: str, *, size: int = 0, **limits: int) -> list[str]:
    """Cut a text that comes in pieces of a size; 0: at once."""
    units = Units(**limits)
    size = size or max(1, len(text))
    cut = [
        unit
        for start in range(0, len(text), size)
        for unit in units.feed(text[start : start + size])
    ]
    rest = units.flush()
    return [*cut, rest] if rest else cut


@pytest.mark.parametrize(
    "expected",
    [
        [],
        ["No end"],
        ["One.", " Two!", " Three?", " Four…", " Five"],
        ["Really?!", " Yes...", " Well"],
        [" .", " A lonely dot"],
        ['"Yes."', " (No.)", " **Bold.**", " _So!_", " on"],
        ["A line\n", "another\r\n", "\n", "last"],
        ["Ends with the line.\n", "Next"],
        ["Ask Dr. Smith, Prof. Jones or J. Doe.", " They know."],
        ["See e.g. this, i.e. that, z. B. jenes.", " Fine"],
        ["It is 3.14 or 1.5 at a.example/b?c=d!e now.", " Good"],
        ["# Heading\n", "- one\n", "* two.", " three\n", "1. four\n"],
        ["| a | b |\n", "|---|---|\n", "| 1. | 2 |\n", "x"],
        ["你好。", "再见！", "“好的。”", "然后呢？！", "完"],
        ["はい。", "「そうです。」", "と言った"],
        ["नमस्ते।", " कैसे हो।", " ठीक"],
        ["ما اسمك؟", " أنا"],
        ["Text:\n", "```py\na. b\n\nc! d\n```\n", "After.", " End"],
        ["~~~\n```\na. b\n```\n~~~~\n", "x"],
        ["````\n```\nx. y\n````\n", "x"],
        ["> ```\n> a. b\n> ```\n", "c"],
        ["- ```py\n  a. b\n  ```\n", "c"],
        ["```one.two``` is code.", " And `three.four`, too"],
        ["```\nnever closed. x\n"],
        ["```not a `fence\n", "One.", " Two"],
        ["``\n", "One.", " Two"],
    ],
    ids=lambda units: ascii("".join(units)[:20]),
)
@pytest.mark.parametrize("size", [0, 1, 2, 7])
def test_units_end_where_a_reader_pauses(expected: list[str], size: int) -> None:
    assert units_of("".join(expected), size=size) == expected


@given(
    text=ANSWERS,
    cuts=st.lists(st.integers(0, 400), max_size=20),
    max_hold=st.sampled_from([5, 17, 60, MAX_HOLD]),
    max_fence=st.sampled_from([60, 100, MAX_FENCE]),
)
def test_units_are_the_same_however_they_are_fed(
    text: str, cuts: list[int], max_hold: int, max_fence: int
) -> None:
    units = Units(max_hold=max_hold, max_fence=max_fence)
    bounds = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    fed: list[str] = []
    for start, end in pairwise(bounds):
        fed += units.feed(text[start:end])
        assert "".join(fed) + units.rest == text[:end]
    fed += [rest] if (rest := units.flush()) else []

    assert fed == units_of(text, max_hold=max_hold, max_fence=max_fence)
    assert "".join(fed) == text
    assert all(fed)


@given(ANSWERS)
def test_units_hold_back_no_more_than_they_must(text: str) -> None:
    units = Units(max_hold=40, max_fence=90)
    for char in text:
        units.feed(char)
        is_code = units.rest.lstrip(" >-.1").startswith(("```", "~~~"))
        assert len(units.rest) < (90 if is_code else 40)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("words and more words and", "words and more"),
        ("一二三四五六七，八九十一二三四五六七八九十", "一二三四五六七，"),
        ("x" * 40, "x" * 19),
        ("x" * 12 + "@everyone and", "x" * 12),
        ("x" * 14 + "<@&12345678>", "x" * 14),
        ("x" * 16 + "👨‍👩‍👧" + "x" * 9, "x" * 16),
        ("x" * 18 + "e\u0301" + "x" * 9, "x" * 18),
        ("x" * 18 + "👍🏽" + "x" * 9, "x" * 18),
        ("x" * 18 + "🇩🇪" + "x" * 9, "x" * 18),
        ("\u0301" * 40, "\u0301"),
        (" " * 40, " " * 19),
        ("." * 40, "." * 19),
        ("@" + "x" * 40, "@" + "x" * 18),
    ],
    ids=lambda text: ascii(text[:18]),
)
def test_units_cut_a_text_without_an_end_where_it_hurts_least(
    text: str, first: str
) -> None:
    assert units_of(text, max_hold=20)[0] == first


def test_units_give_a_huge_code_block_line_by_line() -> None:
    code = [f"line = {number}. x\n" for number in range(30)]
    text = ["```py\n", *code, "```\n", "After.", " End"]

    assert units_of("".join(text), max_fence=200) == text


def test_units_cut_a_huge_line_of_a_huge_code_block() -> None:
    text = "```\n" + "x" * 500 + "\n```\nOne. Two"

    units = units_of(text, max_hold=50, max_fence=200)

    assert units[0] == "```\n"
    assert max(map(len, units)) <= 50
    assert units[-3:] == ["```\n", "One.", " Two"]


def test_units_begin_anew_after_a_flush() -> None:
    units = Units()
    units.feed("```\nopen. x\n")

    assert units.flush() == "```\nopen. x\n"
    assert units.rest == ""
    assert units.feed("One. Two") == ["One."]


@pytest.mark.parametrize(
    "text",
    [
        "Hello there, my friend. " * 12_000,
        "." * 75_000,
        "。" * 75_000,
        "a" * 75_000,
        "\n" * 75_000,
        "```\n" + "code\n" * 15_000,
        "`" * 75_000,
        "- " * 37_500,
        '."' * 37_500,
    ],
    ids=lambda text: ascii(text[:6]),
)
@pytest.mark.parametrize("size", [7, 0])
def test_units_take_linear_time(text: str, size: int) -> None:
    start_s = time.process_time()

    assert "".join(units_of(text, size=size)) == text

    assert time.process_time() - start_s < 5  # measured: 0.1 to 0.3 s
