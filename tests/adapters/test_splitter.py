"""Texts are cut without losing or breaking anything."""

from collections.abc import Callable

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.splitter import LEAST_UNITS, Splitter, join, split, split_reply
from bot.adapter import Limits
from bot.messages import Attachment, Button, Reply


def utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


COUNTS: list[Callable[[str], int]] = [len, utf16_units, utf8_bytes]
FAMILY = "👨‍👩‍👧‍👦"
SNIPPETS = [
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\u00a0",
    "```",
    "```python\n",
    "\n```\n",
    "~~~~\n",
    "  ```js title=x\n",
    "- ```\n",
    "> ```c\n",
    "1. one\n",
    "- two\n",
    "word",
    "Ends here. ",
    "你好。",
    "再见，",
    FAMILY,
    "🇩🇪",
    "e\u0301\u0323",
    "https://example.org/a?b=c#d",
    "[a link](https://example.org/x y)",
    "[a nice link](https://example.org/x)",
    "![alt text](a(b)c)",
    "\u202eשלום",
    "\x00\x1b[2J",
    "\ud800",
    "x" * 50,
]
texts = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=30), max_size=60).map(
    "".join
)
limits_of_any_kind = st.builds(
    Limits, st.integers(LEAST_UNITS, 200), st.sampled_from(COUNTS)
)
words = st.text(st.sampled_from("abcdeé你👍🏽-_/."), min_size=1, max_size=32)


@pytest.mark.parametrize("text_units", [-1, 0, LEAST_UNITS - 1])
def test_splitter_refuses_a_limit_without_room(text_units: int) -> None:
    with pytest.raises(ValueError, match="is below"):
        Splitter(Limits(text_units))


def test_splitter_refuses_a_way_to_count_that_leaves_no_room() -> None:
    with pytest.raises(ValueError, match="leaves no room"):
        split("ab", Limits(50, lambda text: 100 * len(text)))


@settings(deadline=None)
@given(texts, limits_of_any_kind)
@example("\n" + "x" * 32, Limits(32))
@example(" " * 100, Limits(32))
@example("e" + "\u0301" * 100, Limits(32, utf8_bytes))
@example("```py\n" + "x" * 100, Limits(32))
@example("```\n" + "x" * 20 + "\n" + "x" * 26 + "\nyyyy", Limits(32))
@example("```\n" + "x" * 20 + "\n" + "x" * 25 + "\n```\nmore", Limits(32))
@example("`" * 100 + "\n" + "x" * 100, Limits(32))
@example("```\n" + "x" * 20 + "\n       ```      \n" + "y" * 40, Limits(32))
def test_pieces_are_within_the_limit_and_lose_nothing(
    text: str, limits: Limits
) -> None:
    splitter = Splitter(limits)
    pieces = splitter.feed_pieces(text) + splitter.flush_pieces()
    assert join(pieces) == text
    assert all(limits.count_units(piece.text) <= limits.text_units for piece in pieces)
    assert all(piece.text for piece in pieces)
    assert all(
        piece.dropped in {"", "\r\n"} or len(piece.dropped) == 1 for piece in pieces
    )
    assert all(not piece.dropped or piece.dropped.isspace() for piece in pieces)
    assert all(
        not piece.opening.strip(" >\n`~").strip() or piece.opening for piece in pieces
    )
    assert [piece.text for piece in pieces] == split(text, limits)


@settings(deadline=None)
@given(texts, limits_of_any_kind, st.data())
def test_pieces_do_not_depend_on_how_the_text_comes(
    text: str, limits: Limits, data: st.DataObject
) -> None:
    splitter = Splitter(limits)
    pieces: list[str] = []
    rest = text
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        pieces += splitter.feed(rest[:size])
        assert splitter.peek() == splitter.peek()
        rest = rest[size:]
    assert pieces + splitter.flush() == split(text, limits)


@settings(deadline=None)
@given(texts, limits_of_any_kind)
def test_text_that_fits_is_one_piece_unchanged(text: str, limits: Limits) -> None:
    if text and limits.count_units(text) <= limits.text_units:
        assert split(text, limits) == [text]


def test_empty_text_has_no_pieces() -> None:
    assert split("", Limits(100)) == []


