import gettext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import (
    T,
    Text,
    Tn,
    Words,
    dump_text,
    join_texts,
    load_text,
    wanted_languages,
)

CHINESE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Hello, {name}!"
msgstr "{name}，你好！"

msgid "Wait {n} second."
msgid_plural "Wait {n} seconds."
msgstr[0] "请等 {n} 秒。"

msgid "Not yet"
msgstr ""

#, fuzzy
msgid "A guess"
msgstr "乱猜"

msgid "the kitchen"
msgstr "厨房"
"""

POLISH = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || "
"n%100>=20) ? 1 : 2);\\n"

msgid "Wait {n} second."
msgid_plural "Wait {n} seconds."
msgstr[0] "{n} sekunda"
msgstr[1] "{n} sekundy"
msgstr[2] "{n} sekund"
"""


@pytest.fixture
def words(tmp_path: Path) -> Words:
    (tmp_path / "zh.po").write_text(CHINESE, encoding="utf-8")
    (tmp_path / "pl.po").write_text(POLISH, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a catalogue", encoding="utf-8")
    return Words.load(tmp_path)


def wait(n: int) -> Text:
    return Tn("Wait {n} second.", "Wait {n} seconds.", n)


def test_words_of_an_empty_folder_are_english(tmp_path: Path) -> None:
    words = Words.load(tmp_path)

    assert words.languages == ()
    assert words.say(T("Hello, {name}!", name="Ada"), "zh") == "Hello, Ada!"


def test_words_of_a_broken_catalogue_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "zh.po").write_bytes(b'msgid "a"\nmsgstr "\xff\xfe"\n')

    with pytest.raises(UnicodeDecodeError):
        Words.load(tmp_path)


def test_words_know_their_languages(words: Words) -> None:
    assert words.languages == ("pl", "zh")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ((), "en"),
        ((None, ""), "en"),
        (("xx", None), "en"),
        (("zh",), "zh"),
        (("zh-CN",), "zh"),
        (("zh_Hans_CN",), "zh"),
        (("ZH",), "zh"),
        ((None, "xx", "pl", "zh"), "pl"),
        (("en", "zh"), "en"),
        (("en-GB", "zh"), "en"),
    ],
)
def test_nearest_is_the_first_wanted_language_that_there_is(
    words: Words, wanted: tuple[str | None, ...], expected: str
) -> None:
    assert words.nearest(*wanted) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (T("Hello, {name}!", name="Ada"), "Ada，你好！"),
        (T("Hello, {name}!", name=T("the kitchen")), "厨房，你好！"),
        (T("Not in there"), "Not in there"),
        (T("Not yet"), "Not yet"),
        (T("A guess"), "A guess"),
        (T(""), ""),
        (wait(1), "请等 1 秒。"),
        (wait(5), "请等 5 秒。"),
        (Tn("{n} more", "{n} more of them", 2), "2 more of them"),
    ],
)
def test_say_puts_a_text_into_a_language(
    words: Words, text: Text, expected: str
) -> None:
    assert words.say(text, "zh") == expected


@pytest.mark.parametrize(
    ("n", "expected"), [(1, "1 sekunda"), (3, "3 sekundy"), (5, "5 sekund")]
)
def test_say_takes_the_form_that_the_language_has_for_a_number(
    words: Words, n: int, expected: str
) -> None:
    assert words.say(wait(n), "pl") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (T("Plain"), "Plain"),
        (T("Hello, {name}!", name="{0} {name}"), "Hello, {0} {name}!"),
        (T("Hello, {name}!", name=T("the {room}", room="hall")), "Hello, the hall!"),
        (T("{seconds:.1f} s", seconds=1.25), "1.2 s"),
        (T("Braces {} stay"), "Braces {} stay"),
        (wait(0), "Wait 0 seconds."),
        (wait(1), "Wait 1 second."),
        (Tn("{who}: {n} post", "{who}: {n} posts", 2, who="Ada"), "Ada: 2 posts"),
    ],
)
def test_str_is_english(text: Text, expected: str) -> None:
    assert str(text) == expected


@given(st.text())
def test_values_come_through_unchanged(value: str) -> None:
    text = T("<{value}>", value=value)

    assert str(text) == text.translate(gettext.NullTranslations()) == f"<{value}>"


VALUES = st.recursive(
    st.text() | st.integers() | st.booleans() | st.floats(allow_nan=False),
    lambda values: st.builds(
        Text,
        st.text(),
        st.dictionaries(st.text(), values, max_size=3).map(lambda d: (*d.items(),)),
        st.none() | st.text(min_size=1),
    ),
    max_leaves=6,
)


@given(VALUES)
def test_dumped_text_is_loaded_as_it_was(value: object) -> None:
    text = T("<{value}>", value=value)
    assert load_text(dump_text(text)) == text


@pytest.mark.parametrize(
    "line",
    ["", "paused", "{name} is not running", "12", '"quoted"', '{"text": "x"}', "[1"],
)
def test_line_of_before_there_were_dumped_texts_stands_for_itself(line: str) -> None:
    assert load_text(line) == Text(line)
    assert str(load_text(line)) == line


def test_dumped_text_is_said_in_a_language_that_comes_later(words: Words) -> None:
    loaded = load_text(dump_text(T("Hello, {name}!", name=T("the kitchen"))))
    assert words.say(loaded, "zh") == "厨房，你好！"
    assert words.say(load_text(dump_text(wait(2))), "pl") == "2 sekundy"
    # What is no value of JSON is kept as it would be said.
    loaded = load_text(dump_text(T("{path}", path=Path("a/b"))))
    assert loaded == T("{path}", path="a/b")


def test_joined_texts_say_each_once() -> None:
    assert join_texts([]) is None
    assert join_texts([T("a")]) == T("a")
    assert str(join_texts([T("a"), T("b"), T("a"), T("c")])) == "a; b; c"


def test_texts_are_equal_and_hashable_by_what_they_say() -> None:
    assert T("a {b}", b=1) == T("a {b}", b=1)
    assert len({T("a"), T("a"), T("b"), wait(1), wait(2)}) == 4


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, ()),
        ({"LANG": ""}, ()),
        ({"LANG": "zh_CN.UTF-8"}, ("zh_CN",)),
        ({"LANG": "de_DE@euro"}, ("de_DE",)),
        ({"LANG": "C.UTF-8"}, ("C",)),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_GB"}, ("zh_CN",)),
        ({"LC_ALL": "en_GB", "LC_MESSAGES": "zh_CN"}, ("en_GB",)),
        ({"LANGUAGE": "de:zh_CN:en", "LC_ALL": "en_GB"}, ("de", "zh_CN", "en")),
    ],
)
def test_languages_of_the_environment_come_in_the_usual_order(
    environ: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert wanted_languages(environ) == expected


def test_catalogues_of_the_project_can_be_read() -> None:
    words = Words.load()

    assert words.say(T("There is no such text in them"), *words.languages) == (
        "There is no such text in them"
    )
