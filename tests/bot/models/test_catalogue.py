import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.catalogue import CATALOGUE, STARTER
from bot.models.entry import HubSource, PackageSource
from bot.models.memory import (
    GIB,
    CacheShape,
    cached_tokens,
    model_bytes,
    weights_bytes,
)


@pytest.mark.parametrize("name", CATALOGUE)
def test_catalogue_entry_is_complete(name: str) -> None:
    entry = CATALOGUE[name]
    assert entry.name == name
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name)
    assert entry.licence
    assert str(entry.summary).endswith(".")
    assert entry.backend == ("llama.cpp" if entry.is_gguf else "transformers")
    if isinstance(entry.source, HubSource):
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", entry.source.id)


def test_catalogue_reaches_from_half_to_seventy_billion() -> None:
    sizes = [entry.parameters for entry in CATALOGUE.values() if entry is not STARTER]
    assert min(sizes) < 0.6e9
    assert max(sizes) > 70e9
    assert len(sizes) >= 12


def test_catalogue_starter_comes_from_a_package() -> None:
    assert isinstance(STARTER.source, PackageSource)
    assert STARTER.source.file_name == "SmolLM2-135M-Instruct.Q4_1.gguf"


def test_memory_of_starter_is_what_was_measured() -> None:
    need = STARTER.memory_bytes(context_tokens=2048, max_parallel=16)
    assert need == 324_000_000
    more = STARTER.memory_bytes(context_tokens=4096, max_parallel=16)
    assert more == 324_000_000 + 8192 * 23_040


@pytest.mark.parametrize(
    ("name", "bf16_gib", "four_bit_gib"),
    [("qwen2.5-0.5b", 1.3, 0.6), ("llama3.1-8b", 17.1, 6.0), ("llama3.3-70b", 142, 45)],
)
def test_memory_of_known_models_is_plausible(
    name: str, bf16_gib: float, four_bit_gib: float
) -> None:
    entry = CATALOGUE[name]
    need = entry.memory_bytes(context_tokens=2048, max_parallel=16)
    small = entry.four_bit_bytes(context_tokens=2048, max_parallel=16)
    assert need / GIB == pytest.approx(bf16_gib, rel=0.05)
    assert small / GIB == pytest.approx(four_bit_gib, rel=0.1)


@given(
    parameters=st.integers(1, 10**12),
    tokens=st.integers(0, 10**6),
    bits=st.sampled_from([4.85, 8.0, 16.0]),
)
def test_model_bytes_is_more_than_its_parts(
    parameters: int, tokens: int, bits: float
) -> None:
    shape = CacheShape(30, 3, 64)
    need = model_bytes(parameters, bits=bits, shape=shape, tokens=tokens)
    assert need > weights_bytes(parameters, bits) + tokens * 23_040


@given(context=st.integers(256, 10**6), parallel=st.integers(1, 256))
def test_cached_tokens_hold_one_whole_context(context: int, parallel: int) -> None:
    assert context <= cached_tokens(context, parallel) <= context * parallel
