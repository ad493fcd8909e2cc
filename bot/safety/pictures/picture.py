"""A picture that was opened, what may be opened, and why one was refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.errors import UserError
from bot.words import T, Text, Tn

__all__ = [
    "PICTURE_REFUSALS",
    "Frame",
    "Picture",
    "PictureLimits",
    "PictureRefusedError",
    "picture_refusal",
]


@dataclass(frozen=True, slots=True)
class Frame:
    """One image of a picture, made smaller where it was large.

    Attributes:
        pixels: rows from the top, three bytes (red, green, blue) for each pixel.
    """

    width: int
    height: int
    pixels: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.pixels) != self.width * self.height * 3:
            raise ValueError("a frame needs three bytes for each pixel")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was opened.

    Attributes:
        format: "PNG", "JPEG", "GIF" or "WEBP", by its content.
        width: in pixels, as stored; frames may be smaller, and turned upright.
        num_frames: how many the file has; 1: it does not move.
        frames: the ones that differ most, in order, the first always among them.
    """

    format: str
    width: int
    height: int
    num_frames: int
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What may be opened at most.

    Attributes:
        max_pixels: of one frame, width times height.
        max_total_pixels: of all frames together.
        max_frames: how many an animated picture may have.
        num_samples: how many frames are looked at closely.
        sample_pixels: of a frame that is looked at; larger ones are made smaller.
    """

    max_bytes: int = 20_000_000
    max_pixels: int = 40_000_000
    max_total_pixels: int = 250_000_000
    max_frames: int = 1_000
    num_samples: int = 6
    sample_pixels: int = 1_500_000


class PictureRefusedError(UserError):
    """A picture that is not opened.

    Attributes:
        category: a key of PICTURE_REFUSALS without its "picture_".
        limit: the number that would be allowed, where there is one.
    """

    def __init__(self, category: str, *, limit: int | None = None) -> None:
        super().__init__(picture_refusal(f"picture_{category}", limit))
        self.category = category
        self.limit = limit


def picture_refusal(category: str, limit: int | None = None) -> Text:
    """Return what to say to the one who attached a picture that is refused."""
    return PICTURE_REFUSALS[category](limit)


def _size(limit: int | None) -> Text:
    if limit is None:
        return T("That picture file is too large for me. Please send a smaller one.")
    return T(
        "That picture file is too large for me: I can take {megabytes} MB. Please send "
        "a smaller one.",
        megabytes=round(limit / 1_000_000, 1),
    )


def _frames(limit: int | None) -> Text:
    if limit is None:
        return T(
            "That animation has too many frames for me. Please send a shorter one."
        )
    return Tn(
        "That animation has too many frames for me: I can take {n}. Please send a "
        "shorter one.",
        "That animation has too many frames for me: I can take {n}. Please send a "
        "shorter one.",
        limit,
    )


PICTURE_REFUSALS: Mapping[str, Callable[[int | None], Text]] = {
    "picture_size": _size,
    "picture_format": lambda _: T(
        "I cannot open that kind of picture. Please send it as PNG, JPEG, GIF or WebP."
    ),
    "picture_bomb": lambda _: T(
        "That picture would become far too large when opened. Please send it with "
        "fewer pixels."
    ),
    "picture_frames": _frames,
    "picture_polyglot": lambda _: T(
        "Something that is not a picture is hidden in that file. Please save the "
        "picture anew and send it again."
    ),
    "picture_broken": lambda _: T(
        "That picture is damaged or not complete. Please save it anew and send it "
        "again."
    ),
    "picture_slow": lambda _: T(
        "I could not check that picture in time. Please send it again, smaller or "
        "later."
    ),
    "picture_listed": lambda _: T(
        "That picture is on this community's list of unwanted pictures. If you think "
        "that is a mistake, ask a moderator."
    ),
}
"""What is said, by category of the verdict and the limit that was passed."""
