from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.lettering.colour import RGB
from bot.lettering.type import Box
from content.cover_colours import READABLE, contrast, luminance
from content.cover_contrast import readable_ink, worst_contrast

BLACK, WHITE, GREY = (0, 0, 0), (255, 255, 255), (119, 119, 119)
BOX = Box(20, 20, 80, 40)
channels = st.integers(0, 255)
colours = st.tuples(channels, channels, channels)


def striped(first: RGB, second: RGB) -> Image.Image:
    picture = Image.new("RGB", (120, 60), first)
    for left in range(0, 120, 20):
        picture.paste(second, (left, 0, left + 10, 60))
    return picture


def test_the_worst_pixel_counts_and_not_the_average() -> None:
    picture = Image.new("RGB", (120, 60), WHITE)
    picture.putpixel((30, 30), (90, 90, 90))
    expected = contrast(luminance(BLACK), luminance((90, 90, 90)))
    assert abs(worst_contrast(picture, BOX, BLACK) - expected) < 1e-6


def test_an_ink_between_light_and_dark_is_not_seen() -> None:
    assert worst_contrast(striped(BLACK, WHITE), BOX, GREY) == 1.0


def test_the_first_ink_that_can_be_read_is_taken_and_nothing_is_veiled() -> None:
    picture = Image.new("RGB", (120, 60), WHITE)
    shown, ink = readable_ink(picture, [BOX], (GREY, (90, 0, 0), BLACK), ground=WHITE)
    assert ink == (90, 0, 0)
    assert shown is picture


def test_a_veil_is_of_the_ground_where_that_is_enough() -> None:
    picture = striped((120, 60, 20), (240, 200, 160))
    shown, ink = readable_ink(picture, [BOX], (WHITE,), ground=(60, 20, 10))
    assert ink == WHITE
    assert worst_contrast(shown, BOX, WHITE) >= READABLE
    red, _, blue = shown.resize((1, 1)).convert("RGB").tobytes()
    assert red > blue  # black would have made it grey


@settings(deadline=None)
@given(colours, colours, colours, st.lists(colours, min_size=1, max_size=3))
def test_any_ink_can_be_read_on_any_picture(
    first: RGB, second: RGB, ground: RGB, inks: list[RGB]
) -> None:
    picture = striped(first, second)
    before = picture.tobytes()
    shown, ink = readable_ink(picture, [BOX, Box(90, 2, 118, 12)], inks, ground=ground)
    assert ink in inks
    for box in (BOX, Box(90, 2, 118, 12)):
        assert worst_contrast(shown, box, ink) >= READABLE
    assert picture.tobytes() == before


def test_a_box_at_the_edge_of_the_picture_is_no_trouble() -> None:
    picture = striped(BLACK, WHITE)
    shown, ink = readable_ink(
        picture, [Box(-5, -5, 10, 10), Box(110, 55, 200, 90)], (WHITE,), ground=BLACK
    )
    assert worst_contrast(shown, Box(0, 0, 10, 10), ink) >= READABLE
