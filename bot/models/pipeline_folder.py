"""The folder of a diffusers pipeline: whether it is whole and safe, and how large.

    model_index.json      what the parts are
    unet/ vae/ …          a part each: a configuration, safetensors weights

Reads the disk only, and no more of the weights than their headers.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import MissingError
from bot.words import T, Text

__all__ = ["INDEX", "VARIANT", "PipelineFolder", "read_pipeline"]

INDEX = "model_index.json"
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
WEIGHTLESS = re.compile("Tokenizer|Scheduler|Processor|FeatureExtractor")
VARIANT = re.compile(r"\.(fp16|bf16|fp32|ema|non_ema|int8|fp8)\b")
"""In the names of weights that are there a second time, in another form."""
MAX_HEADER_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class PipelineFolder:
    """What is in a folder that can be loaded.

    Attributes:
        class_name: of the pipeline.
        part_sizes: how many parameters each part with weights has, by its name.
    """

    class_name: str
    part_sizes: Mapping[str, int]

    @property
    def parameters(self) -> int:
        """Of all parts."""
        return sum(self.part_sizes.values())

    @property
    def largest_part(self) -> int:
        """How many parameters the largest part has."""
        return max(self.part_sizes.values(), default=0)


def read_pipeline(folder: Path) -> PipelineFolder:
    """Return what a folder holds, after a look at all that will be loaded.

    Raises:
        MissingError: something is missing or not safe; says what, and what to do.
    """
    index = _index(folder)
    class_name = index.get("_class_name")
    if not isinstance(class_name, str):
        raise _refused(folder, INDEX, T("it wants code that comes with the model"))
    sizes = {}
    for name, part in sorted(index.items()):
        if name.startswith("_") or not isinstance(part, list) or part[:1] == [None]:
            continue
        if not (len(part) == 2 and all(isinstance(word, str) for word in part)):
            raise _refused(folder, INDEX, T("its entry “{name}” is wrong", name=name))
        place = folder / name
        if not place.is_dir():
            raise _incomplete(folder, f"{name}/")
        if code := sorted(place.glob("*.py")):
            raise _refused(
                folder, f"{name}/{code[0].name}", T("code of a model is not run")
            )
        if not WEIGHTLESS.search(part[1]):
            sizes[name] = sum(_parameters(folder, file) for file in _weights(place))
    return PipelineFolder(class_name, sizes)


def _index(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / INDEX).read_text("utf-8"))
    except FileNotFoundError:
        if singles := sorted(folder.glob("*.safetensors")) or _pickles(folder):
            raise _refused(
                folder,
                singles[0].name,
                T("a model in one file is not read"),
            ) from None
        raise _incomplete(folder, INDEX) from None
    except (OSError, ValueError) as error:
        raise _incomplete(folder, INDEX) from error
    if not isinstance(found, dict):
        raise _incomplete(folder, INDEX)
    return found


def _weights(place: Path) -> list[Path]:
    """Return the files with the weights of a part, each of them there."""
    folder = place.parent
    if not (place / "config.json").is_file():
        raise _incomplete(folder, f"{place.name}/config.json")
    plain = [file for file in place.glob("*.safetensors") if not _is_variant(file)]
    for index in place.glob("*.safetensors.index.json"):
        if _is_variant(index):
            continue
        for name in _shards(folder, index):
            if not (place / name).is_file():
                raise _incomplete(folder, f"{place.name}/{name}")
    if plain:
        shards = [file for file in plain if "-of-" in file.name]
        whole = [file for file in plain if "-of-" not in file.name]
        if shards and not whole and not list(place.glob("*.index.json")):
            raise _incomplete(folder, f"{place.name}/*.safetensors.index.json")
        return whole or shards
    if pickles := _pickles(place):
        raise _refused(
            folder,
            f"{place.name}/{pickles[0].name}",
            T("pickled weights can run code when they are read"),
        )
    raise _incomplete(folder, f"{place.name}/*.safetensors")


def _is_variant(file: Path) -> bool:
    return VARIANT.search(file.name) is not None


def _pickles(place: Path) -> list[Path]:
    return sorted(file for file in place.iterdir() if file.suffix in PICKLED)


def _shards(folder: Path, index: Path) -> Iterator[str]:
    try:
        names = set(json.loads(index.read_text("utf-8"))["weight_map"].values())
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise _incomplete(folder, f"{index.parent.name}/{index.name}") from error
    yield from sorted(map(str, names))


def _parameters(folder: Path, file: Path) -> int:
    """Return how many numbers are in a file, whose length its header must match."""
    size = file.stat().st_size
    name = f"{file.parent.name}/{file.name}"
    try:
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            if not 0 < length <= min(MAX_HEADER_BYTES, size):
                raise _incomplete(folder, name)
            header = json.loads(opened.read(length))
        tensors = [part for key, part in header.items() if key != "__metadata__"]
        ends = max((int(part["data_offsets"][1]) for part in tensors), default=0)
        shapes = [[int(side) for side in part["shape"]] for part in tensors]
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise _incomplete(folder, name) from error
    if 8 + length + ends != size:
        raise _incomplete(folder, name)
    return sum(math.prod(shape) for shape in shapes)


def _incomplete(folder: Path, name: str) -> MissingError:
    return MissingError(
        T(
            "The picture model in {folder} is not whole: {name} is missing or cut off. "
            "Fetch the model again.",
            folder=folder,
            name=name,
        )
    )


def _refused(folder: Path, name: str, reason: Text) -> MissingError:
    return MissingError(
        T(
            "The picture model in {folder} is not loaded because of {name}: {reason}. "
            "Take one in safetensors files, in the folders of diffusers; pickled ones "
            "can be converted with its `save_pretrained`.",
            folder=folder,
            name=name,
            reason=reason,
        )
    )
