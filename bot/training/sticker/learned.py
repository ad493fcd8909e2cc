"""What the denoiser learns from: latents of pictures, embeddings of captions."""

import hashlib
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from bot.training.sticker.captions import Held, captions_of
from bot.training.sticker.denoiser import Captioned
from bot.training.sticker.pictures import Concept
from bot.training.sticker.text import TextEncoder

__all__ = ["all_captions", "embedded", "latents_of", "learned_from"]

BATCH = 64


def all_captions(
    concepts: Sequence[Concept], held: Sequence[Held], *, seed: int, num: int
) -> list[list[str]]:
    """Return so many captions for each concept, the bare name first."""
    held_of = {one.concept: one for one in held}
    return [
        captions_of(
            concept,
            random.Random(f"{seed}:{number}:captions"),  # noqa: S311 (no secret)
            num=num,
            held=held_of.get(number),
        )
        for number, concept in enumerate(concepts)
    ]


def embedded(
    text: TextEncoder,
    captions: Sequence[Sequence[str]],
    cache: Path,
    progress: Callable[[int, int], None],
) -> tuple[Tensor, Tensor]:
    """Return (N, K, T, D) and (T, D) for the empty prompt, both bfloat16.

    They are taken from `cache` where it holds those of the same captions.
    """
    flat = [caption for several in captions for caption in several]
    vocabulary = text.tokenizer.get_vocab()
    said = "\n".join([*sorted(vocabulary), *flat]).encode()
    digest = hashlib.sha256(said).hexdigest()
    if cache.is_file():
        with safe_open(cache, "pt") as file:
            if (file.metadata() or {}).get("captions") == digest:
                return file.get_tensor("texts"), file.get_tensor("nothing")
    texts = text.embed(flat, progress)
    texts = texts.reshape(len(captions), -1, *texts.shape[1:]).contiguous()
    nothing = text.embed([""])[0].contiguous()
    part = cache.with_suffix(".part")
    save_file({"texts": texts, "nothing": nothing}, part, {"captions": digest})
    part.replace(cache)
    return texts, nothing


@torch.no_grad()
def latents_of(autoencoder: AutoencoderKL, pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Return means and deviations, each (N, 8, 8, 8) float32.

    Takes pictures as (N, 4, 64, 64) uint8.
    """
    means, deviations = [], []
    place = next(autoencoder.parameters())
    for start in range(0, len(pictures), BATCH):
        batch = pictures[start : start + BATCH].to(place.device).float() / 127.5 - 1
        latent = autoencoder.encode(batch).latent_dist
        means.append(latent.mean.cpu())
        deviations.append(latent.std.cpu())
    return torch.cat(means), torch.cat(deviations)


def learned_from(
    autoencoder: AutoencoderKL, pictures: Tensor, texts: tuple[Tensor, Tensor]
) -> Captioned:
    """Return what a denoiser is trained on; the autoencoder is a standardised one."""
    means, deviations = latents_of(autoencoder, pictures)
    return Captioned(means, deviations, *texts)
