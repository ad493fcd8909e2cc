"""The whole way: pictures, autoencoder, captions, denoiser, export, check, card."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import (
    StableDiffusionPipeline,
)
from torch import Tensor

from bot.training.sticker.autoencoder import AutoencoderTrainer, psnr
from bot.training.sticker.captions import Held, hold_back
from bot.training.sticker.card import Run, write_card
from bot.training.sticker.check import check
from bot.training.sticker.denoiser import DenoiserTrainer
from bot.training.sticker.drawing import SHOWN, UNSEEN, draw_pictures, sheet
from bot.training.sticker.export import (
    export,
    make_pipeline,
    standardised,
    write_names,
)
from bot.training.sticker.learned import (
    all_captions,
    embedded,
    latents_of,
    learned_from,
)
from bot.training.sticker.pictures import Concept, load_pictures, read_concepts
from bot.training.sticker.settings import StickerSettings
from bot.training.sticker.sources import Files
from bot.training.sticker.text import TextEncoder, make_text_encoder
from bot.words import T, Text

__all__ = ["Bar", "train_sticker"]

AUTOENCODER, DENOISER = "autoencoder.safetensors", "denoiser.safetensors"
TEXTS, WORK, SHEET = "texts.safetensors", "work", "samples.png"
GUIDANCE = 3.0

Bar = Callable[[Text], AbstractContextManager[Callable[[int, int, float], None]]]
"""Shows a bar; what it gives is called with (done, total, loss)."""


def train_sticker(
    files: Files,
    out: Path,
    settings: StickerSettings,
    *,
    bar: Bar,
    is_stopped: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Train, write the model's folder, and return the figures.

    Goes on where an earlier run of the same kind was stopped. One that is stopped
    writes what it has by then.
    """
    began = time.monotonic()
    work = out / WORK
    work.mkdir(parents=True, exist_ok=True)
    concepts, pictures = _pictures(files, settings)
    held = hold_back(concepts, seed=settings.seed, num=settings.num_held)
    coder = AutoencoderTrainer(
        pictures,
        replace(settings.autoencoder, seed=settings.seed),
        checkpoint=work / AUTOENCODER,
        device=settings.device,
    )
    with bar(T("Training the autoencoder")) as progress:
        coder.run(progress, is_stopped)
    autoencoder = _standardised(coder.model, pictures)
    text, texts = _texts(files, work, concepts, held, settings, bar)
    learned = learned_from(autoencoder, pictures, texts)
    trainer = DenoiserTrainer(
        learned,
        replace(settings.denoiser, seed=settings.seed),
        checkpoint=work / DENOISER,
        device=settings.device,
    )

    def pipeline() -> StableDiffusionPipeline:
        unet = UNet2DConditionModel.from_config(trainer.ema.config)
        unet.load_state_dict(trainer.ema.state_dict())
        return make_pipeline(autoencoder.cpu(), unet.eval(), text)

    with bar(T("Training the denoiser")) as progress:

        def shown(done: int, total: int, loss: float) -> None:
            progress(done, total, loss)
            if done % settings.sheet_every == 0:
                write_sheet(pipeline(), out / SHEET, settings)

        trainer.run(shown, is_stopped)
    drawing = pipeline()
    export(drawing, out)
    write_names(concepts, out)
    write_sheet(drawing, out / SHEET, settings)
    figures = _figures(drawing, held, learned.means, settings, bar)
    figures["autoencoder"] = {"psnr": round(_psnr(autoencoder, pictures), 2)}
    hours = (time.monotonic() - began) / 3600
    run = Run(coder.step, trainer.step, hours=hours, device=settings.device)
    return write_card(out, figures, settings, run)


def _figures(
    pipeline: StableDiffusionPipeline,
    held: Sequence[Held],
    real: Tensor,
    settings: StickerSettings,
    bar: Bar,
) -> dict[str, Any]:
    """Return how often a drawing is of what was asked for."""
    with bar(T("Measuring")) as progress:
        return check(
            pipeline,
            held,
            real,
            seed=settings.seed,
            steps=settings.drawing_steps,
            guidances=settings.guidances,
            progress=lambda done, total: progress(done, total, 0.0),
        )


def write_sheet(
    pipeline: StableDiffusionPipeline, path: Path, settings: StickerSettings
) -> None:
    """Draw what was learnt, and below it what no caption combines."""
    prompts = [*SHOWN, *UNSEEN]
    pictures = draw_pictures(
        pipeline,
        prompts,
        seed=settings.seed,
        guidance=GUIDANCE,
        steps=settings.drawing_steps,
    )
    sheet(pictures, prompts).save(path)


def _pictures(files: Files, settings: StickerSettings) -> tuple[list[Concept], Tensor]:
    """Return concepts and (N, 4, 64, 64) uint8."""
    concepts, array = load_pictures(files.pictures, read_concepts(files.names))
    num = settings.num_pictures or len(concepts)
    pictures = torch.from_numpy(array[:num]).permute(0, 3, 1, 2)
    return concepts[:num], pictures.contiguous()


def _standardised(model: AutoencoderKL, pictures: Tensor) -> AutoencoderKL:
    model.eval().requires_grad_(False)
    return standardised(model, latents_of(model, pictures)[0].to(model.device))


def _texts(
    files: Files,
    work: Path,
    concepts: Sequence[Concept],
    held: Sequence[Held],
    settings: StickerSettings,
    bar: Bar,
) -> tuple[TextEncoder, tuple[Tensor, Tensor]]:
    """Return the text encoder, and what it says of all captions."""
    captions = all_captions(
        concepts, held, seed=settings.seed, num=settings.num_captions
    )
    # Held prompts are no captions, but whoever writes them must have their pieces.
    words = [caption for several in captions for caption in several]
    words += [tag for concept in concepts for tag in concept.tags]
    text = make_text_encoder(files.text, words, num_pieces=settings.num_pieces)
    with bar(T("Reading the captions")) as progress:
        texts = embedded(
            text,
            captions,
            work / TEXTS,
            lambda done, total: progress(done, total, 0.0),
        )
    return text, texts


def _psnr(autoencoder: AutoencoderKL, pictures: Tensor) -> float:
    """Return the mean over at most 200 pictures, in decibels."""
    step = max(1, len(pictures) // 200)
    real = pictures[::step].float() / 127.5 - 1
    with torch.no_grad():
        return psnr(autoencoder(real).sample, real)
