"""A sticker grows without a dark rim or a blurred edge."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bot.generation.sticker_upscale import upscale


def disc(colour: tuple[int, int, int] = (250, 80, 60)) -> Image.Image:
    """Return a disc with a soft edge on black that nobody should see."""
    large = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    ImageDraw.Draw(large).ellipse((40, 40, 216, 216), fill=(*colour, 255))
    return large.resize((64, 64), Image.Resampling.BOX)


@pytest.mark.parametrize("side_px", [0, -1])
def test_no_size_is_refused(side_px: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        upscale(disc(), side_px)


@pytest.mark.parametrize("side_px", [32, 64, 128, 512])
def test_the_size_is_what_was_asked_for(side_px: int) -> None:
    grown = upscale(disc(), side_px)
    assert grown.size == (side_px, side_px)
    assert grown.mode == "RGBA"


def test_the_same_size_changes_nothing() -> None:
    assert upscale(disc(), 64).tobytes() == disc().tobytes()


def test_what_has_no_alpha_stays_opaque() -> None:
    grown = upscale(Image.new("RGB", (64, 64), "teal"), 256)
    assert grown.getchannel("A").getextrema() == (255, 255)


def test_nothing_dark_bleeds_into_the_edge() -> None:
    grown = np.asarray(upscale(disc((200, 120, 90)), 512))
    seen = grown[grown[..., 3] > 127]
    assert len(seen)
    assert seen[:, 0].min() >= 180
    assert seen[:, 1].min() > 100


def test_the_edge_is_narrower_than_scaling_leaves_it() -> None:
    def soft(picture: Image.Image) -> int:
        alpha = np.asarray(picture.getchannel("A"))
        return int(((alpha > 10) & (alpha < 245)).sum())

    scaled = disc().resize((512, 512), Image.Resampling.LANCZOS)
    assert soft(upscale(disc(), 512)) < 0.7 * soft(scaled)


def test_small_pixels_are_no_bumps_of_the_outline() -> None:
    hard = disc()
    hard.putalpha(hard.getchannel("A").point(lambda alpha: 255 * (alpha > 127)))
    alpha = np.asarray(upscale(hard, 512).getchannel("A"), dtype=float)
    rows, columns = np.nonzero(np.abs(alpha - 127.5) < 60)
    radius = np.hypot(rows - 255.5, columns - 255.5)
    assert len(radius) > 500
    # Of a staircase whose steps are 8 px, a little may be left.
    assert radius.std() < 1.9


def test_a_pale_rim_of_the_small_picture_takes_the_colour_beside_it() -> None:
    small = Image.new("RGBA", (64, 64), (255, 255, 255, 0))
    ImageDraw.Draw(small).ellipse((10, 10, 53, 53), fill=(255, 255, 255, 190))
    ImageDraw.Draw(small).ellipse((12, 12, 51, 51), fill=(200, 20, 20, 255))
    grown = np.asarray(upscale(small, 512))
    seen = grown[grown[..., 3] > 20]
    assert seen[:, 1].max() < 60


@settings(max_examples=20, deadline=None)
@given(level=st.integers(0, 255), side_px=st.integers(65, 200))
def test_glass_stays_as_clear_as_it_is(level: int, side_px: int) -> None:
    flat = Image.new("RGBA", (64, 64), (10, 200, 30, level))
    assert upscale(flat, side_px).getchannel("A").getextrema() == (level, level)
