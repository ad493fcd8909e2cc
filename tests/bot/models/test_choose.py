import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import ChatModelConfig, EngineConfig
from bot.errors import ConfigError, MissingError
from bot.generation.requests import ModelSpec
from bot.models.catalogue import CATALOGUE, STARTER
from bot.models.choose import resolve
from bot.models.machine import Gpu, Machine
from bot.models.memory import GIB
from bot.models.presence import model_path, part_path
from bot.models.recommend import recommend

BARE = Machine("Linux", (3, 11, 9), 4, 16 * GIB, 12 * GIB)
CPU = replace(BARE, has_transformers=True)
CUDA = replace(CPU, gpus=(Gpu("NVIDIA H100", 80 * GIB),), has_cuda_torch=True)


def choose(
    name: str, folder: Path, machine: Machine = CPU, **settings: object
) -> ModelSpec:
    return resolve(
        ChatModelConfig.model_validate({"model": name, **settings}),
        name,
        machine=machine,
        cache_folder=folder,
        engine_config=EngineConfig(max_parallel=8),
    )


def put_starter(folder: Path, size: int = 98_362_432) -> None:
    path = model_path(STARTER, folder)
    path.touch()
    os.truncate(path, size)  # a sparse file of the right size


def test_resolve_starter_that_is_not_here_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"not here yet.* models fetch starter"):
        choose("starter", tmp_path)


def test_resolve_starter_half_fetched_says_go_on(tmp_path: Path) -> None:
    part_path(STARTER, tmp_path).touch()
    with pytest.raises(MissingError, match=r"half here.* models fetch starter"):
        choose("starter", tmp_path)


def test_resolve_starter_damaged_says_anew(tmp_path: Path) -> None:
    put_starter(tmp_path, size=5)
    with pytest.raises(MissingError, match=r"damaged.* models fetch starter"):
        choose("starter", tmp_path)


@pytest.mark.parametrize("name", ["/nowhere/model.gguf", "./folder", "~/no-folder"])
def test_resolve_lost_path_says_where_it_looked(tmp_path: Path, name: str) -> None:
    with pytest.raises(MissingError, match="There is no model at"):
        choose(name, tmp_path)


def test_resolve_misspelt_name_gives_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"“startr”. Did you mean “starter”"):
        choose("startr", tmp_path)


def test_resolve_folder_for_llama_cpp_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"runs \.gguf files only"):
        choose("qwen3-4b", tmp_path, backend="llama.cpp")


@pytest.mark.parametrize("name", ["qwen3-4b", "some/model"])
def test_resolve_without_transformers_says_how_to_install(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(MissingError, match=r"hearthbot\[transformers\]"):
        choose(name, tmp_path, BARE)


def test_resolve_server_without_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs base_url"):
        choose("llama", tmp_path, backend="openai")


@pytest.mark.parametrize(
    ("machine", "backend", "expected"),
    [
        (BARE, "auto", "llama.cpp"),
        (CPU, "auto", "llama.cpp"),
        (CUDA, "auto", "transformers"),
        (replace(CUDA, has_cuda_torch=False), "auto", "llama.cpp"),
        (CPU, "transformers", "transformers"),
        (CUDA, "llama.cpp", "llama.cpp"),
    ],
)
def test_resolve_starter_decides_what_runs_it(
    tmp_path: Path, machine: Machine, backend: str, expected: str
) -> None:
    put_starter(tmp_path)
    spec = choose("starter", tmp_path, machine, backend=backend)
    assert spec == ModelSpec(
        name="starter",
        backend=expected,
        location=str(model_path(STARTER, tmp_path)),
        context_tokens=2048,
        max_parallel=8,
        memory_bytes=324_000_000 - 4096 * 23_040,
    )


def test_resolve_keeps_to_the_models_own_context(tmp_path: Path) -> None:
    put_starter(tmp_path)
    assert choose("starter", tmp_path, context_tokens=99_999).context_tokens == 8192


def test_resolve_hub_name_and_hub_id(tmp_path: Path) -> None:
    named = choose("qwen3-4b", tmp_path)
    assert (named.backend, named.location) == (
        "transformers",
        "Qwen/Qwen3-4B-Instruct-2507",
    )
    assert named.memory_bytes > 8 * GIB
    by_id = choose("some/model", tmp_path)
    assert (by_id.location, by_id.memory_bytes) == ("some/model", 0)


def test_resolve_own_gguf_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"GGUF" * 1000)
    spec = choose(str(path), tmp_path, BARE)
    assert (spec.backend, spec.location) == ("llama.cpp", str(path))
    assert spec.memory_bytes > 4000


@pytest.mark.parametrize("is_known", [True, False])
def test_resolve_own_folder(tmp_path: Path, is_known: bool) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(bytes(1000))
    shape = {"num_hidden_layers": 2, "num_attention_heads": 4, "hidden_size": 64}
    (folder / "config.json").write_text(json.dumps(shape if is_known else [1]))
    spec = choose(str(folder), tmp_path)
    assert (spec.backend, spec.location) == ("transformers", str(folder))
    cache = 4096 * 2 * 2 * 64 * 2 if is_known else 250
    assert spec.memory_bytes == 1000 + cache + 60 + 200 * 1024**2


def test_resolve_server_and_fake(tmp_path: Path) -> None:
    url = "http://127.0.0.1:8000/v1"
    served = choose("llama", tmp_path, BARE, base_url=url, api_key_env="KEY")
    assert (served.backend, served.location) == ("openai", url)
    assert dict(served.options) == {"model": "llama", "api_key_env": "KEY"}
    assert choose("any", tmp_path, BARE, backend="fake").backend == "fake"


def test_recommend_on_a_tiny_machine_is_the_starter() -> None:
    tiny = replace(BARE, memory_bytes=GIB, available_bytes=GIB // 4)
    (only,) = recommend(tiny)
    assert only.entry is STARTER
    assert "works" in str(only.reason)


def test_recommend_on_a_cpu_puts_quick_before_slow() -> None:
    names = [found.entry.name for found in recommend(BARE)]
    assert names == [
        "qwen3-4b-gguf",
        "qwen2.5-1.5b-gguf",
        "qwen2.5-0.5b-gguf",
        "qwen3-8b-gguf",
        "starter",
    ]
    assert {found.device for found in recommend(BARE)} == {"cpu"}


def test_recommend_on_a_gpu_puts_the_largest_that_fits_first() -> None:
    found = recommend(CUDA)
    assert found[0].entry is CATALOGUE["qwen3-30b-a3b"]
    assert found[0].device == "gpu"
    assert found[0].cure is None
    assert found[-1].entry is STARTER
    assert all(candidate.entry.name != "llama3.3-70b" for candidate in found)
    assert "of 80.0 GB on the GPU" in str(found[0].reason)


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        (replace(CUDA, has_cuda_torch=False), "cannot use the GPU"),
        (replace(CUDA, has_transformers=False), "hearthbot[transformers]"),
    ],
)
def test_recommend_on_a_gpu_says_what_to_install(machine: Machine, said: str) -> None:
    assert said in str(recommend(machine)[0].cure)
