import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bot.safety.pictures.opening import open_picture
from bot.safety.pictures.picture import PictureRefusedError

if TYPE_CHECKING:
    from tests.bot.safety.pictures.conftest import Studio


def is_broken(content: bytes) -> bool:
    """Return whether a file is refused for being damaged."""
    with pytest.raises(PictureRefusedError) as refusal:
        open_picture(content)
    return refusal.value.category == "broken"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda png: png.replace(b"IDAT", b"IDAX"),  # checksums no longer fit
        lambda png: png[:8] + png[33:],  # no header
        lambda png: png[:33] + png[-12:],  # no pixels
    ],
)
def test_png_that_lacks_something_is_refused(
    studio: "Studio", spoil: Callable[[bytes], bytes]
) -> None:
    content = studio.pack(studio.scene(), "PNG")

    assert is_broken(spoil(content))


def test_png_of_no_size_is_refused(studio: "Studio") -> None:
    assert is_broken(studio.png(0, 7, zlib.compress(b"")))


def test_png_whose_pixels_are_noise_is_refused(studio: "Studio") -> None:
    assert is_broken(studio.png(4, 4, b"\x01\x02\x03\x04" * 9))


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xd9",  # nothing between beginning and end
        b"\xff\xd8\xff\xe0\x00\x01",  # shorter than its own length
        b"\xff\xd8\xff\xe0\x00\x04abX",  # no marker follows
        b"\xff\xd8\xff\xc0\x00\x04ab\xff\xd9",  # a size that is cut off
        b"GIF89a" + bytes(7) + b";",
        b"GIF89a" + bytes(7) + b"?",
        b"GIF89a" + bytes(3),
        b"RIFF\x04\x00\x00\x00WEBP",
        b"RIFF\x10\x00\x00\x00WEBPVP8 \x04\x00\x00\x00abcd",
    ],
    ids=ascii,
)
def test_skeleton_without_a_picture_is_refused(content: bytes) -> None:
    assert is_broken(content)