@settings(deadline=None)
@given(
    texts.filter(lambda text: not regex.search("`{3}|~{3}", text)), limits_of_any_kind
)
def test_clusters_stay_whole_unless_longer_than_the_limit(
    text: str, limits: Limits
) -> None:
    splitter = Splitter(limits)
    pieces = splitter.feed_pieces(text) + splitter.flush_pieces()
    position = 0
    cuts = set()
    for piece in pieces:
        position += len(piece.body)
        cuts.add(position)
        position += len(piece.dropped)
        cuts.add(position)
    for found in regex.finditer(r"\X", text):
        if limits.count_units(found[0]) <= limits.text_units:
            assert not cuts & set(range(found.start() + 1, found.end()))


@settings(deadline=None)
@given(
    st.lists(words, min_size=1, max_size=80),
    st.sampled_from(["\n", "\n\n", " ", "\r\n", ". "]),
    st.sampled_from(COUNTS),
)
def test_words_stay_whole(
    spoken: list[str], between: str, count: Callable[[str], int]
) -> None:
    # Between ideographs there may be a break, so these count as words of their own.
    text = between.join(spoken)
    limits = Limits(5 * 32, count)
    whole: list[str] = regex.findall(r"[^\s你]+", text)
    found = [
        word
        for piece in split(text, limits)
        for word in regex.findall(r"[^\s你]+", piece)
    ]
    assert found == whole


LINKS = [
    "https://example.org/a/long/path?with=a&query=1#end",
    "[a link with many words in it](https://example.org/page)",
    "[brackets [inside] the words](https://example.org/wiki/Fire_(song))",
    '![a picture](https://example.org/a.png "and its title here")',
    "[![badge of the build](b.svg)](https://example.org/build)",
    "<https://example.org/between/angle/brackets>",
]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([*LINKS, "and", "some words.", "\n", "- item\n"]), max_size=60
    )
)
def test_links_stay_whole(parts: list[str]) -> None:
    text = " ".join(parts)
    pieces = split(text, Limits(80))
    for link in LINKS:
        assert sum(piece.count(link) for piece in pieces) == text.count(link)


def test_link_longer_than_the_limit_is_cut_and_not_lost() -> None:
    text = "see https://example.org/" + "a" * 100
    pieces = split(text, Limits(32))
    assert pieces[0] == "see"
    assert "".join(pieces[1:]) == "https://example.org/" + "a" * 100


