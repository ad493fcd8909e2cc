"""What is asked of a pipeline, made into what it can do: sizes, steps, the start."""

import io
import math
import secrets
from dataclasses import dataclass, field

from PIL import Image

from bot.errors import BackendError, CannotStartError
from bot.generation.diffusers_defaults import Habits
from bot.generation.requests import ImageParams, ImagePayload
from bot.words import T

__all__ = ["Abilities", "Plan", "Shape", "plan_picture"]

MIN_SIDE_PX, MAX_SIDE_PX = 64, 2048
MAX_START_PX = 4096 * 4096
MAX_STEPS = 1000  # as many as most schedules have
MIN_STRENGTH = 0.02
SEEDS = 2**63


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a loaded pipeline can do.

    Attributes:
        multiple_px: what its sides have to be a multiple of.
        width_px: of its pictures where nobody says; so height.
        has_alpha: whether its pictures may be see-through.
        can_start: whether it can begin from a picture.
    """

    habits: Habits
    multiple_px: int
    width_px: int
    height_px: int
    has_alpha: bool
    can_start: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """What pictures drawn in one call must share. `strength` is None from noise."""

    width_px: int
    height_px: int
    num_steps: int
    guidance: float
    strength: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """One picture, as it will be drawn."""

    shape: Shape
    prompt: str = field(repr=False)
    negative: str = field(repr=False)
    seed: int
    start: Image.Image | None = field(default=None, repr=False)


def plan_picture(
    payload: ImagePayload, params: ImageParams, abilities: Abilities
) -> Plan:
    """Return what will be drawn.

    Raises:
        BackendError: the start is no picture.
        CannotStartError: the model cannot begin from one.
    """
    habits = abilities.habits
    num_steps = min(params.steps or habits.num_steps, MAX_STEPS)
    own = (abilities.width_px, abilities.height_px)
    start, strength = None, None
    if payload.start is not None:
        start = _opened(payload.start, abilities)
        strength = min(max(params.strength, MIN_STRENGTH), 1.0)
        # It goes over the picture only for this share of the steps.
        num_steps = max(num_steps, math.ceil(1 / strength))
        own = start.size
    width, height = (
        _side(asked or own_px, abilities.multiple_px)
        for asked, own_px in zip((params.width, params.height), own, strict=True)
    )
    if start is not None:
        start = start.resize((width, height), Image.Resampling.LANCZOS)
    guidance = habits.guidance if params.guidance is None else params.guidance
    seed = secrets.randbits(31) if params.seed is None else params.seed % SEEDS
    return Plan(
        Shape(width, height, num_steps, float(guidance), strength),
        _clean(payload.prompt),
        _clean(payload.negative),
        seed,
        start,
    )


def _side(asked_px: int, multiple_px: int) -> int:
    """Return the nearest side that the model can do."""
    nearest = round(asked_px / multiple_px) * multiple_px
    lowest = math.ceil(MIN_SIDE_PX / multiple_px) * multiple_px
    highest = max(lowest, MAX_SIDE_PX // multiple_px * multiple_px)
    return min(max(nearest, lowest), highest)


def _clean(text: str) -> str:
    """Return what a tokenizer can read: halves of characters are replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _opened(png: bytes, abilities: Abilities) -> Image.Image:
    # Those with alpha: their pipelines take four channels for noise that is begun.
    if not abilities.can_start or abilities.has_alpha:
        raise CannotStartError(T("This model cannot begin from a picture."))
    try:
        picture = Image.open(io.BytesIO(png), formats=["PNG"])
        if math.prod(picture.size) > MAX_START_PX:
            raise BackendError(T("The picture to begin from is too large."))
        rgba = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError) as error:
        raise BackendError(T("The picture to begin from cannot be opened.")) from error
    ground = Image.new("RGBA", rgba.size, "white")
    return Image.alpha_composite(ground, rgba).convert("RGB")
