from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from bot.safety.pictures.opening import open_picture
from bot.safety.pictures.perceptual_hash import (
    HashList,
    distance,
    frame_hash,
    picture_hashes,
)

if TYPE_CHECKING:
    from tests.bot.safety.pictures.conftest import Studio

Change = Callable[[Image.Image], Image.Image]
hashes = st.integers(0, 2**64 - 1)


def listed(studio: "Studio", *seeds: int) -> HashList:
    """Return a list of scenes, each with its seed as note."""
    entries = HashList()
    for seed in seeds:
        for value in picture_hashes(studio.picture(studio.scene(seed=seed))):
            entries.add(value, str(seed))
    return entries


def cropped(part: float) -> Change:
    return lambda image: image.crop(
        (
            round(image.width * part),
            round(image.height * part),
            round(image.width * (1 - part)),
            round(image.height * (1 - part)),
        )
    )


def repacked(image: Image.Image, studio: "Studio", quality: int) -> Image.Image:
    return studio.unpack(studio.pack(image, "JPEG", quality=quality))


def test_empty_list_matches_nothing(studio: "Studio") -> None:
    assert HashList().find(studio.picture(studio.scene())) is None
    assert HashList().matches(5) is None


def test_plain_picture_has_no_hash_and_matches_nothing(studio: "Studio") -> None:
    plain = studio.picture(Image.new("RGB", (90, 60), "white"))

    assert frame_hash(plain.frames[0]) is None
    assert picture_hashes(plain) == ()
    assert HashList([(0, "nothing")]).find(plain, max_distance=63) is None


def test_other_pictures_are_not_taken_for_a_listed_one(studio: "Studio") -> None:
    entries = listed(studio, *range(20))

    found = [
        entries.find(studio.picture(studio.scene(seed=seed)))
        for seed in range(100, 200)
    ]

    assert found == [None] * 100


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.resize((90, 60)),
        lambda image: image.resize((1_280, 960)),
        lambda image: image.resize((320, 200)),
        ImageOps.mirror,
        lambda image: image.convert("L"),
        lambda image: ImageOps.mirror(image).resize((160, 120)),
        cropped(0.01),
        cropped(0.03),
        cropped(0.05),
        cropped(0.08),
    ],
    ids=["tiny", "huge", "squeezed", "mirror", "grey", "both", "1%", "3%", "5%", "8%"],
)
def test_listed_picture_is_known_again(studio: "Studio", change: Change) -> None:
    seeds = range(12)
    entries = listed(studio, *seeds)

    found = [
        entries.find(studio.picture(change(studio.scene(seed=seed)))) for seed in seeds
    ]

    assert found == [str(seed) for seed in seeds]


@pytest.mark.parametrize("quality", [10, 40, 90])
def test_listed_picture_is_known_again_after_packing(
    studio: "Studio", quality: int
) -> None:
    image = repacked(studio.scene(seed=3), studio, quality)

    assert listed(studio, 1, 2, 3).find(studio.picture(image)) == "3"


def test_listed_picture_is_found_in_an_animation(studio: "Studio") -> None:
    moving = studio.animate([studio.scene(seed=seed) for seed in (7, 8, 9)], "GIF")

    assert listed(studio, 8).find(open_picture(moving)) == "8"


def test_nearest_entry_counts() -> None:
    entries = HashList([(0b1111, "far"), (0b0001, "near")])

    assert entries.matches(0, max_distance=4) == "near"
    assert entries.matches(0, max_distance=0) is None
    assert len(entries) == 2


@given(hashes, hashes)
def test_distance_counts_bits(one: int, other: int) -> None:
    assert distance(one, one) == 0
    assert distance(one, other) == distance(other, one) == bin(one ^ other).count("1")


@given(hashes, st.text())
def test_entry_is_found_by_itself_and_replaced(value: int, note: str) -> None:
    entries = HashList([(value, "before")])
    entries.add(value, note)

    assert entries.matches(value, max_distance=0) == note
