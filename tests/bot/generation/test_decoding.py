"""Whole characters come out, however they were torn."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.generation.decoding import TokenDecoder, Utf8Decoder


def decode(tokens: Sequence[int]) -> str:
    """A tokenizer with one token for each byte."""
    return bytes(tokens).decode(errors="replace")


def test_utf8_broken_end_becomes_a_mark() -> None:
    decoder = Utf8Decoder()
    assert decoder.feed("é".encode()[:1]) == ""
    assert decoder.flush() == "\ufffd"


@given(st.text(), st.integers(1, 4))
def test_utf8_is_put_together(text: str, size: int) -> None:
    raw = text.encode()
    decoder = Utf8Decoder()
    pieces = [decoder.feed(raw[i : i + size]) for i in range(0, len(raw), size)]
    assert "".join(pieces) + decoder.flush() == text


def test_tokens_unreadable_for_long_are_shown() -> None:
    decoder = TokenDecoder(decode)
    pieces = [decoder.feed([0xFF]) for _ in range(16)]
    assert pieces[:15] == [""] * 15
    assert pieces[15] == "\ufffd" * 16


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\ufffd")))
def test_tokens_are_put_together(text: str) -> None:
    decoder = TokenDecoder(decode)
    pieces = [decoder.feed([byte]) for byte in text.encode()]
    assert not any("\ufffd" in piece for piece in pieces)
    assert "".join(pieces) + decoder.flush() == text


def test_tokens_of_a_torn_end_stay_unsaid() -> None:
    decoder = TokenDecoder(decode)
    assert decoder.feed(list("a🎉".encode()[:-1])) == ""
    assert decoder.flush() == "a"
