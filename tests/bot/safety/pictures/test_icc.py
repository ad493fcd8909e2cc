import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PIL import ImageCms

from bot.safety.pictures.icc import clean_profile

if TYPE_CHECKING:
    from tests.bot.safety.pictures.conftest import Studio

SECRET = b"Ada-was-here"


@pytest.mark.parametrize("version", [2, 4])
def test_clean_profile_means_the_same_colours(studio: "Studio", version: int) -> None:
    before = bytearray(studio.profile(SECRET))
    before[8] = version

    clean = clean_profile(bytes(before))

    assert clean is not None
    assert SECRET not in clean
    assert b"Ada!" not in clean
    opened = ImageCms.ImageCmsProfile(io.BytesIO(clean))
    assert ImageCms.getProfileCopyright(opened).strip() == ""
    theirs = ImageCms.ImageCmsProfile(io.BytesIO(bytes(before)))
    assert opened.profile.red_colorant == theirs.profile.red_colorant
    assert opened.profile.media_white_point == theirs.profile.media_white_point


@pytest.mark.parametrize(
    "spoil",
    [
        lambda made: made[:100],
        lambda made: made[:36] + b"nope" + made[40:],
        lambda made: made[:128] + b"\xff\xff\xff\xff" + made[132:],
        lambda made: made[:136] + b"\xff\xff\xff\xff" + made[140:],
        lambda made: made[:128] + b"\x00\x00\x00\x60",
    ],
)
def test_damaged_profile_is_none(
    studio: "Studio", spoil: Callable[[bytes], bytes]
) -> None:
    assert clean_profile(spoil(studio.profile(SECRET))) is None
