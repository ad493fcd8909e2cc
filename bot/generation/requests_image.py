"""What is asked of models that draw, and what comes back."""

from dataclasses import dataclass, field

__all__ = ["Drawing", "ImageParams", "ImagePayload", "Progress"]


@dataclass(frozen=True, slots=True)
class ImagePayload:
    """What a picture is to show.

    Attributes:
        negative: what it is not to show; models that cannot be told leave it out.
        start: a PNG to begin from in place of noise; None: from noise.
    """

    prompt: str = field(repr=False)
    negative: str = field(default="", repr=False)
    start: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ImageParams:
    """How a picture is drawn; 0 and None leave it to the model.

    Attributes:
        width: in pixels; a backend may round it to what its model can do. So height.
        steps: how often the model goes over it.
        guidance: how closely it keeps to the prompt.
        seed: None draws one; the same seed gives the same picture.
        strength: how much of `start` is drawn anew, in (0, 1].
    """

    width: int = 0
    height: int = 0
    steps: int = 0
    guidance: float | None = None
    seed: int | None = None
    strength: float = 0.6


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture that was made, as a PNG; it may have an alpha channel."""

    png: bytes = field(repr=False)
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a picture is: `step` of `num_steps` are done.

    Attributes:
        preview_png: how it looks so far, small; empty: not known.
    """

    step: int
    num_steps: int
    preview_png: bytes = field(default=b"", repr=False)
