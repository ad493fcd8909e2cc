import io
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter

from bot.files.pdf import pdf_text
from bot.files.refused import FileRefusedError

if TYPE_CHECKING:
    from tests.bot.files.conftest import MakePdf


def read(content: bytes, *, max_pages: int = 5, max_characters: int = 1000) -> str:
    return pdf_text(content, max_pages=max_pages, max_characters=max_characters)


def refusal(content: bytes, **limits: int) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refused:
        read(content, **limits)
    return refused.value


def locked(content: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    packed = io.BytesIO()
    writer.write(packed)
    return packed.getvalue()


def test_pdf_with_a_password_is_refused(make_pdf: "MakePdf") -> None:
    assert refusal(locked(make_pdf("hello"), "secret")).category == "encrypted"


def test_pdf_that_is_locked_but_has_no_password_is_read(make_pdf: "MakePdf") -> None:
    assert read(locked(make_pdf("hello"), "")) == "hello"


def test_pdf_of_pictures_only_is_refused(make_pdf: "MakePdf") -> None:
    assert refusal(make_pdf("", "  ")).category == "wordless"


def test_pdf_of_too_many_pages_is_refused_before_one_is_read(
    make_pdf: "MakePdf",
) -> None:
    error = refusal(make_pdf(*["page"] * 6))

    assert (error.category, error.limit) == ("pages", 5)


def test_pdf_with_too_much_text_is_refused(make_pdf: "MakePdf") -> None:
    error = refusal(make_pdf("a" * 30, "b" * 30), max_characters=50)

    assert (error.category, error.limit) == ("long", 50)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"hello", b"%PDF-1.7\n" * 500])
def test_pdf_that_is_none_is_refused(content: bytes) -> None:
    assert refusal(content).category == "broken"


def test_pdf_cut_off_is_refused_or_read_but_never_an_error(make_pdf: "MakePdf") -> None:
    whole = make_pdf("hello", "world")

    seen = set()
    for length in range(0, len(whole), 40):
        try:
            seen.add(read(whole[:length]))
        except FileRefusedError as error:
            seen.add(error.category)

    assert "broken" in seen
    assert seen <= {"broken", "wordless", "hello", "hello\nworld", "world"}


def test_pages_are_read_in_order(make_pdf: "MakePdf") -> None:
    assert read(make_pdf("first (1)", "second")) == "first (1)\nsecond"
