"""What a picture file says about itself before anything is unpacked."""

from dataclasses import dataclass

__all__ = ["MAX_PIECES", "BrokenError", "Outline", "TooMuchError"]

MAX_PIECES = 100_000
"""How many chunks or blocks a file may be made of; real ones have some thousands."""


class BrokenError(ValueError):
    """The file is not a whole picture of its kind."""


class TooMuchError(ValueError):
    """The file holds more than its header says, or far more than pictures do."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Size, frames and end of a picture.

    Attributes:
        width: of the largest image in the file, in pixels, as `height`.
        num_frames: images in the file; 1: it does not move.
        end: where the picture ends; what follows is something else.
        starts: where a whole picture begins; more than one only in a JPEG.
        unpacked_bytes: how much a PNG's main image unpacks to at most; 0 elsewhere.
    """

    format: str
    width: int
    height: int
    num_frames: int
    end: int
    starts: tuple[int, ...] = (0,)
    unpacked_bytes: int = 0
