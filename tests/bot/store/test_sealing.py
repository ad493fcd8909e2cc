import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError, StoreSealedError
from bot.store.sealing import Sealer, new_key, read_sealer

OLD, NEW = b"o" * 32, b"n" * 32
KEY = base64.b64encode(OLD).decode()
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    "given_key",
    ["secret", base64.b64encode(b"short").decode(), f"{KEY},", "ключ", ",,"],
)
def test_what_is_no_key_is_refused_without_showing_it(given_key: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_sealer("KEY", {"KEY": given_key})
    assert "hearthbot store key" in str(refused.value)
    assert given_key not in str(refused.value)


@pytest.mark.parametrize("environ", [{}, {"KEY": ""}, {"KEY": " \n"}])
def test_without_a_key_nothing_seals(environ: dict[str, str]) -> None:
    assert read_sealer("KEY", environ) is None


def test_key_that_was_made_works_and_no_two_are_alike() -> None:
    first, second = new_key(), new_key()
    sealer = read_sealer("KEY", {"KEY": f"{first}, {second}\n"})
    assert sealer is not None
    assert len(set(sealer.ids)) == 2
    assert sealer.ids[0] == Sealer([base64.b64decode(first)]).ids[0]


@given(TEXTS | st.binary(), TEXTS)
def test_what_is_sealed_opens_as_it_was(value: str | bytes, label: str) -> None:
    sealer = Sealer([NEW])
    sealed = sealer.seal(value, label)
    assert sealer.is_sealed(sealed)
    assert sealer.open(sealed, label) == value
    assert sealer.open(sealed) == value


def test_same_text_never_looks_the_same() -> None:
    sealer = Sealer([NEW])
    assert sealer.seal("same", "turn.text:1") != sealer.seal("same", "turn.text:1")


@given(st.data())
def test_any_changed_byte_is_found_and_the_place_named(data: st.DataObject) -> None:
    sealer = Sealer([NEW])
    sealed = bytearray(sealer.seal("a text", "turn.text:7"))
    place = data.draw(st.integers(4, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(StoreSealedError, match=r"turn\.text:7"):
        sealer.open(bytes(sealed), "turn.text:7")


@given(st.integers(0, 58))
def test_value_that_was_cut_short_is_found(length: int) -> None:
    sealer = Sealer([NEW])
    with pytest.raises(StoreSealedError):
        sealer.open(sealer.seal("some text", "turn.text:7")[:length], "turn.text:7")


def test_value_of_another_row_is_refused() -> None:
    sealer = Sealer([NEW])
    with pytest.raises(StoreSealedError, match=r"turn\.text:2"):
        sealer.open(sealer.seal("mine", "turn.text:1"), "turn.text:2")


def test_older_keys_open_and_the_newest_seals() -> None:
    old = Sealer([OLD]).seal("before", "x")
    both = Sealer([NEW, OLD])
    assert both.open(old, "x") == "before"
    with pytest.raises(StoreSealedError):
        Sealer([NEW]).open(old, "x")
    assert Sealer([NEW]).open(both.seal("after", "x"), "x") == "after"
