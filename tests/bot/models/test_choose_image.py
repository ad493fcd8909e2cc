import json
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from bot.config_models import ImageModelConfig
from bot.errors import ConfigError, MissingError
from bot.generation.backends import BACKENDS
from bot.generation.diffusers_defaults import habits_of
from bot.generation.requests import Kind, ModelSpec
from bot.models.choose_image import (
    RUNTIME_BYTES,
    resolve_image,
    settled,
    wanted_image,
)
from bot.models.entry import BundledSource, HubSource, SoundEntry
from bot.models.fetch import fetch_model
from bot.models.machine import Gpu, Machine
from bot.models.pictures import PICTURE_MODELS, PICTURE_STARTER
from bot.models.presence import Presence, check_model

GIB, MILLION = 1024**3, 1_000_000
HERE = Machine("Linux x86_64", (3, 11, 0), 2, 8 * GIB, 6 * GIB)


@pytest.mark.parametrize("model", ["no such model", "/nowhere/at/all", "starter-text"])
def test_model_that_there_is_not_is_named_with_its_table(
    model: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"\[models\.image\]") as error:
        resolve_image(ImageModelConfig(model=model), tmp_path, machine=HERE)

    assert model in str(error.value)


def test_nothing_draws_where_nothing_is_configured(tmp_path: Path) -> None:
    nothing = ImageModelConfig(model="")
    assert resolve_image(nothing, tmp_path, machine=HERE) is None
    assert wanted_image(nothing) is None


def bundled(folder: Path) -> SoundEntry:
    return replace(PICTURE_STARTER, source=BundledSource(folder))


def test_starter_that_did_not_come_with_the_bot_is_said_to_lack(
    tmp_path: Path,
) -> None:
    starter = bundled(tmp_path / "not there")
    for model in ("starter", "starter-image"):
        config = ImageModelConfig(model=model)
        with pytest.raises(MissingError, match="comes with Hearthbot"):
            resolve_image(config, tmp_path, machine=HERE, starter=starter)
    with pytest.raises(MissingError, match="comes with Hearthbot"):
        fetch_model(starter, tmp_path / "new", progress=lambda done, total: None)
    assert not (tmp_path / "new").exists()


def test_auto_draws_with_the_starter_only_where_it_came_whole(painter: Path) -> None:
    auto, starter = ImageModelConfig(model="auto"), bundled(painter)
    assert settled(auto, starter=starter).model == "starter"
    spec = resolve_image(auto, painter, machine=HERE, starter=starter)
    assert spec is not None
    assert spec.location == str(painter)
    assert dict(spec.options)["upscale"] == 512

    (painter / "vae" / "model.safetensors").unlink()
    assert settled(auto, starter=starter).model == ""
    assert resolve_image(auto, painter, machine=HERE, starter=starter) is None
    assert check_model(starter, painter, verify=True) is Presence.DAMAGED


def test_starter_is_asked_as_it_was_trained() -> None:
    assert isinstance(PICTURE_STARTER.source, BundledSource)
    name = PICTURE_STARTER.source.folder.name
    habits = habits_of("StableDiffusionPipeline", lambda: None, name)
    assert (habits.num_steps, habits.guidance) == (16, 3.0)


def test_fake_needs_nothing(tmp_path: Path) -> None:
    fake = ImageModelConfig(model="starter", backend="fake")

    spec = resolve_image(fake, tmp_path, machine=HERE)

    assert spec == ModelSpec("image", "fake-image", "starter", max_parallel=1)
    assert BACKENDS[spec.backend]().kind is Kind.IMAGE
    assert wanted_image(fake) is None


def resolved(
    model: object, machine: Machine, device: Literal["auto", "cpu", "cuda"] = "auto"
) -> ModelSpec:
    config = ImageModelConfig(model=str(model), device=device)
    spec = resolve_image(config, Path("models"), machine=machine)
    assert spec is not None
    return spec


@pytest.fixture
def painter(tmp_path: Path) -> Path:
    """A folder whose parts have a million and half a million parameters."""
    index: dict[str, object] = {"_class_name": "StableDiffusionPipeline"}
    for part, num in (("unet", MILLION), ("vae", MILLION // 2)):
        index[part] = ["diffusers", "Anything"]
        place = tmp_path / part
        place.mkdir()
        (place / "config.json").write_text("{}")
        tensor = {"dtype": "F16", "shape": [num // 2, 2], "data_offsets": [0, num * 2]}
        header = json.dumps({"a": tensor}).encode()
        with (place / "model.safetensors").open("wb") as file:
            file.write(len(header).to_bytes(8, "little") + header)
            file.truncate(8 + len(header) + num * 2)
    (tmp_path / "model_index.json").write_text(json.dumps(index))
    return tmp_path


def test_small_model_on_a_cpu_draws_several_at_once(painter: Path) -> None:
    spec = resolved(painter, HERE)

    assert (spec.backend, spec.location) == ("diffusers", str(painter))
    assert spec.memory_bytes == RUNTIME_BYTES + round(1.5 * MILLION * 4 * 1.2)
    assert spec.max_parallel > 1
    assert dict(spec.options) == {"device": "auto"}


def test_model_too_large_for_a_machine_takes_fewer_bits(painter: Path) -> None:
    spec = resolved(painter, replace(HERE, memory_bytes=RUNTIME_BYTES + 4 * MILLION))

    assert spec.memory_bytes == RUNTIME_BYTES + round(1.5 * MILLION * 2 * 1.2)
    assert dict(spec.options)["dtype"] == "bfloat16"


@pytest.mark.parametrize(
    ("gpu_bytes", "parameters"), [(10**9, 1.5), (RUNTIME_BYTES + 3 * MILLION, 1.0)]
)
def test_model_too_large_for_a_gpu_comes_there_in_parts(
    painter: Path, gpu_bytes: int, parameters: float
) -> None:
    machine = replace(
        HERE,
        gpus=(Gpu("card", gpu_bytes),),
        has_transformers=True,
        has_cuda_torch=True,
    )

    on_gpu = resolved(painter, machine)
    assert on_gpu.memory_bytes == RUNTIME_BYTES + round(parameters * MILLION * 2.4)
    assert dict(on_gpu.options).get("offload", False) == (parameters < 1.5)
    on_cpu = resolved(painter, machine, "cpu")
    assert on_cpu.memory_bytes == RUNTIME_BYTES + round(1.5 * MILLION * 4 * 1.2)


def test_hub_id_is_left_to_the_hub() -> None:
    spec = resolved("some-body/a-model", HERE)
    assert (spec.location, spec.memory_bytes) == ("some-body/a-model", 0)


def test_broken_folder_is_told_before_it_is_loaded(painter: Path) -> None:
    (painter / "vae" / "model.safetensors").unlink()
    with pytest.raises(MissingError, match="vae/"):
        resolved(painter, HERE)


def test_model_of_the_list_is_known_before_it_is_fetched() -> None:
    entry = PICTURE_MODELS["sd-turbo"]
    assert isinstance(entry.source, HubSource)
    assert wanted_image(ImageModelConfig(model="sd-turbo")) is entry

    spec = resolved("sd-turbo", HERE)

    assert (spec.location, spec.memory_bytes) == (entry.source.id, entry.memory_bytes)
