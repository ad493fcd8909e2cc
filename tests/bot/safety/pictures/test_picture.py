import pytest

from bot.safety.pictures.picture import (
    PICTURE_REFUSALS,
    Frame,
    PictureRefusedError,
    picture_refusal,
)


def test_frame_with_too_few_pixels_is_an_error() -> None:
    with pytest.raises(ValueError, match="three bytes"):
        Frame(2, 2, bytes(11))


@pytest.mark.parametrize("category", list(PICTURE_REFUSALS))
@pytest.mark.parametrize("limit", [None, 1_000, 20_000_000])
def test_every_refusal_says_what_to_do(category: str, limit: int | None) -> None:
    said = str(picture_refusal(category, limit))

    assert said.endswith(".")
    assert "{" not in said
    assert "lease" in said or "moderator" in said


def test_refusal_names_the_limit() -> None:
    assert "20.0 MB" in str(PictureRefusedError("size", limit=20_000_000))
    assert "500" in str(PictureRefusedError("frames", limit=500))
