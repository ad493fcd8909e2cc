import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files.text import decoded

PANGRAM = (
    "Falsches Üben von Xylophonmusik quält jeden größeren Zwerg. Öfter träumt er "
    "süß von schönen Bäumen, während über ihm die Vögel fröhlich zwitschern."
)


@pytest.mark.parametrize("content", [b"a\x00b", b"\xff\xfa\x00\x01", b"PK\x03\x04\x00"])
def test_what_has_zero_bytes_is_no_text(content: bytes) -> None:
    assert decoded(content) is None


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1"]
)
def test_text_is_read_in_the_encoding_that_it_is_written_in(encoding: str) -> None:
    assert decoded(PANGRAM.encode(encoding)) == PANGRAM


def test_chinese_of_an_old_editor_is_read() -> None:
    text = (
        "今天晚上炉火很温暖，大家坐在一起讲故事。花园里很安静，面包和茶都在桌子上。" * 3
    )

    assert decoded(text.encode("gb18030")) == text


def test_lines_of_windows_are_lines() -> None:
    assert decoded(b"a\r\nb") == "a\nb"


def test_nothing_is_an_empty_text() -> None:
    assert decoded(b"") == ""


@given(st.text(st.characters(exclude_characters="\0\ufeff\r", codec="utf-8")))
def test_every_text_in_utf_8_comes_back(text: str) -> None:
    assert decoded(text.encode()) == text


@given(st.binary(max_size=300))
def test_no_bytes_break_it(content: bytes) -> None:
    assert "\0" not in (decoded(content) or "")
