"""Drawing with a trained pipeline: latents, pictures and sheets of pictures."""

import warnings
from collections.abc import Sequence

import torch
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import (
    StableDiffusionPipeline,
)
from PIL import Image, ImageDraw
from torch import Tensor

from bot.training.sticker.pictures import SIZE_PX

__all__ = ["SHOWN", "UNSEEN", "draw_latents", "draw_pictures", "sheet"]

BATCH = 32
COLUMNS = 10
CAPTION_PX = 14

SHOWN = (
    *("grinning face", "crying cat", "ghost", "robot", "dog face", "fox", "penguin"),
    *("tiger face", "octopus", "butterfly", "rose", "cactus", "red apple", "pizza"),
    *("hamburger", "birthday cake", "hot beverage", "beer mug", "rocket", "bicycle"),
    *("sailboat", "house", "full moon", "sun", "rainbow", "snowman", "guitar"),
    *("soccer ball", "trophy", "video game", "crown", "gem stone", "key", "books"),
    *("light bulb", "hammer", "alarm clock", "red heart", "check mark button", "skull"),
)
"""Names that the model has learnt."""

UNSEEN = (
    *("ghost with a pizza", "cat astronaut", "blue apple", "robot with a guitar"),
    *("dragon birthday cake", "penguin in a car", "green heart with wings"),
    *("sleepy hamburger", "pirate fox", "snowman on the moon"),
)
"""Combinations that no caption has."""


def draw_latents(
    pipeline: StableDiffusionPipeline,
    prompts: Sequence[str],
    *,
    seed: int,
    guidance: float,
    steps: int,
) -> Tensor:
    """Return (N, 8, 8, 8): what the denoiser makes of the prompts."""
    parts = []
    for start in range(0, len(prompts), BATCH):
        part = list(prompts[start : start + BATCH])
        chance = [
            torch.Generator().manual_seed(seed * 1_000_003 + start + number)
            for number in range(len(part))
        ]
        with warnings.catch_warnings():
            # diffusers' scheduler makes an array in a way that numpy 2 warns of.
            warnings.simplefilter("ignore", DeprecationWarning)
            made = pipeline(
                part,
                guidance_scale=guidance,
                num_inference_steps=steps,
                generator=chance,
                output_type="latent",
            )
        parts.append(made.images.float().cpu())
    return torch.cat(parts)


@torch.no_grad()
def draw_pictures(
    pipeline: StableDiffusionPipeline,
    prompts: Sequence[str],
    *,
    seed: int,
    guidance: float,
    steps: int,
) -> list[Image.Image]:
    """Return 64 px RGBA pictures with straight alpha."""
    latents = draw_latents(pipeline, prompts, seed=seed, guidance=guidance, steps=steps)
    made = pipeline.vae.decode(latents.to(pipeline.device, pipeline.vae.dtype)).sample
    return list(pipeline.image_processor.postprocess(made.float(), output_type="pil"))


def sheet(
    pictures: Sequence[Image.Image], captions: Sequence[str], *, scale: int = 1
) -> Image.Image:
    """Return the pictures on white in rows, each with its caption under it."""
    side = SIZE_PX * scale
    rows = -(-len(pictures) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * side, rows * (side + CAPTION_PX)), "white")
    pen = ImageDraw.Draw(whole)
    for number, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        left, top = number % COLUMNS * side, number // COLUMNS * (side + CAPTION_PX)
        grown = picture.resize((side, side), Image.Resampling.LANCZOS)
        whole.paste(grown, (left, top), grown)
        pen.text((left + 1, top + side), caption[: 11 * scale], fill="black")
    return whole
