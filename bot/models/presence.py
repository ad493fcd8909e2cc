"""Whether a model is here, and whole."""

import json
from enum import StrEnum
from pathlib import Path

from bot.errors import MissingError
from bot.models.download import file_sha256
from bot.models.entry import BundledSource, HubSource, ModelEntry, PackageSource
from bot.models.pipeline_folder import read_pipeline

__all__ = [
    "MANIFEST",
    "Presence",
    "check_model",
    "has_members",
    "model_path",
    "part_path",
]

MANIFEST = "hearthbot.json"
"""In a folder from the hub: the size of each file, written when all were there."""


class Presence(StrEnum):
    """What there is of a model."""

    MISSING = "missing"
    """Nothing."""
    PARTIAL = "partial"
    """A download was interrupted; it goes on where it stopped."""
    DAMAGED = "damaged"
    """It is there but not what it should be; fetching replaces it."""
    WHOLE = "whole"
    """It can be loaded."""


def model_path(entry: ModelEntry, folder: Path) -> Path:
    """Return the file or folder that the model is, or will be."""
    if isinstance(entry.source, BundledSource):
        return entry.source.folder
    if isinstance(entry.source, HubSource):
        return folder / entry.name / entry.source.file
    if entry.source.more:
        return folder / entry.name
    return folder / entry.source.file_name


def part_path(entry: ModelEntry, folder: Path) -> Path:
    """Return the file that holds the beginning of a download."""
    return folder / f"{entry.name}.part"


def check_model(entry: ModelEntry, folder: Path, *, verify: bool) -> Presence:
    """Return what there is of the model in the folder.

    Sizes are always compared; with `verify`, a package's file is read whole for its
    SHA-256 (about a second for a gigabyte). For models of the hub sizes must do, and
    what comes with the bot is looked at as any pipeline's folder is.
    """
    if isinstance(entry.source, BundledSource):
        return _check_bundled(entry.source.folder)
    if isinstance(entry.source, HubSource):
        return _check_folder(folder / entry.name)
    path = model_path(entry, folder)
    if not path.exists():
        is_begun = part_path(entry, folder).exists()
        return Presence.PARTIAL if is_begun else Presence.MISSING
    is_whole = has_members(entry.source, path, verify=verify)
    return Presence.WHOLE if is_whole else Presence.DAMAGED


def has_members(source: PackageSource, path: Path, *, verify: bool) -> bool:
    """Return whether a file, or every file of a folder, is what it should be."""
    return all(
        file.is_file()
        and file.stat().st_size == member.size_bytes
        and (not verify or file_sha256(file) == member.sha256)
        for member in source.members
        for file in (path / member.file_name if source.more else path,)
    )


def _check_bundled(folder: Path) -> Presence:
    if not folder.is_dir():
        return Presence.MISSING
    try:
        read_pipeline(folder)
    except MissingError:
        return Presence.DAMAGED
    return Presence.WHOLE


def _check_folder(folder: Path) -> Presence:
    if not folder.is_dir():
        return Presence.MISSING
    try:
        sizes = json.loads((folder / MANIFEST).read_text("utf-8"))
        is_whole = bool(sizes) and all(
            (folder / name).stat().st_size == size for name, size in sizes.items()
        )
    except FileNotFoundError as error:
        is_begun = Path(error.filename).name == MANIFEST
        return Presence.PARTIAL if is_begun else Presence.DAMAGED
    except (ValueError, AttributeError):
        return Presence.DAMAGED
    return Presence.WHOLE if is_whole else Presence.DAMAGED
