"""Long answers become files with the right ending."""

import pytest

from adapters.telegram.files import MAX_PIECES, as_file, is_better_as_file


@pytest.mark.parametrize(
    ("text", "is_better"),
    [
        ("", False),
        ("short\n```\ncode\n```", False),
        ("word " * 4000, False),
        ("word " * 900 * MAX_PIECES, True),
        ("intro\n```python\n" + "line of code\n" * 400 + "```", True),
        ("```\n" + "line of code\n" * 400, True),
        ("```\ncode\n```\n" + "word " * 2000, False),
    ],
)
def test_long_answers_are_better_as_files(text: str, is_better: bool) -> None:
    assert is_better_as_file(text) is is_better


@pytest.mark.parametrize(
    ("text", "name", "media_type", "content"),
    [
        ("# Title\n**b**", "answer.md", "text/markdown", b"# Title\n**b**"),
        ("```python\nprint()\n```", "answer.py", "text/plain", b"print()\n"),
        ("\n```Rust ignore\nx\n```\n", "answer.rs", "text/plain", b"x\n"),
        ("```klingon\nx\n```", "answer.txt", "text/plain", b"x\n"),
        ("```\nx\n```", "answer.txt", "text/plain", b"x\n"),
        ("```c\nx\n```\nwords", "answer.md", "text/markdown", b"```c\nx\n```\nwords"),
        ("a\ud800", "answer.md", "text/markdown", b"a?"),
    ],
)
def test_file_holds_the_text(
    text: str, name: str, media_type: str, content: bytes
) -> None:
    file = as_file(text)
    assert (file.name, file.media_type, file.content) == (name, media_type, content)


def test_file_is_named_as_asked() -> None:
    assert as_file("x", "summary").name == "summary.md"
