import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.lettering.colour import RGB
from content.cover_colours import (
    READABLE,
    Ground,
    OkLch,
    contrast,
    luminance,
    oklch_of,
    parse_colour,
    scheme_of,
)

channels = st.integers(0, 255)
colours = st.tuples(channels, channels, channels)
written = colours.map(lambda colour: "#{:02x}{:02x}{:02x}".format(*colour))


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345", "#gggggg", "rgb(1,2,3)"])
def test_what_is_not_a_colour_is_said_so(text: str) -> None:
    with pytest.raises(UserError, match="Write it like #c2410c"):
        parse_colour(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#c2410c", (194, 65, 12)),
        ("C2410C", (194, 65, 12)),
        (" #fff ", (255, 255, 255)),
    ],
)
def test_colours_are_read_as_people_write_them(text: str, expected: RGB) -> None:
    assert parse_colour(text) == expected


@settings(deadline=None)
@given(colours)
def test_a_colour_survives_the_way_to_oklch_and_back(colour: RGB) -> None:
    back = oklch_of(colour).rgb
    assert all(abs(a - b) <= 1 for a, b in zip(colour, back, strict=True))


@settings(deadline=None)
@given(st.floats(0.1, 0.95), st.floats(0, 360))
def test_a_colour_too_strong_for_a_screen_keeps_its_lightness(
    light: float, hue: float
) -> None:
    shown = oklch_of(OkLch(light, 0.5, hue).rgb)
    assert shown.light == pytest.approx(light, abs=0.02)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(luminance((0, 0, 0)), luminance((255, 255, 255))) == 21
    grey = luminance((118, 118, 118))  # WCAG's lightest grey for text on white
    assert contrast(grey, 1.0) == pytest.approx(4.54, abs=0.01)


@settings(deadline=None)
@given(st.lists(written, max_size=3), st.sampled_from(Ground))
def test_ink_and_accent_can_be_read_on_the_ground_of_any_colours(
    chosen: list[str], ground: Ground
) -> None:
    scheme = scheme_of(chosen, ground)
    behind = luminance(scheme.ground)
    assert contrast(luminance(scheme.ink), behind) >= READABLE
    assert contrast(luminance(scheme.accent), behind) >= READABLE


@settings(deadline=None)
@given(written, st.sampled_from(Ground), st.floats(-1, 2))
def test_a_ramp_has_a_colour_for_every_place(
    chosen: str, ground: Ground, share: float
) -> None:
    assert all(0 <= value <= 255 for value in scheme_of([chosen], ground).ramp(share))


def test_a_ramp_leads_away_from_the_ground() -> None:
    for ground in Ground:
        scheme = scheme_of((), ground)
        behind = luminance(scheme.ground)
        near, far = (luminance(scheme.ramp(share)) for share in (0, 1))
        assert contrast(behind, far) > contrast(behind, near)
