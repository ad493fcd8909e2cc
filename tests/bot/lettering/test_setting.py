from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.lettering.font_files import SYSTEM_FOLDERS, FontFiles
from bot.lettering.fonts import Fonts, cleaned_title
from bot.lettering.setting import TypeSetter
from bot.lettering.type import Align, Box, Pen, Style, TypeSetting

NO_SYSTEM_FONTS: tuple[Path, ...] = ()
FONTS = Fonts(system_folders=NO_SYSTEM_FONTS)
BOX = Box(72, 120, 1128, 460)
STYLE = Style(largest_px=132, smallest_px=32, max_lines=5)


def setting(text: str, box: Box = BOX, style: Style = STYLE) -> TypeSetting:
    letters = FONTS.letters(cleaned_title(text))
    assert letters
    return TypeSetter(FONTS).set(letters, box, style)


def lines(text: str, box: Box = BOX, style: Style = STYLE) -> list[str]:
    return [line.text for line in setting(text, box, style).lines]


def test_a_short_title_is_as_large_as_may_be() -> None:
    assert setting("Hi").size_px == STYLE.largest_px


def test_a_title_fills_its_box() -> None:
    ink = setting("Watering tomatoes in a heat wave").ink
    assert ink.width > 0.85 * BOX.width


def test_a_longer_title_is_smaller_and_whole() -> None:
    title = "What we talked about this week: compost, frost dates and the seed swap"
    shown = setting(title)
    assert shown.size_px < setting("Watering tomatoes").size_px
    assert " ".join(line.text for line in shown.lines) == title
    assert not shown.is_cut


def test_only_a_title_beyond_reason_is_cut_and_that_at_a_word() -> None:
    title = "word " * 36
    assert not setting(title).is_cut  # 179 letters
    shown = setting(title + "and another")
    assert shown.is_cut
    text = " ".join(line.text for line in shown.lines)
    assert text.endswith(" word…")


def test_a_cut_leaves_no_comma_before_the_ellipsis() -> None:
    text = " ".join(lines("one, two " * 30))
    assert text.endswith(("one…", "two…"))


def test_a_word_too_long_for_any_line_is_cut_up_rather_than_tiny() -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamte"
    shown = setting(word)
    assert len(shown.lines) > 1
    assert shown.size_px >= STYLE.largest_px // 3
    assert "".join(line.text for line in shown.lines) == word


@pytest.mark.parametrize("letter", ["W", "番", "ก", "م"])
def test_a_title_of_one_endless_word_still_fits(letter: str) -> None:
    ink = setting(letter * 600).ink
    assert ink.left >= BOX.left
    assert ink.right <= BOX.right
    assert ink.bottom <= BOX.bottom


@pytest.mark.parametrize(
    ("align", "side"), [(Align.LEFT, "left"), (Align.RIGHT, "right")]
)
def test_lines_end_at_the_edge_of_the_box(align: Align, side: str) -> None:
    style = Style(largest_px=90, smallest_px=32, max_lines=5, align=align)
    for line in setting("Just joking: a title of two or more lines", BOX, style).lines:
        assert abs(getattr(line.ink, side) - getattr(BOX, side)) <= 1


def test_centred_lines_have_the_same_room_on_both_sides() -> None:
    style = Style(largest_px=90, smallest_px=32, max_lines=5, align=Align.CENTRE)
    for line in setting("A title of two or more lines", BOX, style).lines:
        assert abs((line.ink.left - BOX.left) - (BOX.right - line.ink.right)) <= 2


@pytest.mark.parametrize(("rise", "place"), [(0.0, "top"), (1.0, "bottom")])
def test_a_low_text_stands_where_its_style_says(rise: float, place: str) -> None:
    style = Style(largest_px=60, smallest_px=32, rise=rise)
    assert (
        abs(getattr(setting("Low", BOX, style).ink, place) - getattr(BOX, place)) <= 1
    )


def test_letters_with_space_between_them_are_wider() -> None:
    plain = Style(largest_px=24, smallest_px=20)
    spaced = Style(largest_px=24, smallest_px=20, tracking=0.13)
    assert (
        setting("ARTICLE", BOX, spaced).ink.width
        > setting("ARTICLE", BOX, plain).ink.width
    )


def test_a_title_from_the_right_says_so() -> None:
    assert setting("שלום world").is_right_to_left
    assert not setting("world שלום").is_right_to_left


LETTERS = "abcgjyÅQW .,-–“”éßřжЯщΩ番茄，。のトمرحبाशลีน"


@settings(deadline=None, max_examples=40)
@given(
    st.text(LETTERS, min_size=1, max_size=220),
    st.integers(260, 1080),
    st.integers(150, 700),
)
def test_no_letter_leaves_its_box(text: str, width: int, height: int) -> None:
    letters = FONTS.letters(cleaned_title(text))
    if not letters:
        return
    box = Box(60, 60, 60 + width, 60 + height)
    ink = TypeSetter(FONTS).set(letters, box, STYLE).ink
    assert box.left - 1 <= ink.left
    assert ink.right <= box.right + 1
    assert box.top - 1 <= ink.top
    assert ink.bottom <= box.bottom + 1


@settings(deadline=None, max_examples=40)
@given(st.text(LETTERS, min_size=1, max_size=120))
def test_no_letter_of_a_title_that_is_not_cut_gets_lost(text: str) -> None:
    letters = FONTS.letters(cleaned_title(text))
    if not letters:
        return
    shown = TypeSetter(FONTS).set(letters, BOX, STYLE)
    if not shown.is_cut:
        kept = "".join(line.text for line in shown.lines).replace(" ", "")
        assert kept == "".join(letter.text for letter in letters).replace(" ", "")
        drawn = [piece.text for line in shown.lines for piece, _ in line.pieces]
        assert sorted("".join(drawn).replace(" ", "")) == sorted(kept)


@pytest.mark.skipif(
    FontFiles(SYSTEM_FOLDERS).face("NotoColorEmoji.ttf", "Emoji") is None,
    reason="needs fonts-noto-color-emoji",
)
def test_emoji_are_drawn_in_colour_within_their_line() -> None:
    fonts = Fonts()
    letters = fonts.letters("A 🍅 grows")
    assert letters
    shown = TypeSetter(fonts).set(letters, BOX, STYLE)
    picture = Image.new("RGB", (1200, 630), "white")
    Pen(fonts).draw(picture, shown, (0, 0, 0))
    red, _, blue = picture.split()
    assert sum(ImageChops.subtract(red, blue).histogram()[101:]) > 0
    box = ImageChops.invert(picture).getbbox()
    assert box is not None
    assert box[1] >= BOX.top - 1
    assert box[2] <= BOX.right + 1
