import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lettering.font_files import SYSTEM_FOLDERS, FontFiles
from bot.lettering.fonts import Fonts, Letter, cleaned_title, clusters_of

NO_SYSTEM_FONTS: tuple[Path, ...] = ()
EMOJI = FontFiles(SYSTEM_FOLDERS).face("NotoColorEmoji.ttf", "Emoji")


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    """Return only what comes with the package, as on a bare server."""
    return Fonts(system_folders=NO_SYSTEM_FONTS)


def text_of(letters: tuple[Letter, ...] | None) -> str | None:
    return None if letters is None else "".join(letter.text for letter in letters)


def files_of(letters: tuple[Letter, ...] | None) -> set[str]:
    return {x.face.path.name for x in letters or () if not x.text.isspace()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("  two\n lines\t", "two lines"),
        ("bell\x07 and \u202eturned\u202c", "bell and turned"),
        ("cafe\u0301", "café"),
        ("half \ud83c surrogate", "half surrogate"),
        ("zero\u200bwidth", "zerowidth"),
        ("👩\u200d🌾", "👩\u200d🌾"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_title_is_cleaned_of_what_cannot_be_seen(text: str, expected: str) -> None:
    assert cleaned_title(text) == expected


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("Watering tomatoes: “how?”, 50 %", "LiterataDisplay-Bold.woff2"),
        ("Ťažký život", "LiterataDisplay-Bold.woff2"),
        ("Как поливать", "LiterataDisplay-Bold.woff2"),
        ("Ελληνικά", "LiterataDisplay-Bold.woff2"),
        ("Tiếng Việt", "LiterataDisplay-Bold.woff2"),
        ("炎热天气，蜻蜓。", "NotoSerifSC-Bold.otf"),
        ("猛暑の中で、気", "NotoSerifJP-Bold.otf"),
        ("폭염 속에서", "NotoSerifKR-Bold.otf"),
        ("كيف تسقي؟", "NotoNaskhArabic-Bold.woff2"),
        ("איך להשקות", "NotoSerifHebrew-Bold.woff2"),
        ("टमाटर को पानी", "NotoSerifDevanagari-Bold.woff2"),
        ("รดน้ำ", "NotoSerifThai-Bold.woff2"),
        ("টমেটো", "NotoSerifBengali-Bold.woff2"),
        ("தக்காளி", "NotoSerifTamil-Bold.woff2"),
        ("Ինչպես", "NotoSerifArmenian-Bold.woff2"),
        ("როგორ", "NotoSerifGeorgian-Bold.woff2"),
        ("ቲማቲም", "NotoSerifEthiopic-Bold.woff2"),
    ],
)
def test_scripts_can_be_written_without_any_font_of_the_system(
    fonts: Fonts, text: str, file: str
) -> None:
    letters = fonts.letters(text)
    assert text_of(letters) == text
    assert files_of(letters) == {file}


def test_words_of_two_scripts_are_each_in_their_font(fonts: Fonts) -> None:
    letters = fonts.letters("Discord 的机器人")
    assert files_of(letters) == {"LiterataDisplay-Bold.woff2", "NotoSerifSC-Bold.otf"}


def test_quotes_around_chinese_are_those_of_its_font(fonts: Fonts) -> None:
    assert files_of(fonts.letters("“番茄”")) == {"NotoSerifSC-Bold.otf"}


@pytest.mark.parametrize("text", ["ᚠᚢᚦᚨᚱᚲ", "mixed ᚠ", "ខ្មែរ", "龘靐齉爩"])
def test_a_text_whose_letters_no_font_has_is_not_written(
    fonts: Fonts, text: str
) -> None:
    assert fonts.letters(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("A 🍅 in the ☀️ sun 🌱", "A in the sun"), ("🍅", ""), ("a \ue000b", "a b")],
)
def test_signs_that_no_font_has_are_left_out_without_a_gap(
    fonts: Fonts, text: str, expected: str
) -> None:
    assert text_of(fonts.letters(text)) == expected


@pytest.mark.skipif(EMOJI is None, reason="needs fonts-noto-color-emoji")
def test_emoji_are_in_colour_where_the_system_has_them() -> None:
    letters = Fonts().letters("A 🍅 and 👩\u200d🌾")
    assert letters is not None
    assert [x.text for x in letters if x.face.is_emoji] == ["🍅", "👩\u200d🌾"]


def test_a_file_that_is_not_a_font_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "NotoSansRunic-Regular.ttf").write_bytes(b"not a font")
    assert Fonts(system_folders=[tmp_path]).letters("ᚠᚢ") is None


def test_a_folder_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    fonts = Fonts(system_folders=[tmp_path / "nowhere"])
    assert text_of(fonts.letters("Hi")) == "Hi"


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_letter_is_ever_drawn_as_an_empty_box(text: str) -> None:
    shared = Fonts(system_folders=NO_SYSTEM_FONTS)
    title = cleaned_title(text)
    letters = shared.letters(title)
    wanted = [c for c in clusters_of(title) if unicodedata.category(c[0])[0] in "LMN"]
    if letters is not None:
        shown = [x.text for x in letters]
        assert [c for c in shown if unicodedata.category(c[0])[0] in "LMN"] == wanted
