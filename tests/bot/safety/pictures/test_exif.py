import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.safety.pictures.exif import orientation, orientation_notes


@pytest.mark.parametrize("turn", range(1, 9))
def test_side_that_is_up_is_written_and_read(turn: int) -> None:
    assert orientation(orientation_notes(turn)) == turn
    assert orientation(b"Exif\x00\x00" + orientation_notes(turn)) == turn
    notes = Image.Exif()
    notes[0x0112] = turn
    assert orientation(notes.tobytes()) == turn


@given(st.binary(max_size=60) | st.binary(max_size=60).map(b"II*\x00".__add__))
def test_any_notes_have_some_side_up(notes: bytes) -> None:
    assert 1 <= orientation(notes) <= 8


def test_side_that_does_not_exist_is_upright() -> None:
    assert orientation(orientation_notes(9)) == 1
