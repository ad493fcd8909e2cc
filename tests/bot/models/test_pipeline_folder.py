import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import MissingError
from bot.models.pipeline_folder import read_pipeline

INDEX: dict[str, Any] = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.42.1",
    "unet": ["diffusers", "UNet2DConditionModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "safety_checker": [None, None],
    "requires_safety_checker": False,
}


def weights(num: int = 8, *, cut: int = 0) -> bytes:
    """Return a safetensors file with so many halves."""
    tensor = {"dtype": "F16", "shape": [num], "data_offsets": [0, 2 * num]}
    header = json.dumps({"a": tensor, "__metadata__": {"format": "pt"}}).encode()
    whole = len(header).to_bytes(8, "little") + header + bytes(2 * num)
    return whole[: len(whole) - cut]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model_index.json").write_text(json.dumps(INDEX))
    (tmp_path / "tokenizer").mkdir()
    unet = tmp_path / "unet"
    unet.mkdir()
    (unet / "config.json").write_text("{}")
    (unet / "model.safetensors").write_bytes(weights())
    return tmp_path


def shard(folder: Path) -> Path:
    """Put the weights into two shards with their index, and return the second."""
    unet = folder / "unet"
    (unet / "model.safetensors").unlink()
    names = [f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    for name in names:
        (unet / name).write_bytes(weights(5))
    index = {"weight_map": {f"w{n}": name for n, name in enumerate(names)}}
    (unet / "model.safetensors.index.json").write_text(json.dumps(index))
    return unet / names[1]


def refusal(folder: Path) -> str:
    with pytest.raises(MissingError) as error:
        read_pipeline(folder)
    return str(error.value)


@pytest.mark.parametrize(
    "name", ["model_index.json", "unet/config.json", "unet/model.safetensors"]
)
def test_file_that_is_missing_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name.replace("model.safe", "*.safe") in refusal(folder)


def test_part_that_is_missing_is_named(folder: Path) -> None:
    (folder / "tokenizer").rmdir()
    assert "tokenizer/" in refusal(folder)


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_file_that_is_cut_off_is_named(folder: Path, cut: int) -> None:
    (folder / "unet" / "model.safetensors").write_bytes(weights(cut=cut))
    assert "unet/model.safetensors is missing or cut off" in refusal(folder)


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"_class_name": ["a", "B"]}', '{"_class_name": 1}']
)
def test_index_that_is_wrong_is_named(folder: Path, content: str) -> None:
    (folder / "model_index.json").write_text(content)
    assert "model_index.json" in refusal(folder)


def test_shard_that_is_missing_is_named(folder: Path) -> None:
    second = shard(folder)
    assert read_pipeline(folder).parameters == 10
    second.unlink()
    assert second.name in refusal(folder)


def test_shards_without_their_index_are_not_whole(folder: Path) -> None:
    shard(folder)
    (folder / "unet" / "model.safetensors.index.json").unlink()
    assert "index.json" in refusal(folder)


@pytest.mark.parametrize("name", ["model.bin", "model.pt", "model.ckpt"])
def test_pickled_weights_are_refused_by_name(folder: Path, name: str) -> None:
    (folder / "unet" / name).write_bytes(b"anything")
    assert read_pipeline(folder).parameters == 8  # the safe ones beside it are read

    (folder / "unet" / "model.safetensors").unlink()
    assert f"unet/{name}" in refusal(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "model.ckpt"])
def test_model_in_one_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(weights())
    said = refusal(tmp_path)
    assert name in said
    assert "one file" in said


def test_other_forms_of_the_same_weights_are_not_counted(folder: Path) -> None:
    (folder / "unet" / "model.fp16.safetensors").write_bytes(weights())
    found = read_pipeline(folder)
    assert (found.class_name, found.part_sizes) == (
        "StableDiffusionPipeline",
        {"unet": 8},
    )
    assert found.largest_part == 8
