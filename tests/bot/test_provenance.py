import io

import pytest
from PIL import Image

from bot.provenance import Provenance, marked


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (9, 7), (10, 20, 30, 40)).save(file, "PNG")
    return file.getvalue()


def test_what_is_no_png_stays_as_it_is() -> None:
    assert marked(b"GIF89a", Provenance("m", 1)) == b"GIF89a"


@pytest.mark.parametrize("model", ["starter", "厦门/模型", "a\0b", ""])
def test_any_model_can_be_named_and_pixels_stay(model: str) -> None:
    plain = Image.open(io.BytesIO(picture()))
    found = Image.open(io.BytesIO(marked(picture(), Provenance(model, 2**31))))
    found.load()
    assert found.info["Comment"] == "Made by AI"
    assert found.info["Seed"] == str(2**31)
    assert found.tobytes() == plain.tobytes()
