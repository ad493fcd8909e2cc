import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.sentences import (
    cleaned,
    count_words,
    distinct_share,
    overlap,
    script_of,
    sentences,
    stems,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("<|im_start|>assistant\nHi there.<|im_end|>", "assistant\nHi there."),
        ("Assistant: Hi there.", "Hi there."),
        ("# A heading", "A heading"),
        ("- one\n2. two\n3) three\n> four", "one\ntwo\nthree\nfour"),
        ("It is **very** _good_ and `plain`.", "It is very good and plain."),
        ("  two   spaces \n\n here ", "two spaces\nhere"),
    ],
)
def test_cleaned_leaves_only_words(text: str, expected: str) -> None:
    assert cleaned(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Not finished", []),
        ("Done. Not finished", ["Done."]),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ('He said "go." Then he left.', ['He said "go."', "Then he left."]),
        ("Ask Dr. Who about it. Now.", ["Ask Dr. Who about it.", "Now."]),
        ("It costs 3.50 today.", ["It costs 3.50 today."]),
        ("First line.\nSecond line.", ["First line.", "Second line."]),
        ("水要慢慢浇。太阳很大！好吗？没完", ["水要慢慢浇。", "太阳很大！", "好吗？"]),
    ],
)
def test_sentences_are_whole(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("watering", "watered"),
        ("watering", "water"),
        ("tomatoes", "tomato"),
        ("berries", "berry"),
        ("planning", "plan"),
        ("stories", "story"),
        ("dog's", "dog"),
        ("bakes", "baking"),
    ],
)
def test_stems_of_forms_are_the_same(one: str, other: str) -> None:
    assert stems(one) == stems(other)


def test_stems_leave_out_what_says_nothing() -> None:
    assert stems("This is what they would like to have") == frozenset()


def test_stems_of_chinese_are_pairs() -> None:
    assert stems("番茄浇水") == {"番茄", "茄浇", "浇水"}


def test_words_count_each_chinese_character() -> None:
    assert words("Tea 茶叶 it’s") == ["tea", "茶", "叶", "it's"]
    assert count_words("茶叶") == 2


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("", ""),
        ("123 !", ""),
        ("abc д", "LATIN"),
        ("茶 a 叶", "HAN"),
        ("お茶です", "KANA"),
    ],
)
def test_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert script_of(text) == script


def test_overlap_of_nothing_is_none() -> None:
    assert overlap([], []) == 0
    assert overlap(["a"], ["a"]) == 1


def test_distinct_share_falls_with_repetition() -> None:
    assert distinct_share(["a", "b"], 3) == 1
    assert distinct_share(["a", "b", "c"] * 4, 3) == 0.3


# Much of what ends sentences or only seems to, so that most texts have some.
TEXTS = st.text(st.sampled_from("aB1茶 \n.!?…。？”’\"')*#<|>-") | st.characters())


@given(TEXTS)
def test_sentences_are_taken_from_the_text_as_they_stand(text: str) -> None:
    lines = text.splitlines()
    place = 0
    for sentence in sentences(text):
        while (found := lines[0].find(sentence, place)) < 0:
            lines.pop(0)  # an IndexError: it is nowhere, or before the one before
            place = 0
        place = found + len(sentence)
        assert sentence == sentence.strip()
        assert re.search(r"""[.!?…。！？]["”’')\]』」）]*$""", sentence)


@given(TEXTS)
def test_finished_line_is_one_sentence_or_several_and_nothing_is_lost(
    text: str,
) -> None:
    line = " ".join(text.split()) + " ends."
    assert "".join("".join(sentences(line)).split()) == "".join(line.split())


@given(TEXTS)
def test_cleaned_text_has_no_empty_lines_and_single_spaces(text: str) -> None:
    for line in cleaned(text).splitlines():
        assert line
        assert line == " ".join(line.split())


@given(TEXTS)
def test_stems_are_whole_and_in_lower_case(text: str) -> None:
    for stem in stems(text):
        assert len(stem) >= 2
        assert stem == stem.lower()
