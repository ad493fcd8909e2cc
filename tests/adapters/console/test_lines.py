"""Bytes become lines, whatever the bytes are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.console.lines import Line, LineReader


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        (b"", []),
        (b"Hello", [Line("Hello")]),
        (b"Hello\n", [Line("Hello")]),
        (b"Hello\r\n\r\nyou", [Line("Hello"), Line(""), Line("you")]),
        ("Grüße 👨‍👩‍👧\n".encode(), [Line("Grüße 👨‍👩‍👧")]),
        (b"a\xffb\nc\n", [Line("a\ufffdb", is_damaged=True), Line("c")]),
        (b"\xf0\x9f\n", [Line("\ufffd", is_damaged=True)]),
        (b"a\x00b\x1b[2J\n", [Line("a\x00b\x1b[2J")]),
    ],
)
def test_bytes_become_lines(typed: bytes, lines: list[Line]) -> None:
    reader = LineReader()
    assert reader.feed(typed) + reader.flush() == lines
    assert reader.flush() == []


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(4, 20), st.data())
def test_lines_do_not_depend_on_how_the_bytes_come(
    typed: bytes, max_line_bytes: int, data: st.DataObject
) -> None:
    at_once = LineReader(max_line_bytes=max_line_bytes)
    expected = at_once.feed(typed) + at_once.flush()
    reader = LineReader(max_line_bytes=max_line_bytes)
    lines: list[Line] = []
    while typed:
        size = data.draw(st.integers(1, len(typed)))
        lines += reader.feed(typed[:size])
        typed = typed[size:]
    assert lines + reader.flush() == expected


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="\n\r", codec="utf-8"), max_size=60))
def test_line_without_end_is_handed_on_in_whole_characters(text: str) -> None:
    reader = LineReader(max_line_bytes=8)
    lines = reader.feed(text.encode()) + reader.flush()
    assert "".join(line.text for line in lines) == text
    assert not any(line.is_damaged for line in lines)
    assert all(len(line.text.encode()) <= 8 for line in lines)
