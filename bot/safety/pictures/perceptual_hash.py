"""Hashes by which a picture is known again after it was scaled, packed anew or turned.

A hash says for each of the 63 coarsest waves of a picture (a cosine transform of 32 x
32 grey pixels, without the mean) whether it is stronger than the middle one. Hashes of
the same picture differ in few bits, of different pictures in about half.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.safety.pictures.picture import Frame, Picture

if TYPE_CHECKING:
    import numpy as np

__all__ = ["HashList", "distance", "frame_hash", "picture_hashes"]

GREY_PX = 32
WAVES = 8
MIN_STRENGTH = 60.0
"""A picture whose waves are all weaker is too plain to be told from others."""
MAX_DISTANCE = 8
"""Bits that may differ by default."""
TRIMS = (0.0, 0.04, 0.08)
"""What is cut off all around before hashing what goes on a list, part of each side:
so that a picture whose border was cut off is near one of them."""


def frame_hash(
    frame: Frame, *, is_mirrored: bool = False, trim: float = 0.0
) -> int | None:
    """Return the hash of a frame, or of its mirror image; None: it is too plain.

    Args:
        trim: what is left out at each side, as a part of it.
    """
    import numpy as np
    from PIL import Image as images

    whole = images.frombytes("RGB", (frame.width, frame.height), frame.pixels)
    edge_x, edge_y = frame.width * trim, frame.height * trim
    small = whole.convert("L").resize(
        (GREY_PX, GREY_PX),
        images.Resampling.LANCZOS,
        box=(edge_x, edge_y, frame.width - edge_x, frame.height - edge_y),
    )
    grey = np.asarray(small, dtype=np.float64)  # (32, 32), 0 to 255
    if is_mirrored:
        grey = grey[:, ::-1]
    cosines = _cosines()
    waves = (cosines @ grey @ cosines.T).ravel()[1:]  # (63,): without the mean
    if np.abs(waves).max() < MIN_STRENGTH:
        return None
    bits = waves > np.median(waves)
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def picture_hashes(picture: Picture) -> tuple[int, ...]:
    """Return what goes on a list: the hashes of all frames, with and without border.

    Too plain ones are left out. The first is that of the whole first frame.
    """
    found = [frame_hash(frame, trim=trim) for frame in picture.frames for trim in TRIMS]
    return tuple(dict.fromkeys(value for value in found if value is not None))


def distance(one: int, other: int) -> int:
    """Return in how many bits two hashes differ, 0 to 64."""
    return (one ^ other).bit_count()


class HashList:
    """The hashes of pictures that are not wanted, each with a note."""

    def __init__(self, entries: Iterable[tuple[int, str]] = ()) -> None:
        self._notes = dict(entries)

    def __len__(self) -> int:
        return len(self._notes)

    def add(self, value: int, note: str) -> None:
        """Put a hash on the list, in place of the same one before."""
        self._notes[value] = note

    def matches(self, value: int, *, max_distance: int = MAX_DISTANCE) -> str | None:
        """Return the note of the nearest entry, None if none is near enough."""
        nearest = min(
            self._notes, key=lambda entry: distance(entry, value), default=None
        )
        if nearest is None or distance(nearest, value) > max_distance:
            return None
        return self._notes[nearest]

    def find(self, picture: Picture, *, max_distance: int = MAX_DISTANCE) -> str | None:
        """Return the note of an entry that a frame or its mirror image matches."""
        if not self._notes:
            return None
        for frame in picture.frames:
            for is_mirrored in (False, True):
                value = frame_hash(frame, is_mirrored=is_mirrored)
                if value is None:
                    break
                note = self.matches(value, max_distance=max_distance)
                if note is not None:
                    return note
        return None


def _cosines() -> "np.ndarray":
    """Return the coarsest waves of the cosine transform.

    Returns:
        (8, 32) float64: wave by pixel, each row of length 1.
    """
    import numpy as np

    pixel = np.arange(GREY_PX) + 0.5
    wave = np.arange(WAVES)[:, None]
    cosines = np.cos(np.pi * wave * pixel / GREY_PX) * np.sqrt(2 / GREY_PX)
    cosines[0] /= np.sqrt(2)
    return np.asarray(cosines)
