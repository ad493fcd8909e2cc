"""Pictures have straight alpha, names, and come only from where they should."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

from bot.training.sticker.pictures import Concept, load_pictures, read_concepts
from bot.training.sticker.sources import Files


def test_concepts_are_named_and_tagged(files: Files) -> None:
    concepts = read_concepts(files.names)
    assert concepts[0] == Concept(
        "1f400", "red disc", ("red", "disc", "thing", "mark", "sign"), "objects"
    )
    assert concepts[-1].tags == ()


def test_only_concepts_with_a_picture_are_kept(files: Files) -> None:
    concepts, pictures = load_pictures(files.pictures, read_concepts(files.names))
    assert len(concepts) == 64
    assert pictures.shape == (64, 64, 64, 4)
    assert pictures.dtype == np.uint8


def test_nothing_is_written_wherever_an_archive_points(
    files: Files, tmp_path: Path
) -> None:
    load_pictures(files.pictures, read_concepts(files.names))
    assert not list(tmp_path.parent.rglob("away.webp"))


def test_colours_reach_into_what_is_transparent(files: Files) -> None:
    _, pictures = load_pictures(files.pictures, read_concepts(files.names))
    red = pictures[0]
    assert red[0, 0, 3] == 0
    assert tuple(red[32, 32]) == (255, 0, 0, 255)
    apart = np.abs(red[..., :3].astype(int) - (255, 0, 0))
    assert apart.max() <= 40  # no black anywhere, seen or not


def test_a_picture_that_is_hardly_there_is_taken(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("RGBA", (16, 16), (0, 0, 0, 0)).save(file, "webp", lossless=True)
    path = tmp_path / "one.tgz"
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("package/assets/1f47b.webp")
        member.size = len(file.getvalue())
        archive.addfile(member, io.BytesIO(file.getvalue()))
    _, pictures = load_pictures(path, [Concept("1f47b", "ghost", (), "")])
    assert not pictures[..., 3].any()
