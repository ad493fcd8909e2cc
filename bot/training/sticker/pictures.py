"""Concepts and their pictures, out of the two archives.

A picture has straight alpha; what is transparent has the colour of what is nearest, so
that colours are smooth everywhere and an autoencoder need not learn a black edge.
"""

import io
import json
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

__all__ = ["SIZE_PX", "Concept", "load_pictures", "read_concepts"]

SIZE_PX = 64
NAMES = "package/en/data.json"
GROUPS = "package/en/messages.json"
PICTURES, SUFFIX = "package/assets/", ".webp"
LONGEST_PICTURE_BYTES = 1 << 20
VARIATION = "fe0f"
# Radii of the blurs that carry colours outwards, widest last.
BLEED_PX = (1, 2, 4, 8, 16, 64)


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that can be drawn.

    Attributes:
        code: its code points in hex, joined by hyphens, without variation selectors.
        tags: CLDR's keywords.
        group: such as "animals & nature"; "" where there is none.
    """

    code: str
    name: str
    tags: tuple[str, ...]
    group: str


def read_concepts(names: Path) -> list[Concept]:
    """Return what emojibase names, in its order; variants by skin tone are left out."""
    with tarfile.open(names) as archive:
        rows = json.loads(_member(archive, NAMES))
        groups = {
            int(group["order"]): str(group["message"])
            for group in json.loads(_member(archive, GROUPS))["groups"]
        }
    return [_concept(row, groups) for row in rows]


def load_pictures(
    archive: Path, concepts: Sequence[Concept]
) -> tuple[list[Concept], NDArray[np.uint8]]:
    """Return the concepts that have a picture, and the pictures.

    The array is (N, 64, 64, 4), RGBA with straight alpha.
    """
    wanted = {concept.code: concept for concept in concepts}
    found: dict[str, NDArray[np.uint8]] = {}
    with tarfile.open(archive) as packed:
        for member in packed:
            code = _code(member.name)
            if code in wanted and member.isreg():
                found[code] = _picture(_read(packed, member))
    kept = [concept for concept in concepts if concept.code in found]
    return kept, np.stack([found[concept.code] for concept in kept])


def _concept(row: dict[str, Any], groups: dict[int, str]) -> Concept:
    return Concept(
        _plain(str(row["hexcode"])),
        str(row["label"]),
        tuple(str(tag) for tag in row.get("tags", ())),
        groups.get(row.get("group", -1), ""),
    )


def _code(member: str) -> str:
    """Return the code of a picture's name, "" for anything else."""
    if not (member.startswith(PICTURES) and member.endswith(SUFFIX)):
        return ""
    return _plain(member[len(PICTURES) : -len(SUFFIX)])


def _plain(code: str) -> str:
    points = [point for point in code.lower().split("-") if point != VARIATION]
    return "-".join(points)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    return _read(archive, archive.getmember(name))


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    # Read in memory: nothing of an archive is ever written under a name it chose.
    file = archive.extractfile(member)
    return file.read() if file is not None else b""


def _picture(packed: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(packed)) as picture:
        # Pillow's "RGBa" is premultiplied: what is transparent must not bleed in.
        small = (
            picture.convert("RGBA")
            .convert("RGBa")
            .resize((SIZE_PX, SIZE_PX), Image.Resampling.LANCZOS)
        )
    return _bled(small)


def _bled(premultiplied: Image.Image) -> NDArray[np.uint8]:
    """Return straight alpha, with colours carried out into what is transparent."""
    flat = np.asarray(premultiplied, np.float32)  # (64, 64, 4) in [0, 255]
    alpha = flat[..., 3:]
    colour = np.where(alpha > 0, flat[..., :3] * 255 / np.maximum(alpha, 1), 0)
    known = np.clip(alpha / 32, 0, 1)  # how far the colour here can be trusted
    filled = colour * known
    for radius in BLEED_PX:
        blurred = np.asarray(
            premultiplied.filter(ImageFilter.GaussianBlur(radius)), np.float32
        )
        around = blurred[..., :3] * 255 / np.maximum(blurred[..., 3:], 1e-3)
        weight = (1 - known) * (blurred[..., 3:] > 2)
        filled = filled + around * weight
        known = known + weight
    return np.concatenate([filled.clip(0, 255), alpha], -1).round().astype(np.uint8)
