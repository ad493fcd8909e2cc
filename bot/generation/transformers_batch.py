"""The continuous batch of a loaded model."""

from typing import Any

from transformers import (
    ContinuousBatchingConfig,
    ContinuousBatchingManager,
    GenerationConfig,
)

from bot.generation.requests import ModelSpec
from bot.generation.transformers_sampling import add_seeded_choice

__all__ = ["start_batch"]

PAGE_TOKENS = 64
CPU_CACHE_CONTEXTS = 4
CPU_BATCH_TOKENS = 512


def start_batch(
    model: Any, spec: ModelSpec, *, eos: list[int], context_tokens: int
) -> ContinuousBatchingManager:
    """Return a batch that runs and takes temperature, top_p and seed with a request.

    Its cache holds what the option `cache_tokens` says; else a whole context for every
    request on CUDA, and for a few of them on a CPU.
    """
    is_cuda = model.device.type == "cuda"
    contexts = spec.max_parallel
    if not is_cuda:
        contexts = min(contexts, CPU_CACHE_CONTEXTS)
    options = dict(spec.options)
    tokens = int(options.get("cache_tokens", contexts * context_tokens))
    batch: ContinuousBatchingManager = model.init_continuous_batching(
        # There have to be values: what is None here cannot come with a request.
        generation_config=GenerationConfig(  # type: ignore[no-untyped-call]
            do_sample=True, temperature=0.7, top_p=0.9, top_k=0, eos_token_id=eos
        ),
        continuous_batching_config=ContinuousBatchingConfig(
            per_request_processors=True,
            # What was computed in another batch is rounded otherwise.
            allow_block_sharing=False,
            page_size=PAGE_TOKENS,
            num_blocks=-(-tokens // PAGE_TOKENS) + spec.max_parallel,
            max_batch_tokens=None if is_cuda else CPU_BATCH_TOKENS,
            max_requests_per_batch=spec.max_parallel,
        ),
    )
    add_seeded_choice(batch)
    batch.start()
    return batch
