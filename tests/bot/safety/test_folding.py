import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety import folding
from bot.safety.folding import fold, fold_words, has_signs, is_in_word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Ünïcödé", "unicode"),
        ("ﬁne", "fine"),
        ("İstanbul", "istanbul"),
        ("a\u200d\u2060\u00ad\ufe0fb", "ab"),
        ("\ud800", "\ud800"),
    ],
)
def test_fold_takes_away_case_width_and_accents(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_fold_words_sets_apart_what_has_no_spaces() -> None:
    assert fold_words("I ♥ 東京, don't you?").split() == [
        *("i", "東", "京", "don", "t", "you")
    ]


@given(st.text())
def test_fold_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_fold_works_character_by_character(left: str, right: str) -> None:
    assert fold(left + right) == fold(left) + fold(right)


def test_fold_forgets_when_it_has_met_very_many_characters() -> None:
    every = "".join(map(chr, range(0x3400, 0x9FFF)))

    assert fold(every) == every
    assert fold("É") == "e"
    assert len(folding._FOLDED) <= 20_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abc 1", False), ("葡萄", False), ("ā", False), ("a-b", True), ("🍇", True)],
)
def test_has_signs_sees_more_than_letters(text: str, *, expected: bool) -> None:
    assert has_signs(text) is expected


@pytest.mark.parametrize(
    ("char", "expected"),
    [("a", True), ("1", True), ("한", True), ("葡", False), (" ", False), ("_", False)],
)
def test_is_in_word_tells_letters_with_spaces_around(
    char: str, *, expected: bool
) -> None:
    assert is_in_word(char) is expected
