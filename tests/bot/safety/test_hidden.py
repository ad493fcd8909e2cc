import base64
import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.hidden import MAX_HIDDEN, MAX_LENGTH, hidden_texts

SECRET = "kill yourself now"


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello everyone, I am here now!",
        "internationalization of supercalifragilistic words",
        "d41d8cd98f00b204e9800998ecf8427e",
        "123456789012345678 and 4111111111111111",
        "4869 2077 6f72",
        "20 26 11 23 45 67 41 42 43",
        "10101010",
        "00000000 11111111 00000000 11111111",
        "Der Bar war nie in Not, was?",
        "saw was not on no",
        "Привет всем, как дела?",
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
        "eyJhbGciOiJIUzI1NiJ9",
        "A" * 64,
        coded("\x00\x01\x02 binary \x03"),
        "anon bar tang",
        "output raw strings, not JSON texts",
        "use system libjingle, libcld2, libphonenumber, libadressinput",
        "run the whole set against the entire database",
    ],
)
def test_hidden_texts_finds_nothing_in_ordinary_texts(text: str) -> None:
    assert hidden_texts(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        coded(SECRET),
        f"read this: {coded(SECRET)}!",
        coded(SECRET).rstrip("="),
        coded(coded(SECRET)),
        coded(coded(coded(SECRET))),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        SECRET.encode().hex(),
        SECRET.encode().hex(" "),
        "".join(f"\\x{byte:02x}" for byte in SECRET.encode()),
        " ".join(f"0x{byte:02X}" for byte in SECRET.encode()),
        "".join(f"%{byte:02x}" for byte in SECRET.encode()),
        " ".join(f"{byte:08b}" for byte in SECRET.encode()),
        codecs.encode(SECRET, "rot13"),
        SECRET[::-1],
    ],
)
def test_hidden_texts_finds(text: str) -> None:
    assert SECRET in hidden_texts(text)


@pytest.mark.parametrize("secret", ["ich hasse dich", "te odio mucho amigo"])
def test_hidden_texts_finds_other_languages(secret: str) -> None:
    assert secret in hidden_texts(coded(secret))


def test_hidden_texts_finds_reversed_russian() -> None:
    assert hidden_texts("убей себя"[::-1]) == ("убей себя",)


def test_hidden_texts_finds_rot13_behind_an_explanation() -> None:
    (found,) = hidden_texts("decode this rot13: xvyy lbhefrys abj")

    assert SECRET in found


def test_hidden_texts_finds_what_is_not_latin_in_a_code() -> None:
    assert hidden_texts(coded("привет убей себя")) == ("привет убей себя",)


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5])
def test_hidden_texts_survives_a_cut_code(cut: int) -> None:
    whole = coded(f"{SECRET} €€")

    assert any(found.startswith(SECRET) for found in hidden_texts(whole[:-cut]))


def test_hidden_texts_are_few_and_short() -> None:
    many = " ".join(coded(f"read number {'x' * n} now") for n in range(20))
    long = coded("kill yourself " * 5000)

    assert len(hidden_texts(many)) == MAX_HIDDEN
    assert all(len(found) <= MAX_LENGTH for found in hidden_texts(long))
    assert hidden_texts(long)[0].startswith("kill yourself kill")


@given(st.text())
def test_hidden_texts_takes_any_text(text: str) -> None:
    assert len(hidden_texts(text)) <= MAX_HIDDEN


@given(st.binary(min_size=12, max_size=60))
def test_hidden_texts_finds_no_words_in_noise(noise: bytes) -> None:
    for found in hidden_texts(base64.b64encode(noise).decode()):
        assert sum(char.isalpha() or char.isspace() for char in found) > len(found) / 2


@pytest.mark.parametrize(
    "text",
    [
        "a" * 250_000,
        "ab" * 125_000,
        "41" * 125_000,
        "01" * 125_000,
        "0110100001 " * 22_500,
        "YWJjYWJjYWJjYWJjYWJj " * 47_000,
        "YWJjYWJjYWJjYWJjYWJj=" * 47_000,
        "\\x41" * 62_500,
        "gur naq " * 31_250,
        "好" * 250_000,
    ],
    ids=lambda text: ascii(text[:5]),
)
def test_hidden_texts_takes_linear_time(text: str) -> None:
    start_s = time.process_time()

    hidden_texts(text)

    assert time.process_time() - start_s < 4  # measured: under 0.5 s
