"""Stickers on covers: found, cut out, set where the words are not."""

import io
from random import Random

import pytest
from PIL import Image, ImageChops

from bot.lettering.fonts import Fonts
from bot.lettering.type import Box
from content.cover import make_cover
from content.cover_compositions import SIZES, Shape
from content.cover_sticker import FRAMES, STICKER_BOXES, cut_out, stuck_on

RED = (200, 20, 20)


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def sticker(size: tuple[int, int] = (60, 60)) -> Image.Image:
    picture = Image.new("RGBA", size)
    picture.paste((*RED, 255), (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    return picture


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (40, 40), RED),
        Image.new("RGBA", (40, 40), (*RED, 255)),
        Image.new("RGBA", (40, 40)),
        Image.new("L", (40, 40), 9),
    ],
    ids=["no alpha", "full", "empty", "grey"],
)
def test_what_is_no_sticker_is_not_cut_out(picture: Image.Image) -> None:
    assert cut_out(png(picture)) is None


def test_ground_around_is_cut_away() -> None:
    found = cut_out(png(sticker((80, 40))))
    assert found is not None
    assert found.size == (20, 10)


@pytest.mark.parametrize("size", [(60, 60), (600, 12), (9, 800)])
def test_sticker_of_any_shape_stays_in_its_box(size: tuple[int, int]) -> None:
    room = Box(100, 50, 300, 250)
    ground = Image.new("RGB", (400, 300), (120, 120, 120))
    found = cut_out(png(sticker(size)))
    assert found is not None

    result = stuck_on(ground, found, room, Random(3))  # noqa: S311 - a picture

    changed = ImageChops.difference(result, ground).convert("L")
    inked = changed.point(lambda value: 255 * (value > 60))  # more than a shadow
    box = inked.getbbox()
    assert box is not None
    assert box[0] >= room.left - 4
    assert box[1] >= room.top - 4
    assert box[2] <= room.right + 4
    assert box[3] <= room.bottom + 4


@pytest.mark.parametrize("shape", Shape)
def test_words_and_sticker_have_room_of_their_own(shape: Shape) -> None:
    words, room = FRAMES[shape].box, STICKER_BOXES[shape]
    is_beside = words.right <= room.left or words.bottom <= room.top
    is_below = words.top >= room.bottom
    assert is_beside or is_below
    assert room.right <= SIZES[shape][0]


def test_cover_has_the_sticker_and_stands_mirrored_for_arabic() -> None:
    fonts = Fonts()
    picture = png(sticker())

    def red_side(title: str) -> str:
        cover = make_cover(
            title,
            kind="article",
            name="Hearth",
            colours=["#1d4ed8"],
            fonts=fonts,
            sticker=picture,
        )
        image = Image.open(io.BytesIO(cover)).convert("RGB").resize((12, 6))
        width, height = image.size
        reddest = max(
            (image.getpixel((x, y))[0] - image.getpixel((x, y))[2], x)  # type: ignore[index]
            for x in range(width)
            for y in range(height)
        )
        return "right" if reddest[1] >= width / 2 else "left"

    assert red_side("A walk in the rain") == "right"
    assert red_side("كيف تسقي الطماطم") == "left"
