"""Writes the model card from the figures that were measured, and nothing by hand."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from bot.training.sticker.settings import StickerSettings

__all__ = ["CARD", "FIGURES", "Run", "write_card"]

CARD, FIGURES = "README.md", "figures.json"
TEMPLATE = Path(__file__).with_name("card.md")
PARTS = ("unet", "vae", "text_encoder", "tokenizer")


@dataclass(frozen=True, slots=True)
class Run:
    """What a training took.

    Attributes:
        hours: of the last run alone, where it was stopped and gone on with.
    """

    autoencoder_steps: int
    denoiser_steps: int
    hours: float
    device: str


def write_card(
    folder: Path, figures: Mapping[str, Any], settings: StickerSettings, run: Run
) -> dict[str, Any]:
    """Write the card and the figures into the folder; return the figures."""
    batch, num = settings.denoiser.batch, int(figures["concepts"])
    whole = {
        **figures,
        "training": {
            "autoencoder steps": run.autoencoder_steps,
            "denoiser steps": run.denoiser_steps,
            "passes over the pictures": round(run.denoiser_steps * batch / num, 1),
            "hours of the last run": round(run.hours, 2),
            "hardware": _hardware(run.device),
        },
        "megabytes": {part: round(_bytes(folder / part) / 1e6, 1) for part in PARTS},
    }
    text = json.dumps(whole, indent=2) + "\n"
    (folder / FIGURES).write_text(text, encoding="utf-8")
    card = TEMPLATE.read_text(encoding="utf-8").format(
        concepts=num,
        seed=settings.seed,
        measured=_measured(whole),
        psnr=whole["autoencoder"]["psnr"],
        **{name.replace(" ", "_"): value for name, value in whole["training"].items()},
        megabytes=round(sum(whole["megabytes"].values()), 1),
    )
    (folder / CARD).write_text(card, encoding="utf-8")
    return whole


def _measured(figures: Mapping[str, Any]) -> str:
    rows = [
        "| prompts | guidance | right first | right in the first five |",
        "|---|---|---|---|",
    ]
    for kind in ("wording", "keywords"):
        for guidance, hits in figures[kind].items():
            first, five = hits["first"], hits["first five"]
            rows.append(f"| {kind} | {guidance} | {first:.1%} | {five:.1%} |")
    rows.append(f"| by chance | | | {figures['by chance']:.1%} |")
    return "\n".join(rows)


def _hardware(device: str) -> str:
    if device == "cuda":
        return torch.cuda.get_device_name()
    threads = torch.get_num_threads()
    return f"CPU ({platform.machine()}), {threads} threads"


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
