"""How often a drawing is of what was asked for.

A drawing counts as hit when its concept is among the five real emoji that are nearest
in the autoencoder's latents. Prompts are such as no training saw.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import (
    StableDiffusionPipeline,
)
from torch import Tensor

from bot.training.sticker.captions import Held
from bot.training.sticker.drawing import draw_latents

__all__ = ["check", "ranks"]

NEAREST = 5


@dataclass(frozen=True, slots=True)
class Hits:
    """Shares of drawings, from 0 to 1."""

    first: float
    five: float


def check(
    pipeline: StableDiffusionPipeline,
    held: Sequence[Held],
    real: Tensor,
    *,
    seed: int,
    steps: int,
    guidances: Sequence[float],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Return the shares for both kinds of prompts at each guidance.

    `real` is (N, 8, 8, 8): the latents of all real pictures.
    """
    wanted = torch.tensor([one.concept for one in held])
    found: dict[str, Any] = {
        "prompts": len(held),
        "concepts": len(real),
        "by chance": round(NEAREST / len(real), 4),
    }
    kinds = {
        "wording": [one.wording for one in held],
        "keywords": [one.keywords for one in held],
    }
    tasks = [(kind, guidance) for kind in kinds for guidance in guidances]
    for number, (kind, guidance) in enumerate(tasks):
        progress(number, len(tasks))
        drawn = draw_latents(
            pipeline, kinds[kind], seed=seed, guidance=guidance, steps=steps
        )
        hits = _hits(ranks(drawn, real, wanted))
        found.setdefault(kind, {})[f"{guidance:g}"] = {
            "first": round(hits.first, 4),
            "first five": round(hits.five, 4),
        }
    progress(len(tasks), len(tasks))
    return found


def ranks(drawn: Tensor, real: Tensor, wanted: Tensor) -> Tensor:
    """Return for each drawing how many real emoji are nearer than the wanted one."""
    apart = torch.cdist(drawn.flatten(1), real.flatten(1))  # (B, N)
    return (apart < apart.gather(1, wanted[:, None])).sum(1)


def _hits(places: Tensor) -> Hits:
    first, five = (places < 1).float().mean(), (places < NEAREST).float().mean()
    return Hits(float(first), float(five))
