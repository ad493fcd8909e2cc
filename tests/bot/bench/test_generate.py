"""`model.generate`, measured in a process of its own."""

import sys
from pathlib import Path

import pytest

from bot.bench.generate import generate_speeds
from bot.errors import BackendError, MissingError
from bot.generation.requests import ModelSpec, PromptTurn, TextPayload, TurnRole

QUESTION = TextPayload((PromptTurn(TurnRole.USER, "What is a hearth?"),))


async def measured(spec: ModelSpec) -> tuple[float, ...]:
    return await generate_speeds(spec, QUESTION, max_tokens=4, num_rounds=2)


@pytest.mark.parametrize("backend", ["fake", "openai"])
async def test_model_that_transformers_cannot_load_is_told(backend: str) -> None:
    with pytest.raises(MissingError, match=f"runs through {backend}"):
        await measured(ModelSpec("m", backend, "http://127.0.0.1:1/v1"))


async def test_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="cannot be loaded from"):
        await measured(ModelSpec("m", "llama.cpp", str(tmp_path / "none.gguf")))


async def test_process_that_breaks_says_with_what(tiny_model: Path) -> None:
    spec = ModelSpec("t", "transformers", str(tiny_model), options=(("dtype", "int3"),))
    with pytest.raises(BackendError, match="could not be measured: KeyError: 'int3'"):
        await measured(spec)


async def test_generate_is_measured_outside_of_this_process(tiny_model: Path) -> None:
    spec = ModelSpec("t", "transformers", str(tiny_model))
    loaded = set(sys.modules)
    speeds = await measured(spec)
    assert len(speeds) == 2
    assert all(speed > 0 for speed in speeds)
    assert set(sys.modules) == loaded
