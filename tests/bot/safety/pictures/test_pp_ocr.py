import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw, ImageFont

from bot.clock import SystemClock
from bot.errors import MissingError
from bot.safety.pictures.pp_ocr import FINDER, READER, PpOcr, ocr_folder
from bot.safety.pictures.text_in_picture import LineReader

if TYPE_CHECKING:
    from tests.bot.safety.pictures.conftest import Studio

GREEN = (60, 90, 50)


def written(text: str, size: float = 40) -> Image.Image:
    page = Image.new("RGB", (700, 300), GREEN)
    font = ImageFont.load_default(size)
    ImageDraw.Draw(page).text((40, 120), text, font=font, fill="white")
    return page


@pytest.fixture
def models() -> Path:
    """Where the models are; they come with a package that may be left out."""
    try:
        return ocr_folder()
    except MissingError as error:
        pytest.skip(str(error))


def test_missing_package_says_how_to_get_it() -> None:
    with pytest.raises(MissingError, match="pip install --no-deps rapidocr"):
        ocr_folder("no_such_package")


def test_missing_model_is_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=f"{FINDER} is missing.*--force-reinstall"):
        PpOcr(tmp_path)


def test_damaged_model_is_not_used(models: Path, tmp_path: Path) -> None:
    shutil.copy(models / FINDER, tmp_path)
    damaged = bytearray((models / READER).read_bytes())
    damaged[1_000] ^= 1
    (tmp_path / READER).write_bytes(damaged)

    with pytest.raises(MissingError, match=f"{READER} is missing or damaged"):
        PpOcr(tmp_path)


@pytest.mark.model
async def test_text_is_read_large_small_slanted_and_turned(
    models: Path, studio: "Studio"
) -> None:
    reader = LineReader(lambda: PpOcr(models), clock=SystemClock(), time_limit_s=30)
    plain = written("Buy grapefruit now")
    images = {
        "large": plain,
        "small": written("Buy grapefruit now", 16),
        "slanted": plain.rotate(12, fillcolor=GREEN),
        "turned": plain.rotate(-90, expand=True, fillcolor=GREEN),
        "huge": plain.resize((2_100, 900)),
    }

    found = {
        name: (await reader.read(studio.picture(image))).lower()
        for name, image in images.items()
    }

    assert found == dict.fromkeys(images, "buy grapefruit now")
    reader.close()


@pytest.mark.model
@pytest.mark.parametrize("size", [(1, 1), (3_000, 20), (20, 3_000), (300, 200)])
async def test_picture_without_text_reads_as_nothing(
    models: Path, studio: "Studio", size: tuple[int, int]
) -> None:
    reader = LineReader(lambda: PpOcr(models), clock=SystemClock(), time_limit_s=30)

    assert await reader.read(studio.picture(Image.new("RGB", size, GREEN))) == ""
    reader.close()
