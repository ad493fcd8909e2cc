"""A short training on 64 pictures: it learns, goes on where it stopped, and draws."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import DiffusionPipeline
from safetensors.torch import load_file

from bot.known_things import KnownThings
from bot.training.sticker.autoencoder import AutoencoderTrainer
from bot.training.sticker.denoiser import Captioned, DenoiserTrainer
from bot.training.sticker.export import standardised
from bot.training.sticker.learned import latents_of
from bot.training.sticker.pictures import load_pictures, read_concepts
from bot.training.sticker.settings import StickerSettings
from bot.training.sticker.sources import Files
from bot.training.sticker.sticker import train_sticker
from bot.words import Text

Losses = list[tuple[int, float]]


class Bars:
    """Keeps the losses of each bar."""

    def __init__(self) -> None:
        self.losses: dict[str, Losses] = {}

    @contextmanager
    def __call__(self, text: Text) -> Iterator[Callable[[int, int, float], None]]:
        kept = self.losses.setdefault(text.template, [])
        yield lambda done, total, loss: kept.append((done, loss))


def weights_of(out: Path) -> dict[str, torch.Tensor]:
    return load_file(out / "unet" / "diffusion_pytorch_model.safetensors")


@dataclass(frozen=True)
class Whole:
    """A run that nobody stopped."""

    out: Path
    figures: dict[str, Any]


@pytest.fixture(scope="module")
def whole(
    files: Files, tiny: StickerSettings, tmp_path_factory: pytest.TempPathFactory
) -> Whole:
    out = tmp_path_factory.mktemp("whole")
    return Whole(out, train_sticker(files, out, tiny, bar=Bars()))


def test_a_run_leaves_a_pipeline_that_draws(whole: Whole) -> None:
    pipeline = DiffusionPipeline.from_pretrained(whole.out)  # type: ignore[no-untyped-call]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # diffusers, numpy 2
        drawn = pipeline("red disc", num_inference_steps=2, guidance_scale=3.0)
    assert drawn.images[0].size == (64, 64)
    assert drawn.images[0].mode == "RGBA"
    assert pipeline.text_encoder.dtype == torch.float32


def test_a_run_leaves_a_card_figures_and_samples(whole: Whole) -> None:
    card = (whole.out / "README.md").read_text(encoding="utf-8")
    assert "64 pictures" in card
    assert "{" not in card
    assert json.loads((whole.out / "figures.json").read_text()) == whole.figures
    assert whole.figures["by chance"] == pytest.approx(5 / 64, abs=1e-4)
    assert (whole.out / "samples.png").is_file()
    known = KnownThings.read(whole.out)
    assert known is not None
    assert known.named_in("a red disc") == "red disc"


def test_a_stopped_run_ends_with_the_same_weights(
    whole: Whole, files: Files, tiny: StickerSettings, tmp_path: Path
) -> None:
    asked: list[int] = []

    def after_eight() -> bool:
        asked.append(1)
        return len(asked) > 8

    train_sticker(files, tmp_path, tiny, bar=Bars(), is_stopped=after_eight)
    bars = Bars()
    train_sticker(files, tmp_path, tiny, bar=bars)
    done = [done for done, _ in bars.losses["Training the denoiser"]]
    assert done == [3, 4, 5, 6]
    assert not bars.losses["Training the autoencoder"]  # it was done
    assert not bars.losses["Reading the captions"]  # they were kept
    ours, theirs = weights_of(tmp_path), weights_of(whole.out)
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_the_autoencoder_learns(
    files: Files, tiny: StickerSettings, tmp_path: Path
) -> None:
    _, array = load_pictures(files.pictures, read_concepts(files.names))
    pictures = torch.from_numpy(array).permute(0, 3, 1, 2).contiguous()
    settings = replace(tiny.autoencoder, steps=20, adversarial_steps=3, rate=8e-3)
    trainer = AutoencoderTrainer(pictures, settings, checkpoint=tmp_path / "a.st")
    losses: list[float] = []
    trainer.run(lambda done, total, loss: losses.append(loss))
    assert losses[-1] < 0.95 * losses[0]

    even = standardised(trainer.model, latents_of(trainer.model, pictures)[0])
    means, _ = latents_of(even, pictures)
    assert means.mean((0, 2, 3)).abs().max() < 1e-3
    assert (means.std((0, 2, 3)) - 1).abs().max() < 1e-2
    ours, theirs = (
        model(pictures[:2].float() / 127.5 - 1).sample
        for model in (even.eval(), trainer.model.eval())
    )
    assert (ours - theirs).abs().max() < 1e-3  # the same pictures as before


def test_the_denoiser_learns(tiny: StickerSettings, tmp_path: Path) -> None:
    chance = torch.Generator().manual_seed(1)
    learned = Captioned(
        means=torch.randn(4, 8, 8, 8, generator=chance),
        deviations=torch.zeros(4, 8, 8, 8),
        texts=torch.randn(4, 2, 6, 32, generator=chance).bfloat16(),
        nothing=torch.zeros(6, 32, dtype=torch.bfloat16),
    )
    settings = replace(tiny.denoiser, steps=24, rate=1e-2)
    trainer = DenoiserTrainer(learned, settings, checkpoint=tmp_path / "d.st")
    losses: list[float] = []
    trainer.run(lambda done, total, loss: losses.append(loss))
    assert losses[-1] < 0.95 * losses[0]


def test_a_checkpoint_of_another_run_is_not_gone_on_with(
    tiny: StickerSettings, tmp_path: Path
) -> None:
    pictures = torch.zeros(8, 4, 64, 64, dtype=torch.uint8)
    checkpoint = tmp_path / "a.st"
    short = replace(tiny.autoencoder, steps=2)
    AutoencoderTrainer(pictures, short, checkpoint=checkpoint).run(print_nothing)
    other = AutoencoderTrainer(
        pictures, replace(short, seed=2, steps=1), checkpoint=checkpoint
    )
    other.run(print_nothing)
    assert other.step == 1


def print_nothing(done: int, total: int, loss: float) -> None:
    assert done <= total
