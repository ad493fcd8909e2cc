"""Which frames of a picture are looked at: those that differ most."""

import math
from typing import TYPE_CHECKING

from bot.safety.pictures.picture import Frame

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Sampler", "sample_size"]

THUMBNAIL_PX = 8
SAME = THUMBNAIL_PX * THUMBNAIL_PX * 3 // 2
"""A difference that nobody sees: half a step of 255 for each value."""


def sample_size(width: int, height: int, *, max_pixels: int) -> tuple[int, int]:
    """Return the size of an image, in proportion, with at most so many pixels."""
    factor = math.sqrt(max_pixels / (width * height))
    if factor >= 1:
        return width, height
    # Something one pixel thin stays so; the other side makes up for it.
    shrunk_width = max(1, int(width * factor))
    shrunk_height = max(1, int(height * factor))
    return min(shrunk_width, max_pixels), min(shrunk_height, max_pixels)


class Sampler:
    """Keeps at most `num_samples` of the images that it is offered, in order.

    A single odd frame among a thousand alike is kept, wherever it hides; what looks
    like one that is kept is left out. The first image always stays.
    """

    def __init__(self, *, num_samples: int) -> None:
        self._num_samples = num_samples
        self._kept: list[tuple[bytes, Frame]] = []
        self._closest = (0, 0)  # the smallest difference among the kept, and which one

    @property
    def frames(self) -> tuple[Frame, ...]:
        """What was kept."""
        return tuple(frame for _, frame in self._kept)

    def offer(self, image: "Image") -> None:
        """Take an image in RGB into account."""
        from PIL.Image import Resampling

        look = image.resize(
            (THUMBNAIL_PX, THUMBNAIL_PX), Resampling.BOX, reducing_gap=2.0
        ).tobytes()
        nearest = min((_difference(look, other) for other, _ in self._kept), default=-1)
        if 0 <= nearest < SAME:
            return
        if len(self._kept) == self._num_samples:
            if nearest <= self._closest[0]:
                return
            del self._kept[self._closest[1]]
        self._kept.append((look, Frame(image.width, image.height, image.tobytes())))
        if len(self._kept) == self._num_samples:
            self._closest = self._find_closest()

    def _find_closest(self) -> tuple[int, int]:
        """Return the smallest difference, and the later one of the two; never 0."""
        return min(
            (
                (_difference(self._kept[first][0], self._kept[later][0]), later)
                for later in range(1, len(self._kept))
                for first in range(later)
            ),
            default=(1 << 30, 0),
        )


def _difference(one: bytes, other: bytes) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))
