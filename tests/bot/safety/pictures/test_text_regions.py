import time

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bot.safety.pictures.text_in_picture import Place
from bot.safety.pictures.text_regions import find_lines


def page(*boxes: tuple[int, int, int, int], turn: float = 0) -> Image.Image:
    """Draw bright boxes on a dark page."""
    image = Image.new("L", (200, 120), 0)
    for box in boxes:
        ImageDraw.Draw(image).rectangle(box, fill=255)
    return image.rotate(turn)


def lines(image: Image.Image, *, strength: float = 1.0) -> list[Place]:
    return find_lines(np.asarray(image, dtype=np.float32) / 255 * strength)


def middle(place: Place) -> tuple[int, int]:
    xs, ys = zip(*place.corners, strict=True)
    return round(sum(xs) / 4), round(sum(ys) / 4)


def test_nothing_likely_is_nothing_found() -> None:
    assert lines(page()) == []


@pytest.mark.parametrize("strength", [0.2, 0.45])
def test_unlikely_line_is_none(strength: float) -> None:
    assert lines(page((20, 20, 120, 30)), strength=strength) == []


def test_speck_is_no_line() -> None:
    assert lines(page((20, 20, 21, 21), (50, 50, 150, 51))) == []


def test_lines_are_found_apart_and_grown() -> None:
    found = lines(page((20, 20, 119, 29), (20, 60, 79, 69), (140, 60, 179, 69)))

    assert [middle(place) for place in found] == [(70, 25), (50, 65), (160, 65)]
    growth = 1.6 * 100 * 10 / (2 * (100 + 10))
    assert found[0].left == pytest.approx(20 - growth)
    assert found[0].height == pytest.approx(10 + 2 * growth)


def test_what_touches_at_a_corner_or_joins_further_down_is_one() -> None:
    corner = page((20, 20, 59, 29), (60, 30, 99, 39))
    fork = page((20, 20, 39, 59), (80, 20, 99, 59), (20, 60, 99, 69))

    assert len(lines(corner)) == 1
    assert len(lines(fork)) == 1


@pytest.mark.parametrize("turn", [-30, -8, 8, 30])
def test_slanted_line_is_boxed_along_its_slant(turn: float) -> None:
    (place,) = lines(page((40, 55, 159, 64), turn=turn))

    left, right = place.corners[0], place.corners[1]
    slant = np.degrees(np.arctan2(left[1] - right[1], right[0] - left[0]))
    assert slant == pytest.approx(turn, abs=2)
    assert middle(place) == pytest.approx((100, 60), abs=1)


def test_line_that_stands_is_boxed_upright() -> None:
    (place,) = lines(page((95, 10, 104, 109)))

    (upper_left, upper_right, *_) = place.corners
    assert upper_left[1] == upper_right[1]
    assert place.height > 100


def test_noise_is_searched_in_time() -> None:
    noise = np.random.default_rng(1).random((960, 960), dtype=np.float32)
    start_s = time.process_time()

    find_lines(noise)

    assert time.process_time() - start_s < 2  # measured: under 0.2 s
