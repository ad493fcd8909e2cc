"""How models like to be asked, where nobody says: by their class and their name."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["HINTS", "Habits", "habits_of"]

NUM_STEPS = 25
GUIDANCE = 5.0
TRUE_GUIDANCE = "true_cfg_scale"


@dataclass(frozen=True, slots=True)
class Habits:
    """Steps and guidance that suit a model.

    Attributes:
        can_negate: whether it can be told what not to show.
        guidance_name: what its class calls the guidance; "": it takes none.
    """

    num_steps: int
    guidance: float
    can_negate: bool = True
    guidance_name: str = "guidance_scale"


HINTS: Mapping[str, tuple[int, float]] = {
    "sticker": (16, 3.0),
    "z-image-turbo": (9, 0.0),
    "sd-turbo": (2, 0.0),
    "sdxl-turbo": (2, 0.0),
    "turbo": (4, 0.0),
    "lightning": (4, 0.0),
    "schnell": (4, 0.0),
    "hyper": (8, 0.0),
    "lcm": (6, 1.5),
}
"""Steps and guidance by what is in a model's name, most of them made for few steps;
what comes first counts."""

CLASSES: Mapping[str, tuple[int, float]] = {
    "StableDiffusionPipeline": (25, 7.5),
    "StableDiffusionXLPipeline": (30, 5.0),
    "StableDiffusion3Pipeline": (28, 5.0),
    "FluxPipeline": (28, 3.5),
    "AuraFlowPipeline": (30, 3.5),
    "QwenImagePipeline": (30, 4.0),
}
"""The same by class; other classes say it themselves."""

TRUE_GUIDED = ("QwenImagePipeline",)
"""Classes whose guidance is the one that their own `guidance_scale` is not."""


def habits_of(class_name: str, call: Callable[..., Any], model_name: str) -> Habits:
    """Return how a pipeline likes to be asked.

    `call` is its `__call__`, `model_name` whatever its folder or hub id says.
    """
    takes = inspect.signature(call).parameters
    guidance_name = "guidance_scale" if "guidance_scale" in takes else ""
    if class_name in TRUE_GUIDED:
        guidance_name = TRUE_GUIDANCE
    lowered = model_name.lower()
    hinted = [habit for hint, habit in HINTS.items() if hint in lowered]
    if hinted:
        num_steps, guidance = hinted[0]
    elif class_name in CLASSES:
        num_steps, guidance = CLASSES[class_name]
    else:
        num_steps = int(_default(takes, "num_inference_steps", NUM_STEPS))
        guidance = float(_default(takes, guidance_name, GUIDANCE))
    # Where a class has the other guidance as well, its own is not that of two texts.
    is_distilled = TRUE_GUIDANCE in takes and guidance_name != TRUE_GUIDANCE
    can_negate = "negative_prompt" in takes and bool(guidance_name) and not is_distilled
    return Habits(num_steps, guidance, can_negate, guidance_name)


def _default(takes: Mapping[str, inspect.Parameter], name: str, other: float) -> float:
    found = takes[name].default if name in takes else None
    return found if isinstance(found, int | float) else other
