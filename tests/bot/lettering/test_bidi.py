from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageFont

from bot.lettering.bidi import is_right_to_left, levels_of, visual_order
from bot.lettering.font_files import Face
from bot.lettering.fonts import Letter, clusters_of
from bot.lettering.type import pieces_of

BOTH_SCRIPTS = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def seen(text: str) -> str:
    """Return a text's characters from left to right, as they are seen."""
    clusters = clusters_of(text)
    levels = levels_of(clusters, base=int(is_right_to_left(text)))
    return "".join(clusters[index] for index in visual_order(levels))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("abc", "abc"),
        ("אבג", "גבא"),
        ("abc אבג def", "abc גבא def"),
        ("אבג abc דהו", "והד abc גבא"),
        ("אבג 38.5 דהו", "והד 38.5 גבא"),
        ("גל 20% הנחה", "החנה 20% לג"),
        ("سعر 10€ الآن", "نآلا €10 رعس"),
        ("תל אביב, 2026", "2026 ,ביבא לת"),
        ("אבג (abc)", ")abc( גבא"),
    ],
)
def test_characters_are_seen_where_readers_of_both_scripts_expect_them(
    text: str, expected: str
) -> None:
    assert seen(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", False), ("123", False), ("שלום", True), ("12 مرحبا", True), ("a ב", False)],
)
def test_the_first_letter_says_from_which_side_a_text_begins(
    text: str, expected: bool
) -> None:
    assert is_right_to_left(text) is expected


@settings(deadline=None)
@given(st.text(max_size=40).map(clusters_of), st.sampled_from([0, 1]))
def test_no_character_is_lost_or_doubled(clusters: list[str], base: int) -> None:
    order = visual_order(levels_of(clusters, base=base))
    assert sorted(order) == list(range(len(clusters)))


@pytest.mark.skipif(not BOTH_SCRIPTS.exists(), reason="needs fonts-dejavu-core")
@settings(deadline=None)
@given(st.text("אבגש abcX 12 .,%", min_size=1, max_size=14).map(str.strip))
def test_pieces_stand_where_the_shaper_itself_would_put_them(text: str) -> None:
    font = ImageFont.truetype(BOTH_SCRIPTS, 40)
    base = is_right_to_left(text)
    whole, pieced = Image.new("L", (700, 80)), Image.new("L", (700, 80))
    ImageDraw.Draw(whole).text(
        (10, 60), text, 255, font, anchor="ls", direction="rtl" if base else "ltr"
    )
    place = 10.0
    letters = [Letter(cluster, Face(BOTH_SCRIPTS)) for cluster in clusters_of(text)]
    for piece in pieces_of(letters, base=int(base)):
        ImageDraw.Draw(pieced).text(
            (place, 60), piece.text, 255, font, anchor="ls", direction=piece.direction
        )
        place += font.getlength(piece.text, direction=piece.direction)
    # Half a pixel of rounding is seen at edges only, another order everywhere.
    difference = sum(ImageChops.difference(whole, pieced).tobytes())
    assert difference <= 0.35 * sum(whole.tobytes())
