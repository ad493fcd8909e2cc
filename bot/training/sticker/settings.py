"""How the sticker model is trained, as a whole."""

from dataclasses import dataclass, field

import torch

from bot.errors import UserError
from bot.training.sticker.autoencoder import AutoencoderSettings
from bot.training.sticker.denoiser import DenoiserSettings
from bot.training.sticker.text import NUM_PIECES
from bot.training.sticker.wanted import Wanted
from bot.words import T

__all__ = ["StickerSettings", "settings_of"]

DEVICES = ("auto", "cpu", "cuda")
ADVERSARIAL = 0.15  # of the autoencoder's steps, at their end


@dataclass(frozen=True, slots=True)
class StickerSettings:
    """How to train.

    Attributes:
        num_pictures: learn only so many concepts; 0: all.
        num_captions: for each concept.
        num_held: concepts with prompts that are held back.
        sheet_every: steps of the denoiser between two sheets of samples.
        drawing_steps: of a drawing, for sheets and the check.
        guidances: at which the check draws.
        device: "cpu" or "cuda".
    """

    autoencoder: AutoencoderSettings = field(default_factory=AutoencoderSettings)
    denoiser: DenoiserSettings = field(default_factory=DenoiserSettings)
    num_pictures: int = 0
    num_captions: int = 8
    num_held: int = 200
    num_pieces: int = NUM_PIECES
    sheet_every: int = 500
    drawing_steps: int = 16
    guidances: tuple[float, ...] = (1.0, 2.0, 3.0, 5.0)
    seed: int = 1
    device: str = "cpu"


def settings_of(wanted: Wanted) -> StickerSettings:
    """Return settings, and give torch its threads.

    Raises:
        UserError: there is no such device.
    """
    has_cuda = torch.cuda.is_available()
    if wanted.device not in DEVICES or (wanted.device == "cuda" and not has_cuda):
        raise UserError(
            T("There is no device {name} here. Try cpu.", name=wanted.device)
        )
    if wanted.threads:
        torch.set_num_threads(wanted.threads)
    device = wanted.device
    if device == "auto":
        device = "cuda" if has_cuda else "cpu"
    steps = wanted.autoencoder_steps
    return StickerSettings(
        autoencoder=AutoencoderSettings(
            steps=steps, adversarial_steps=round(steps * ADVERSARIAL)
        ),
        denoiser=DenoiserSettings(steps=wanted.steps),
        num_pictures=wanted.num_pictures,
        sheet_every=wanted.sheet_every,
        seed=wanted.seed,
        device=device,
    )
