from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.safety.pictures.sampling import Sampler, sample_size

if TYPE_CHECKING:
    from tests.bot.safety.pictures.conftest import Studio


def grey(value: int) -> Image.Image:
    return Image.new("RGB", (10, 10), (value, value, value))


def kept(*values: int, num_samples: int = 3) -> list[int]:
    """Return which of many grey images are kept."""
    sampler = Sampler(num_samples=num_samples)
    for value in values:
        sampler.offer(grey(value))
    return [frame.pixels[0] for frame in sampler.frames]


def test_nothing_offered_keeps_nothing() -> None:
    assert kept() == []


def test_what_looks_the_same_is_kept_once() -> None:
    assert kept(7, 7, 7) == [7]


def test_those_that_differ_most_are_kept_in_order() -> None:
    assert kept(100, 101, 102, 103, 250, 104, 0) == [100, 250, 0]


def test_less_odd_frame_does_not_push_out_an_odder_one() -> None:
    assert kept(0, 120, 250, 60) == [0, 120, 250]


def test_first_frame_stays_where_only_one_is_looked_at() -> None:
    assert kept(5, 100, 250, num_samples=1) == [5]


@given(st.lists(st.integers(0, 255), min_size=1, max_size=40))
def test_few_are_kept_the_first_among_them(values: list[int]) -> None:
    found = kept(*values)

    assert found[0] == values[0]
    assert len(found) <= 3
    assert len(set(found)) == len(found)


def test_image_itself_is_left_alone(studio: "Studio") -> None:
    scene = studio.scene()

    Sampler(num_samples=1).offer(scene)

    assert scene.size == (320, 240)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((100, 100), (100, 100)), ((400, 100), (200, 50)), ((40_000, 1), (10_000, 1))],
)
def test_size_is_in_proportion(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert sample_size(*size, max_pixels=10_000) == expected


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 10**7))
def test_size_is_never_nothing_and_never_too_much(
    width: int, height: int, max_pixels: int
) -> None:
    new_width, new_height = sample_size(width, height, max_pixels=max_pixels)

    assert 1 <= new_width <= width
    assert 1 <= new_height <= height
    assert new_width * new_height <= max_pixels
