import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.national_numbers import (
    NATIONAL_NUMBERS,
    NationalNumber,
    has_luhn_digit,
    national_spans,
)

# Numbers that offices print in their own examples, or made to fit.
REAL = {
    "US social security": "my SSN is 123-45-6789",
    "CA social insurance": "social insurance number: 130 692 544",
    "UK health": "NHS 943 476 5919",
    "UK national insurance": "national insurance AB 12 34 56 C",
    "DE tax": "Steuer-ID: 86 095 742 719",
    "DE pension": "15 070649 C 103",
    "ES identity": "mi DNI 12345678Z",
    "ES foreigner": "X1234567L",
    "IT fiscal": "rssmra85t10a562s",
    "FR social security": "2 55 08 14 168 025 38",
    "NL citizen": "BSN 111222333",
    "BE register": "85.07.30-033.28",
    "PL person": "PESEL 44051401359",
    "SE person": "personnummer 811218-9876",
    "FI person": "131052-308T",
    "CH insurance": "756.9217.0769.85",
    "BR person": "529.982.247-25",
    "CN resident": "身份证11010519491231002X号",
    "KR resident": "900101-1234568",
    "IN identity": "Aadhaar: 2341 2341 2346",
    "TR identity": "kimlik 10000000146",
}


def found_in(text: str) -> list[str]:
    return [text[start:end] for start, end in national_spans(text)]


def test_every_number_has_an_example() -> None:
    assert list(REAL) == [one.name for one in NATIONAL_NUMBERS]


@pytest.mark.parametrize("one", NATIONAL_NUMBERS, ids=lambda one: one.name)
def test_a_number_is_found_and_one_with_a_wrong_digit_is_not(
    one: NationalNumber,
) -> None:
    text = REAL[one.name]
    ((start, end),) = one.spans(text)
    assert start >= 0
    assert text[start:end][-3:] in text[-4:]
    if one.name in {"US social security", "UK national insurance"}:
        return  # these have no checksum

    at = next(at for at in range(start, end) if text[at].isdigit())
    wrong = f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"

    assert list(one.spans(wrong)) == []


@pytest.mark.parametrize(
    "text",
    [
        "123-45-6789",
        "SSN 000-45-6789 and 666-45-6789 and 900-45-6789",
        "SSN 123-00-6789 and 123-45-0000",
        "943 476 5919",
        "my nhs friend: " + "x" * 60 + " 9434765919",
        "nhs 1111111111 and nhs 9434765918",
        "national insurance GB123456A",
        "AB123456C",
        "86095742719",
        "12345678Z",
        "social 046 454 28",
        "PESEL 44051401358",
        "personnummer 811318-9876",
        "131352-308T",
        "529.982.247-26 and 111.111.111-11",
        "order 1234567890, id 123456789012345678, 2026-11-23, 3.14159265358",
        "110105194912310021 and 11010519491331002X",
        "kimlik 12345678901",
        "bsn 000000000",
        "756.9217.0769.86",
        "255081416802539",
        "20261123 1700000000000 +1-800",
    ],
)
def test_other_numbers_are_not_found(text: str) -> None:
    assert found_in(text) == []


def test_luhn_finds_any_one_wrong_digit() -> None:
    assert has_luhn_digit("4111111111111111")
    assert not has_luhn_digit("4111111111111112")


@given(st.text() | st.text(st.sampled_from("0123456789 -.XABCnhsbdi")))
def test_any_text_is_taken(text: str) -> None:
    for start, end in national_spans(text):
        assert 0 <= start < end <= len(text)


@given(st.integers(10**17, 2 * 10**18))
def test_ids_of_platforms_are_hardly_ever_found(number: int) -> None:
    text = str(number)
    assert found_in(text) == [] or text[6:8] in {"19", "20"}
