from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.safety.pictures.exif import orientation_notes
from bot.safety.pictures.opening import open_picture
from bot.safety.pictures.picture import (
    Picture,
    PictureLimits,
    PictureRefusedError,
)

if TYPE_CHECKING:
    from tests.bot.safety.pictures.conftest import Studio

KINDS = ["PNG", "JPEG", "GIF", "WEBP"]
every_kind = pytest.mark.parametrize("kind", KINDS)
damage = st.lists(  # how far into a file, and what stands there then
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4
)


@every_kind
@given(changes=damage)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_damaged_picture_is_opened_or_refused(
    studio: "Studio", kind: str, changes: list[tuple[float, int]]
) -> None:
    small = [studio.scene(24, 16, seed=seed) for seed in (1, 2)]
    content = bytearray(
        studio.pack(small[0], kind) if kind == "JPEG" else studio.animate(small, kind)
    )
    for place, value in changes:
        content[int(place * len(content))] = value
    limits = PictureLimits(max_pixels=1_000_000, max_total_pixels=4_000_000)

    with suppress(PictureRefusedError):  # and no other error
        assert open_picture(bytes(content), limits).frames


def test_animation_of_five_thousand_frames_is_judged_where_that_is_allowed(
    studio: "Studio",
) -> None:
    picture = open_picture(studio.gif(5_000), PictureLimits(max_frames=5_000))

    assert picture.num_frames == 5_000
    assert len(picture.frames) == 1  # they are all alike


@every_kind
@pytest.mark.parametrize("behind", [bytes(9_000), b"Camera notes: shutter 1/250, SEFT"])
def test_padding_and_a_cameras_notes_behind_a_picture_are_fine(
    studio: "Studio", kind: str, behind: bytes
) -> None:
    content = studio.pack(studio.scene(), kind)

    assert open_picture(content + behind).format == kind


@every_kind
def test_picture_is_opened_whatever_its_kind(studio: "Studio", kind: str) -> None:
    scene = studio.scene()

    picture = open_picture(studio.pack(scene, kind))

    (frame,) = picture.frames
    assert (picture.format, picture.width, picture.height) == (kind, 320, 240)
    assert (frame.width, frame.height, picture.num_frames) == (320, 240, 1)
    if kind == "PNG":
        assert frame.pixels == scene.tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_png_is_opened_whatever_its_pixels_are(studio: "Studio", mode: str) -> None:
    if mode == "I;16":
        image = Image.new(mode, (30, 20), 40_000)
    else:
        image = studio.scene(30, 20).convert(mode)

    (frame,) = open_picture(studio.pack(image, "PNG")).frames

    if mode == "I;16":
        assert set(frame.pixels) == {40_000 // 256}


def test_jpeg_for_printing_is_opened(studio: "Studio") -> None:
    content = studio.pack(studio.scene().convert("CMYK"), "JPEG")

    assert len(open_picture(content).frames) == 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_large_picture_is_made_smaller_in_proportion(
    studio: "Studio", kind: str
) -> None:
    content = studio.pack(studio.scene(1_600, 400), kind)

    picture = open_picture(content, PictureLimits(sample_pixels=160_000))

    (frame,) = picture.frames
    assert (picture.width, picture.height) == (1_600, 400)
    assert (frame.width, frame.height) == (800, 200)


@pytest.mark.parametrize("size", [(30_000, 1), (1, 30_000)])
def test_picture_of_one_line_is_opened(studio: "Studio", size: tuple[int, int]) -> None:
    content = studio.pack(Image.new("RGB", size), "PNG")

    (frame,) = open_picture(content, PictureLimits(sample_pixels=2_000)).frames

    assert frame.width * frame.height <= 2_000


@pytest.mark.parametrize("turn", range(1, 9))
def test_picture_is_seen_upright(studio: "Studio", turn: int) -> None:
    # The upper left corner is red; each turn puts another corner there.
    stored = Image.new("RGB", (40, 30), "black")
    stored.paste((255, 0, 0), (0, 0, 10, 10))
    notes = b"Exif\x00\x00" + orientation_notes(turn)

    (frame,) = open_picture(studio.pack(stored, "PNG", exif=notes)).frames

    seen = Image.frombytes("RGB", (frame.width, frame.height), frame.pixels)
    right, bottom = seen.width - 1, seen.height - 1
    corner = {
        1: (0, 0),
        2: (right, 0),
        3: (right, bottom),
        4: (0, bottom),
        5: (0, 0),
        6: (right, 0),
        7: (right, bottom),
        8: (0, bottom),
    }[turn]
    assert seen.getpixel(corner) == (255, 0, 0)
    assert seen.size == ((40, 30) if turn < 5 else (30, 40))


def test_what_shows_only_on_a_dark_page_is_seen(studio: "Studio") -> None:
    drawing = Image.new("RGBA", (80, 80), (255, 255, 255, 0))
    drawing.paste((255, 255, 255, 255), (20, 20, 60, 60))

    on_light, on_dark = open_picture(studio.pack(drawing, "PNG")).frames

    assert set(on_light.pixels) == {255}
    assert len(set(on_dark.pixels)) > 1


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_odd_frame_is_found_wherever_it_hides(studio: "Studio", kind: str) -> None:
    calm = [Image.new("RGB", (40, 40), (0, 0, 10 * (n % 20))) for n in range(300)]
    calm[217] = Image.new("RGB", (40, 40), (255, 255, 255))

    picture = open_picture(studio.animate(calm, kind))

    assert picture.num_frames == 300
    assert 2 <= len(picture.frames) <= PictureLimits().num_samples
    assert any(min(frame.pixels) > 250 for frame in picture.frames)


def test_further_pictures_that_a_jpeg_announces_are_seen(studio: "Studio") -> None:
    first, second = studio.scene(seed=1), studio.scene(seed=2)
    content = studio.pack(first, "MPO", save_all=True, append_images=[second])

    picture = open_picture(content)

    assert (picture.format, picture.num_frames, len(picture.frames)) == ("JPEG", 2, 2)


def test_a_frame_has_three_bytes_for_each_pixel(studio: "Studio") -> None:
    picture = open_picture(studio.pack(studio.scene(), "GIF"))
    assert isinstance(picture, Picture)
    for frame in picture.frames:
        assert len(frame.pixels) == frame.width * frame.height * 3