code_lines = st.lists(
    st.text(st.sampled_from("abc = `~()"), max_size=20).map(lambda line: "x" + line),
    min_size=1,
    max_size=30,
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Make paragraphs and closed blocks of code, as a model would write them."""
    parts = []
    for _ in range(draw(st.integers(1, 6))):
        if draw(st.booleans()):
            parts.append("Some words of text. " * draw(st.integers(1, 12)))
            continue
        marks = draw(st.sampled_from(["```", "````", "~~~", "~~~~~"]))
        info = draw(st.sampled_from(["", "py", "js a=1"]))
        lines = draw(code_lines)
        if len(marks) > 3:
            lines = ["x", marks[:3] + "inner", *lines, marks[:3]]
        indent = draw(st.sampled_from(["", "  "]))
        body = "".join(f"{indent}{line}\n" for line in lines)
        parts.append(f"{indent}{marks}{info}\n{body}{indent}{marks}")
    return draw(st.sampled_from(["\n", "\n\n"])).join(parts)


def code_of(text: str) -> list[tuple[str, str]]:
    """Return every line of code with its block's language, as a renderer reads it."""
    return [
        (token.info, line)
        for token in MarkdownIt().parse(text)
        if token.type == "fence"
        for line in token.content.splitlines()
    ]


@settings(deadline=None)
@given(documents(), st.integers(60, 120))
def test_code_stays_code_in_every_piece(text: str, text_units: int) -> None:
    pieces = split(text, Limits(text_units))
    assert [line for piece in pieces for line in code_of(piece)] == code_of(text)


def block(opening: str, closing: str, num_lines: int = 10) -> str:
    quote = "> " if opening.startswith(">") else ""
    return opening + "\n" + f"{quote}line of code\n" * num_lines + closing


@pytest.mark.parametrize(
    ("opening", "closing", "reopened", "closed"),
    [
        ("```python", "```", "```python\n", "\n```"),
        ("~~~", "~~~", "~~~\n", "\n~~~"),
        ("`````md", "`````", "`````md\n", "\n`````"),
        ("   ```", "   ```", "   ```\n", "\n   ```"),
        ("- ```py", "  ```", "  ```py\n", "\n  ```"),
        ("> ```py", "> ```", "> ```py\n", "\n> ```"),
        ("```py", "``````", "```py\n", "\n```"),
    ],
)
def test_block_of_code_is_closed_and_opened_again(
    opening: str, closing: str, reopened: str, closed: str
) -> None:
    first, *middle, last = split(block(opening, closing), Limits(70))
    assert first.startswith(opening + "\n")
    assert first.endswith(closed)
    assert all(
        piece.startswith(reopened) and piece.endswith(closed) for piece in middle
    )
    assert last.startswith(reopened)
    assert last.endswith("\n" + closing)


@pytest.mark.parametrize("opening", ["``` not `a fence`", "``", "~~", "text ```"])
def test_line_that_opens_nothing_is_text(opening: str) -> None:
    assert not any(
        piece.endswith("\n```") for piece in split(block(opening, ""), Limits(70))
    )


def test_fence_too_long_to_repeat_is_text() -> None:
    text = block("```" + "x" * 40, "")
    assert "".join(split(text, Limits(70))).count("`") == 3


def test_block_in_a_quote_ends_with_the_quote() -> None:
    text = "> ```py\n> code\n" + "plain words here\n" * 8
    pieces = split(text, Limits(70))
    assert len(pieces) > 2
    assert not any(piece.startswith("> ```") for piece in pieces[1:])


def test_open_block_at_the_end_stays_open() -> None:
    *_, last = split(block("```py", ""), Limits(70))
    assert last.startswith("```py\n")
    assert last.count("```") == 1


def test_no_piece_has_an_empty_block() -> None:
    for num_words in range(20):
        text = "word " * num_words + "\n" + block("```py", "```", 4) + "\nafter it"
        assert not any("```py\n```" in piece for piece in split(text, Limits(70)))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a" * 25 + "\n\nb b\nc. d " + "e" * 20, "a" * 25 + "\n"),
        ("a" * 25 + "\nb b. c d " + "e" * 20, "a" * 25),
        ("- " + "a" * 23 + "\n- b. c d " + "e" * 20, "- " + "a" * 23),
        ("text " * 4 + "\n- b\n- " + "e" * 20, "text " * 4 + "\n- b"),
        ("- b\n" + "text " * 4 + "\n- " + "e" * 20, "- b\n" + "text " * 4),
        ("a" * 25 + ". b c " + "e" * 20, "a" * 25 + "."),
        ("a" * 20 + " in 2. b c " + "e" * 20, "a" * 20 + " in 2. b c"),
        ("a" * 25 + " b " + "e" * 20, "a" * 25 + " b"),
        ("你" * 20 + "。" + "我们" * 10, "你" * 20 + "。"),
        ("Hi.\n\n" + "word " * 20, "Hi.\n\nword word word word word"),
        ("word " * 6 + "```x``` y z", "word word word word word"),
        ("a" * 40, "a" * 32),
        (FAMILY * 20, FAMILY * 4),
    ],
)
def test_break_is_at_the_best_place(text: str, first: str) -> None:
    assert split(text, Limits(32))[0] == first


def test_pieces_come_once_twice_the_limit_is_there() -> None:
    splitter = Splitter(Limits(32))
    assert splitter.feed("word " * 12) == []
    assert splitter.peek() == [
        "word word word word word word",
        "word word word word word word ",
    ]
    assert splitter.feed("word") == []
    assert splitter.feed("s") == ["word word word word word word"]
    assert splitter.flush() == ["word word word word word word", "words"]
    assert splitter.flush() == []


def test_reply_becomes_messages_with_buttons_and_files_on_the_last() -> None:
    button = Button("Stop", "/stop 1")
    files = tuple(Attachment(f"{n}.txt", "text/plain", b"x") for n in range(3))
    reply = Reply("word " * 12, (button,), files, reply_to_id="7", only_for="ada")
    messages = split_reply(reply, Limits(32, attachments=2))
    assert [message.text for message in messages] == [
        "word word word word word word",
        "word word word word word word ",
        "",
    ]
    assert [message.reply_to_id for message in messages] == ["7", None, None]
    assert [message.attachments for message in messages] == [(), files[:2], files[2:]]
    assert [message.buttons for message in messages] == [(), (), (button,)]
    assert {message.only_for for message in messages} == {"ada"}


@pytest.mark.parametrize("text", ["", " ", "\n\n", " " * 100])
def test_blank_reply_is_no_message(text: str) -> None:
    assert split_reply(Reply(text), Limits(32)) == []


def test_reply_with_only_a_file_is_one_message() -> None:
    file = Attachment("a.txt", "text/plain", b"x")
    reply = Reply("", (), (file,), reply_to_id="7")
    assert split_reply(reply, Limits(32)) == [reply]
